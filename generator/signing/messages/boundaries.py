"""Changes that a message may not show: a joiner inside of a value, a character that moves to the part before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from string import ascii_letters, digits
from urllib.parse import quote, unquote_plus

from ..language.model import Group, Parameters, Part, SigningScheme, Source
from ..orders import sort_pairs
from .evaluation import write_parameter
from .request import Request

Change = Callable[[Request], Request | None]
_LEFT = ("path", "query", "target", "uri")
_SAFE = ascii_letters + digits + "-._~=&"


def boundary_changes(scheme: SigningScheme) -> Mapping[str, Change]:
    """By name, what makes another request of a signed one, and the same message if no joiner is escaped."""
    parts = list(_all_parts(scheme))
    placed = frozenset(field.name for placement in scheme.placements for field in placement.fields)
    sets = [part.form for part in parts if isinstance(part.form, Parameters)]
    beside = [pair for part in parts if isinstance(part.form, Group) for pair in _neighbours(part.form)]
    merging = [_merge_two(form, place, placed) for form in sets for place in form.sources if isinstance(place, str)]
    moving = [_move_character(left, right) for left, right in beside]
    return {"joined parameters": _first_of(merging), "shifted parts": _first_of(moving)}


def _first_of(changes: list[Change]) -> Change:
    return lambda request: next((one for one in (change(request) for change in changes) if one is not None), None)


def _all_parts(scheme: SigningScheme) -> Iterator[Part]:
    """The message, and all parts in it."""
    todo = [scheme.message]
    while todo:
        part = todo.pop(0)
        yield part
        if isinstance(part.form, Group):
            todo += part.form.parts
        elif isinstance(part.form, Source) and part.form.kind == "value":
            todo.append(scheme.values[part.form.name])


def _merge_two(form: Parameters, place: str, placed: frozenset[str]) -> Change:
    def merge(request: Request) -> Request | None:
        """Two parameters that are signed side by side as one, whose value has the joiner in it."""
        if place not in ("query", "body", "form") or (place != "query" and request.media_type.endswith("json")):
            return None
        text = request.query if place == "query" else request.body.decode("utf-8", "surrogateescape")
        items = [item for item in text.split("&") if item]
        decoded = {(unquote_plus(i.partition("=")[0]), unquote_plus(i.partition("=")[2])): i for i in items}
        for (name, value), other in pairwise(sort_pairs(list(decoded), form.order)):
            if name not in placed and other[0] not in placed and len(decoded) == len(items):
                joined = value + form.separator + write_parameter(form, *other)
                new = f"{quote(name, safe='')}={quote(joined, safe='')}"
                kept = [new if i == decoded[name, value] else i for i in items if i != decoded[other]]
                return _with_text(request, place, "&".join(kept))
        return None

    return merge


def _with_text(request: Request, place: str, text: str) -> Request:
    if place == "query":
        return replace(request, query=text)
    return replace(request, body=text.encode("utf-8", "surrogateescape")).without_header("Content-Length")


def _neighbours(group: Group) -> Iterator[tuple[str, str]]:
    """The sources of parts with nothing between them."""
    for left, right in pairwise(group.parts) if not group.joiner else ():
        if isinstance(left.form, Source) and isinstance(right.form, Source):
            yield left.form.kind, right.form.kind


def _move_character(left: str, right: str) -> Change:
    def move(request: Request) -> Request | None:
        """The first character of one part at the end of the other."""
        if left not in _LEFT or right not in ("query", "body"):
            return None
        text = request.query if right == "query" else request.body[:1].decode("latin-1")
        if not text or text[0] not in _SAFE:
            return None
        shorter = (
            replace(request, query=text[1:])
            if right == "query"
            else replace(request, body=request.body[1:]).without_header("Content-Length")
        )
        if left == "query" or (left != "path" and request.query):
            return replace(shorter, query=shorter.query + text[0])
        return replace(shorter, path=shorter.path + text[0])

    return move
