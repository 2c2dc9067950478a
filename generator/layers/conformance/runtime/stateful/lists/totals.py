"""What a list says of itself: how many items it has and on how many pages, in a header or in a member beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from procwise_conformance.description import Schema

from ...api import Json, Operation
from ..check_run import Exchange

# Of the list; of the list or of the page that it stands on, which the name does not say; pages of the list.
Kind = Literal["items", "items or page", "pages"]

_WORDS = ("", "count", "items", "results", "elements", "records", "entries", "objects", "hits", "rows")
_ITEMS = {*(f"total{word}" for word in _WORDS), "counttotal", "grandtotal", "overalltotal", "numfound", "odatacount"}
_UNCLEAR = {f"{word}count" for word in ("", "item", "items", "result", "results", "record", "records", "element")}
_PAGES = {"totalpages", "pagestotal", "pagecount", "pagescount", "numpages"}
_PREFIXES = re.compile(r"^(?:x(?:wp)?)?(?:pagination|paging|list)?")
_RANGE = re.compile(r"\S+ (?:\d+-\d+|\*)/(\d+)")
_NUMBER = re.compile(r"\d{1,15}")
_DEEPEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A number that a list says of itself, and where; whether the description names that place."""

    kind: Kind
    place: str
    value: int
    described: bool


def find_total(page: Exchange) -> int | None:
    """How many items the list has, as a described header or a member beside the items says; None if none does."""
    return next((one.value for one in list_totals(page) if one.kind == "items"), None)


def promises_total(operation: Operation) -> bool:
    """Whether the description names a header or member for the number of items."""
    schema = operation.success.schema
    members = schema.resolve().properties if schema is not None else ()
    inner = [one for each in members if each.name != operation.wrapper for one in each.schema.resolve().properties]
    names = [one.name for one in operation.success.headers] + [one.name for one in (*members, *inner)]
    return any(_find_kind(name, operation) for name in names)


def list_totals(page: Exchange) -> Iterator[Total]:
    """All that a page says of its list."""
    operation = page.operation
    described = {one.name.lower() for one in operation.success.headers}
    for name, text in page.response.headers.items():
        value = _read_header(name, text)
        if value is not None and (kind := _find_kind(name, operation)):
            yield Total(kind=kind, place=f"header {name}", value=value, described=name.lower() in described)
    if isinstance(page.response.json, dict):
        yield from _list_members(page.response.json, operation.success.schema, operation, "")


def _list_members(members: Mapping[str, Json], schema: Schema | None, operation: Operation, above: str,
                  depth: int = 0) -> Iterator[Total]:  # fmt: skip
    for name, value in members.items():
        inner, kind = schema.unwrap(name) if schema is not None else None, _find_kind(name, operation)
        number = _read_number(value)
        if kind and number is not None:
            yield Total(kind=kind, place=f"member {above}{name}", value=number, described=inner is not None)
        elif isinstance(value, dict) and depth < _DEEPEST and name != operation.wrapper:
            yield from _list_members(value, inner, operation, f"{above}{name}.", depth + 1)


def _read_header(name: str, text: str) -> int | None:
    if name.lower() == "content-range":
        found = _RANGE.fullmatch(text.strip())
        return int(found[1]) if found else None
    return _read_number(text.strip())


def _read_number(value: Json) -> int | None:
    """A whole number, also as a text."""
    return int(str(value)) if isinstance(value, int | str) and _NUMBER.fullmatch(str(value)) else None


def _find_kind(name: str, operation: Operation) -> Kind | None:
    """What a name says of the list; None if it says nothing, or is that of a parameter that is sent back."""
    if name.lower() == "content-range":
        return "items"
    plain = _PREFIXES.sub("", _plain(name), count=1)
    if plain in {_plain(one.name) for one in operation.in_("query")}:
        return None
    own = {_plain(word) for word in (operation.wrapper, operation.path.rpartition("/")[2]) if word}
    if plain in _ITEMS or plain in {f"total{word}" for word in own} | {f"{word}total" for word in own}:
        return "items"
    if plain in _PAGES:
        return "pages"
    return "items or page" if plain in _UNCLEAR | {f"{word.removesuffix('s')}count" for word in own} else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
