"""Fields of a scheme put into a request, and taken out of it again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..language.dependence import changes_own_sources
from ..language.model import Field, Placement, SigningScheme, Source
from ..transforms import decode
from .evaluation import Context, SigningError, apply_all, evaluate, write_pair
from .request import Request

_MOST_PIECES = 4  # of a value that holds the separator
_MOST_PASSES = 3
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def place_companions(context: Context) -> Context:
    """The request with all fields that do not carry the signature.

    Those of the body come first, since it may be hashed. A field that is made of what another one is put into is
    made anew; raises SigningError if that does not end.
    """
    context = _place_all(context.with_request(_make_room(context.scheme, context.request)))
    for _ in range(_MOST_PASSES if changes_own_sources(context.scheme) else 0):
        settled = _place_all(context)
        if settled.request == context.request:
            return context
        context = settled
    if changes_own_sources(context.scheme):
        raise SigningError("a field is made of what it is put into itself")
    return context


def _make_room(scheme: SigningScheme, request: Request) -> Request:
    """The request with its body as it is when the signature is taken out of it: JSON, for one, is written anew."""
    for placement in scheme.placements:
        for field in placement.fields if placement.place == "body" else ():
            if field.signs and request.has_room_for(field.name):
                request = request.with_field("body", field.name, "").without_field("body", field.name)
    return request


def _place_all(context: Context) -> Context:
    for place in ("body", "header", "query"):
        for placement in context.scheme.placements:
            if placement.place == place:
                context = _place_companions_of(context, placement)
    return context


def place_signature(context: Context) -> Request:
    """The request with the fields that carry the signature, which `context` has.

    Each is made of the request as it was signed, whatever other fields the signature stands in.
    """
    request = context.request
    for placement in context.scheme.placements:
        if placement.place == "fields":
            request = _with_header(request, placement.header, _write_header(placement, context))
        else:
            for field in placement.fields:
                text = field_text(field, context) if field.signs else ""
                if field.signs and (text or not field.optional):
                    request = _with_field(request, placement, field.name, text)
    return request


def remove_signature(scheme: SigningScheme, request: Request) -> Request:
    """The request without what carries the signature: what its signer had when he signed."""
    for placement in scheme.placements:
        if placement.place == "fields":
            request = request.without_header(placement.header)
        for field in placement.fields:
            if field.signs and placement.place == "header":
                request = request.without_header(field.name)
            elif field.signs and placement.place != "fields":
                for place in placement.accept:
                    request = request.without_field(place, field.name)
    return request


def field_text(field: Field, context: Context) -> str:
    """The text of a field."""
    return decode(evaluate(field.part, context))


def texts_in(placement: Placement, request: Request) -> dict[str, list[str]]:
    """The texts of the placement's fields in a request, by name; each may stand there more than once."""
    if placement.place == "fields":
        return _fields_of_header(placement, request)
    names = [field.name for field in placement.fields]
    if placement.place == "header":
        return {name: [text.strip(" \t") for text in request.header(name)] for name in names}
    found: dict[str, list[str]] = {name: [] for name in names}
    for place in placement.accept:  # the first place that has a name counts
        for name in [name for name in names if not found[name]]:
            found[name] = [
                value if isinstance(value, str) else str(value) for value in request.values_named(place, name)
            ]
    return found


def _place_companions_of(context: Context, placement: Placement) -> Context:
    for field in placement.fields:
        if field.signs:
            continue
        text = field_text(field, context)
        if text or not field.optional:
            context = context.with_request(_with_field(context.request, placement, field.name, text))
    return context


def _with_field(request: Request, placement: Placement, name: str, text: str) -> Request:
    if placement.place == "header":
        return _with_header(request, name, text)
    if _is_broken(text):
        raise SigningError(f"the field {name} would hold half a character, which cannot be sent")
    if placement.place == "body" and not request.has_room_for(name):
        if request.has_members:
            raise SigningError(f"the field {name} cannot be put there: what it would lie in is no JSON object")
        raise SigningError(f"the field {name} cannot be put into a body that is neither a form nor a JSON object")
    return request.with_field(placement.place, name, text)


