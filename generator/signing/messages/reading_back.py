"""What a signed request says about itself: key id, timestamp, nonce, settings, signatures.

A field is text with sources in it. It is read from left to right, each source up to the text that
follows it: once, without trying again, so that a hostile text costs no more than another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..language.model import Field, Parameters, Part, Placement, SigningScheme, Source
from ..language.readable import Piece, pieces_of
from ..transforms import decode
from .placement import texts_in
from .request import Request

RefusalReason = Literal["companion", "malformed", "missing", "nonce", "signature", "stale", "timestamp"]


class SignatureRefused(ValueError):
    """The request is not signed as the scheme says. `field` is what it is about."""

    def __init__(self, reason: RefusalReason, message: str, field: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a request says. Credentials are those that are sent, such as the key id; never the secret."""

    timestamp: str = ""
    nonce: str = ""
    signatures: tuple[str, ...] = ()
    credentials: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    header_names: tuple[str, ...] | None = None


def read_claims(scheme: SigningScheme, request: Request, *, lenient: bool = False) -> Claims:
    """What the request says; raises SignatureRefused if a field is missing or not written as it must be.

    If it is `lenient`, such a field counts as one that says nothing.
    """
    found: dict[Source, str] = {}
    signatures: list[str] = []
    for placement in scheme.placements:
        texts = texts_in(placement, request)
        for one in placement.fields:
            try:
                for values in _read_field(scheme, placement, one, texts.get(one.name, [])):
                    signatures += [text for source, text in values if source.kind == "signature"]
                    _keep(found, values, one)
            except SignatureRefused:
                if not lenient:
                    raise
    return _claims(scheme, found, tuple(signatures))


def _claims(scheme: SigningScheme, found: Mapping[Source, str], signatures: tuple[str, ...]) -> Claims:
    lists = (
        tuple(name for name in text.removeprefix(before).lower().split(separator) if name)
        for source, text in found.items()
        for before, separator in _marks_of_names(scheme, source)
    )
    return Claims(
        timestamp=found.get(Source("timestamp"), ""),
        nonce=found.get(Source("nonce"), ""),
        signatures=signatures,
        credentials={source.name: text for source, text in found.items() if source.kind == "credential"},
        settings={source.name: text for source, text in found.items() if source.kind == "setting"},
        header_names=next(lists, None),
    )


def _marks_of_names(scheme: SigningScheme, source: Source) -> Iterator[tuple[str, str]]:
    """The text before them and the separator, if the source is the list of the signed headers' names."""
    part = scheme.values[source.name] if source.kind == "value" else None
    form = part.form if part is not None else None
    if part is None or not isinstance(form, Parameters) or not form.separator:
        return
    if form.sources == ("headers",) and form.pair == (Source("name"),):
        yield part.before, form.separator


def _keep(found: dict[Source, str], values: list[tuple[Source, str]], one: Field) -> None:
    for source, text in values:
        if source.kind != "signature" and found.setdefault(source, text) != text:
            raise SignatureRefused("malformed", f"{one.name} says something else than another field", one.name)


def _read_field(
    scheme: SigningScheme, placement: Placement, one: Field, texts: list[str]
) -> Iterator[list[tuple[Source, str]]]:
    """The sources of a field with their texts, once for each time that the field stands there."""
    if not texts:
        if one.optional:
            return
        raise SignatureRefused("missing", f"{one.name} is missing", one.name)
    if placement.several and one.signs:
        texts = _split_several(placement, texts)
    elif len(texts) > 1:
        raise SignatureRefused("malformed", f"{one.name} stands there {len(texts)} times", one.name)
    read = [values for values in (read_part(scheme, one.part, text) for text in texts) if values is not None]
    if not read:
        raise SignatureRefused("malformed", f"{one.name} is not written as the scheme says", one.name)
    yield from read


def _split_several(placement: Placement, texts: list[str]) -> list[str]:
    if placement.place == "fields":
        return texts
    return [text for whole in texts for text in whole.split(placement.several) if text]


def read_part(scheme: SigningScheme, part: Part, text: str) -> list[tuple[Source, str]] | None:
    """The sources of a part and their texts, if the text can be what the part makes."""
    if (part.only_with_body or part.only_without) and not text:
        return []
    for step in reversed(part.transforms):
        if step is None or step.undo is None:
            return []  # a hash cannot be read; it is computed again and compared
        try:
            text = decode(step.undo(text))
        except (ValueError, UnicodeError):
            return None
    if part.before and text:
        if not text.startswith(part.before) or text == part.before:
            return None
        text = text.removeprefix(part.before)
    return _match(scheme, pieces_of(scheme, part), text)


def _match(scheme: SigningScheme, pieces: list[Piece], text: str) -> list[tuple[Source, str]] | None:
    found: list[tuple[Source, str]] = []
    for index, piece in enumerate(pieces):
        if isinstance(piece, str):
            if not text.startswith(piece):
                return None
            text = text[len(piece) :]
            continue
        following = pieces[index + 1] if index + 1 < len(pieces) else ""
        last = index + 2 >= len(pieces)
        end = _end_of(text, following if isinstance(following, str) else "", last=last)
        inner = _read_piece(scheme, piece, text[:end]) if end >= 0 else None
        if inner is None:
            return None
        found += inner
        text = text[end:]
    return found if not text or not pieces else None


def _read_piece(scheme: SigningScheme, piece: Source | Part, text: str) -> list[tuple[Source, str]] | None:
    return [(piece, text)] if isinstance(piece, Source) else read_part(scheme, piece, text)


def _end_of(text: str, following: str, *, last: bool) -> int:
    if not following:
        return len(text)
    return len(text) - len(following) if last and text.endswith(following) else -1 if last else text.find(following)
