"""What a verifier can read out of a field: the pieces that it is made of, each up to the text that follows it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from .members import BROKEN_POINTER, lie_within, steps_of
from .model import Group, Part, Placement, SigningScheme, Source, Text
from .problems import Problem, Where

Piece = str | Source | Part
_BLANKS = " \t"
_DEEPEST = 24  # objects that a member of JSON lies in


def pieces_of(scheme: SigningScheme, part: Part) -> list[Piece]:
    """The pieces of a part, its transforms and the text before it aside.

    A Part is text that has to be undone before it is read, or that something stands before.
    """
    form = part.form
    if isinstance(form, Group):
        joiners = [[form.joiner] if form.joiner and index else [] for index in range(len(form.parts))]
        return [
            piece
            for one, joiner in zip(form.parts, joiners, strict=True)
            for piece in (*joiner, *_open_part(scheme, one))
        ]
    if isinstance(form, Text):
        return [piece for one in form.pieces for piece in _expand_value(scheme, one)]
    return _expand_value(scheme, form) if isinstance(form, Source) else []


def _expand_value(scheme: SigningScheme, piece: str | Source) -> list[Piece]:
    """The pieces of a named value, if it can be read; else the piece."""
    if isinstance(piece, str) or piece.kind != "value":
        return [piece]
    part = scheme.values[piece.name]
    return _open_part(scheme, part) if _is_readable(part) else [piece]


def _open_part(scheme: SigningScheme, part: Part) -> list[Piece]:
    return [part] if part.transforms or part.before or not _is_readable(part) else pieces_of(scheme, part)


def _is_readable(part: Part) -> bool:
    return isinstance(part.form, Group | Text | Source) and _is_always_there(part) and _is_undone(part)


def _is_always_there(part: Part) -> bool:
    return not part.only_with_body and not part.only_without


def _is_undone(part: Part) -> bool:
    return all(step is not None and step.undo is not None for step in part.transforms)


def readable_sources(scheme: SigningScheme, part: Part) -> frozenset[Source]:
    """The sources whose texts a verifier reads out of a part."""
    if not _is_undone(part):
        return frozenset()
    found: set[Source] = set()
    for piece in pieces_of(scheme, part):
        if isinstance(piece, Source):
            found.add(piece)
        elif isinstance(piece, Part):
            found |= readable_sources(scheme, piece)
    return frozenset(found)


def check_fields(scheme: SigningScheme) -> Iterator[Problem]:
    """Every field can be read back, and the signature is in one that can."""
    yield from _check_names(scheme)
    yield from _check_members(scheme)
    for index, placement in enumerate(scheme.placements):
        where: Where = ("placement", index)
        yield from list(_check_pair(placement, where)) or _check_splitting(scheme, placement, where)
        for field in placement.fields:
            at = (*where, "fields", field.name)
            if placement.place == "header" and _has_blank_end(scheme, field.part):
                yield Problem(at, "a header loses blanks at its ends", "leave them out")
            if any(_stand_side_by_side(scheme, field.part)):
                message = "two values stand side by side: nobody could tell where the first one ends"
                yield Problem(at, message, "put a text between them, or send them in two fields")
            elif field.signs and Source("signature") not in readable_sources(scheme, field.part):
                message = "the signature cannot be read from this field: a transform cannot be undone"
                yield Problem(at, message, "write its form as `digest`, and send it as it is")


def _check_names(scheme: SigningScheme) -> Iterator[Problem]:
    """No header, and no name of the query or the body, is written twice: the second would replace the first."""
    taken: set[tuple[str, str]] = set()
    for index, placement in enumerate(scheme.placements):
        where: Where = ("placement", index)
        is_header = placement.place in ("header", "fields")
        names = [placement.header] if placement.place == "fields" else [field.name for field in placement.fields]
        for name in names:
            written = ("header", name.lower()) if is_header else (placement.place, name)
            if written in taken:
                message = f"{name} is written into the {written[0]} twice: the second one would replace the first"
                at = (*where, "fields", name) if placement.place != "fields" else where
                yield Problem(at, message, "write all that it holds at one place, or use another name")
            taken.add(written)


def _check_members(scheme: SigningScheme) -> Iterator[Problem]:
    """Each JSON Pointer leads to a member, and no field is written into another one."""
    written: list[str] = []
    for index, placement in enumerate(scheme.placements):
        for name in [field.name for field in placement.fields] if placement.place == "body" else ():
            where: Where = ("placement", index, "fields", name)
            around = next((own for own in written if own != name and lie_within(own, name)), None)
            if BROKEN_POINTER.match(name):
                hint = "write `~0` for a `~` of a name, and `~1` for a `/`"
                yield Problem(where, f"{name!r} leads to no member of JSON: a `~` stands alone in it", hint)
            elif len(steps_of(name)) > _DEEPEST:
                yield Problem(where, f"it lies in more than {_DEEPEST} objects", "use one that is not so deep")
            elif around is not None:
                yield Problem(where, f"one of {around} and {name} lies within the other one", "use two other names")
            written.append(name)


def _check_pair(placement: Placement, where: Where) -> Iterator[Problem]:
    """The fields of one header can be told apart."""
    kinds = [piece.kind for piece in placement.pair if isinstance(piece, Source)]
    optional = any(field.optional for field in placement.fields)
    if placement.place != "fields":
        return
    if "value" not in kinds:
        yield Problem((*where, "pair"), "the values of the fields are not sent", "write {value} in the pair")
    elif any(isinstance(one, Source) and isinstance(other, Source) for one, other in pairwise(placement.pair)):
        message = "name and value stand side by side: nobody could tell where the first one ends"
        yield Problem((*where, "pair"), message, "put a text between them, such as {name}={value}")
    elif "name" not in kinds and (optional or not placement.separator):
        message = "without names, fields are known by their order: none can be left out, and a text parts them"
        yield Problem((*where, "pair"), message, "write {name} in the pair")
    elif any(step.undo is None for step in placement.values):
        message = "the values of this header cannot be read back: a transform cannot be undone"
        yield Problem((*where, "values"), message, "use percent-encode, form-encode, base64 or hex")


def _check_splitting(scheme: SigningScheme, placement: Placement, where: Where) -> Iterator[Problem]:
    """No text of a field holds what it is split at."""
    clause, splitter = "several", placement.several
    if placement.place == "fields":
        ends = bool(placement.pair) and isinstance(placement.pair[-1], str)  # then it may hold the separator
        clause, splitter = "separator", "" if ends else placement.separator.strip() or placement.separator
    for field in placement.fields:
        texts = _fixed_texts(scheme, field.part) if clause == "separator" or field.signs else ()
        is_encoded = clause == "separator" and placement.values
        if splitter and not is_encoded and any(splitter in text for text in texts):
            message = f"the text of {field.name} holds the {clause} {splitter!r}: nobody could tell where it ends"
            yield Problem(
                (*where, clause) if clause == "several" else (*where, "fields", field.name),
                message,
                "use another one, or end the pair with a quotation mark",
            )


def _has_blank_end(scheme: SigningScheme, part: Part) -> bool:
    first, last = _text_at(scheme, part, 0), _text_at(scheme, part, -1)
    return first != first.lstrip(_BLANKS) or last != last.rstrip(_BLANKS)


def _text_at(scheme: SigningScheme, part: Part, end: Literal[0, -1]) -> str:
    """The constant text at the beginning or the end of a part, if one stands there."""
    if part.transforms:
        return ""
    if part.before and end == 0:
        return part.before
    pieces = pieces_of(scheme, part)
    piece = pieces[end] if pieces else ""
    if isinstance(piece, Part):
        return _text_at(scheme, piece, end)
    return piece if isinstance(piece, str) else ""


def _fixed_texts(scheme: SigningScheme, part: Part) -> Iterator[str]:
    """What always stands in the text of a part; of a moment, its format."""
    if part.before and not part.transforms:
        yield part.before
    for piece in pieces_of(scheme, part) if not part.transforms else ():
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Part):
            yield from _fixed_texts(scheme, piece)
        elif piece == Source("timestamp") and scheme.timestamp is not None:
            yield scheme.timestamp.format


def _stand_side_by_side(scheme: SigningScheme, part: Part) -> Iterator[bool]:
    pieces = pieces_of(scheme, part)
    yield any(not isinstance(one, str) and not isinstance(other, str) for one, other in pairwise(pieces))
    for piece in pieces:
        if isinstance(piece, Part):
            yield from _stand_side_by_side(scheme, piece)