def _with_header(request: Request, name: str, text: str) -> Request:
    if _is_broken(text) or _CONTROL.search(text):
        raise SigningError(f"the header {name} would hold a line break or another character that no header can hold")
    if text != text.strip(" \t"):
        raise SigningError(f"the header {name} would begin or end with a blank, which gets lost on its way")
    return request.with_header(name, text)


def _is_broken(text: str) -> bool:
    """Whether the text has half of a pair of surrogates, or a byte that is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _write_header(placement: Placement, context: Context) -> str:
    """A header of fields; raises SigningError if a verifier could not tell them apart."""
    texts = [(field, field_text(field, context)) for field in placement.fields]
    sent = [(field.name, text) for field, text in texts if text or not field.optional]
    fields = placement.separator.join(
        write_pair(placement.pair, name, apply_all(placement.values, text)) for name, text in sent
    )
    borders = [placement.separator.strip(), *(piece for piece in placement.pair if isinstance(piece, str))]
    is_unclear = any(border and border in text for border in borders for _, text in sent)
    if is_unclear and [*_split_fields(placement, fields)] != sent:
        raise SigningError(f"a value holds what parts the fields of the header {placement.header}")
    return f"{placement.word} {fields}" if placement.word else fields


def _fields_of_header(placement: Placement, request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for header in request.header(placement.header):
        word, _, rest = header.strip().partition(" ") if placement.word else ("", "", header)
        if word.lower() == placement.word.lower():
            for name, value in _split_fields(placement, rest):
                found.setdefault(name, []).append(value)
    return found


def _split_fields(placement: Placement, text: str) -> Iterator[tuple[str, str]]:
    """The names and values of a header of fields; what is not written so is left out."""
    separator = placement.separator.strip() or placement.separator
    has_names = any(isinstance(piece, Source) and piece.kind == "name" for piece in placement.pair)
    found = list(_read_items(placement, text.split(separator) if separator else [text], separator))
    if not has_names:  # they are known by their order
        names = [field.name for field in placement.fields]
        found = (
            [(name, value) for name, (_, value) in zip(names, found, strict=False)] if len(names) == len(found) else []
        )
    for name, value in found:
        try:
            yield name, _undo(placement, value)
        except (ValueError, UnicodeError):
            continue


def _read_items(placement: Placement, items: list[str], separator: str) -> Iterator[tuple[str, str]]:
    """The pairs; the separator may stand in a value, if the pair ends with a text, such as a quotation mark."""
    at = 0
    while at < len(items):
        for length in range(1, _MOST_PIECES + 1):
            field = _read_pair(placement.pair, separator.join(items[at : at + length]).strip())
            if field is not None:
                yield field
                break
        at += length if field is not None else 1


def _undo(placement: Placement, value: str) -> str:
    for step in reversed(placement.values):
        value = decode(step.undo(value)) if step.undo else value
    return value


def _read_pair(pair: tuple[str | Source, ...], text: str) -> tuple[str, str] | None:
    values: dict[str, str] = {}
    for index, piece in enumerate(pair):
        if isinstance(piece, str):
            if not text.startswith(piece):
                return None
            text = text[len(piece) :]
        else:
            following = pair[index + 1] if index + 1 < len(pair) else ""
            end = _end_of(text, following if isinstance(following, str) else "", last=index + 2 >= len(pair))
            if end < 0:
                return None
            values[piece.kind], text = text[:end], text[end:]
    return (values.get("name", ""), values.get("value", "")) if not text else None


def _end_of(text: str, following: str, *, last: bool) -> int:
    """Where a value ends: at the text that follows it, the last of it at the end."""
    if not following:
        return len(text)
    return text.rfind(following) if last else text.find(following)
