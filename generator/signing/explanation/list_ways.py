"""Lists as programs print or join them before they sign."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from .json_texts import escape_in_capitals, escape_like_go

Items = list[Any]
Write = Callable[[Items], str]
_BRACKETS = {("[", "]"): "brackets", ("(", ")"): "parentheses", ("{", "}"): "braces"}


def list_usual_ways() -> Iterator[tuple[str, Write]]:
    """How a list was signed, and what writes it so."""
    yield "with commas alone", partial(_join, ",")
    yield "with commas alone", partial(_join, ", ")
    yield "as `Array`", lambda _: "Array"
    yield "as Python prints it", str
    compact = partial(json.dumps, separators=(",", ":"))
    yield "as JSON", partial(compact, ensure_ascii=False)
    yield "as JSON", partial(json.dumps, ensure_ascii=False)
    yield "as JSON", json.dumps
    yield "as JSON", compact
    yield "as JSON", lambda items: compact(items).replace("/", "\\/")
    yield "as Java prints it", lambda items: f"[{_join(', ', items)}]"
    yield "with blanks alone", lambda items: f"[{_join(' ', items)}]"


def list_rare_ways() -> Iterator[tuple[str, Write]]:
    """The same for what fewer programs do."""
    joiners = {" ": "a blank", ";": "a semicolon", "; ": "a semicolon", "|": "`|`", "\n": "a line break", "": "nothing"}
    for joiner, said in joiners.items():
        yield f"with {said} between its items", partial(_join, joiner)
    for (opening, closing), brackets in _BRACKETS.items():
        for joiner in (",", ", ", ";", "|", " "):
            for mark in ("", "'", '"'):
                how = f"in {brackets}, with {_name(joiner)} between its items"
                yield (
                    how + (", each in quotation marks" if mark else ""),
                    partial(_wrap, opening, closing, joiner, mark),
                )
    for mark in ("'", '"'):
        for joiner in (",", ", ", ";", "|", " "):
            yield (
                f"with {_name(joiner)} between its items, each in quotation marks",
                partial(_wrap, "", "", joiner, mark),
            )
    compact = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    yield "as JSON", lambda items: escape_in_capitals(compact(items))
    yield "as JSON", lambda items: escape_in_capitals(json.dumps(items, ensure_ascii=False))
    yield "as Go writes JSON", lambda items: escape_like_go(compact(items))
    yield "as C# prints it", lambda _: "System.String[]"
    yield "as C# prints it", lambda _: "System.Collections.Generic.List`1[System.String]"
    yield "with its first item alone", lambda items: str(items[0]) if items else ""
    yield "with its last item alone", lambda items: str(items[-1]) if items else ""


def _name(joiner: str) -> str:
    return {" ": "a blank", ";": "a semicolon", "|": "`|`"}.get(joiner, "a comma")


def _join(joiner: str, items: Items) -> str:
    return joiner.join(map(str, items))


def _wrap(opening: str, closing: str, joiner: str, mark: str, items: Items) -> str:
    return opening + joiner.join(f"{mark}{item}{mark}" for item in items) + closing
