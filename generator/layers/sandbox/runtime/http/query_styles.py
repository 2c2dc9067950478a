"""Lists and objects of the query, in the styles of OpenAPI: `a=1&a=2`, `a=1,2`, `a=k,1`, JSON in one parameter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from procwise_sandbox.description import Parameter

_SEPARATORS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryStyle:
    """How one parameter is written. `separator` is between its items, none if each stands alone; `members` are those
    of an object whose members stand alone."""

    is_list: bool = False
    is_json: bool = False
    separator: str = ""
    members: tuple[str, ...] = ()


def find_styles(parameters: Sequence[Parameter]) -> dict[str, QueryStyle]:
    """The styles of those parameters that are no single texts; objects with brackets are parsed with their names."""
    found = ((one.name, _style_of(one)) for one in parameters)
    return {name: style for name, style in found if style is not None}


def _style_of(parameter: Parameter) -> QueryStyle | None:
    schema = parameter.schema.canonical
    style, _, exploded = parameter.style.partition(" ")
    if "/" in parameter.style:
        return QueryStyle(is_json=True)
    if style not in _SEPARATORS or schema.types not in (("array",), ("object",)):
        return None
    separator = "" if exploded else _SEPARATORS[style]
    if schema.types == ("array",):
        return QueryStyle(is_list=True, separator=separator)
    return QueryStyle(separator=separator, members=tuple(member.name for member in schema.properties))


def read_styled(pairs: Sequence[tuple[str, str]], styles: Mapping[str, QueryStyle]) -> Iterator[tuple[str, object]]:
    """The values that the pairs of a query give for these parameters."""
    for name, style in styles.items():
        texts = [text for own, text in pairs if own == name]
        if style.members and not style.separator:
            members = {own: text for own, text in pairs if own in style.members}
            yield from ((name, members),) if members else ()
        elif texts:
            yield name, _read(texts, style)


def _read(texts: list[str], style: QueryStyle) -> object:
    if style.is_json:
        with suppress(ValueError, RecursionError):
            return json.loads(texts[-1])
        return texts[-1]
    items = texts[-1].split(style.separator) if style.separator else texts
    if style.is_list:
        is_json = len(texts) == 1 and texts[0].startswith("[")  # as it is signed
        return texts[0] if is_json else items
    return dict(zip(items[::2], items[1::2], strict=False))
