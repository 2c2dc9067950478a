"""How lists and objects of the query are written: the styles of OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_SEPARATORS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def write_query(values: Mapping[str, Any], styles: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """The parameters as they are sent; a list or object whose style says so becomes one text, or parameters of its own.

    `styles` has OpenAPI's word by parameter, with `exploded` behind it where each item or member stands alone.
    """
    for name, value in values.items():
        style, _, exploded = styles.get(name, "").partition(" ")
        if isinstance(value, dict) and style == "deepObject":
            yield from ((f"{name}[{key}]", item) for key, item in value.items())
        elif isinstance(value, dict) and style and exploded:
            yield from value.items()
        elif isinstance(value, dict) and style in _SEPARATORS:
            yield name, _join((part for pair in value.items() for part in pair), style)
        elif isinstance(value, list) and not exploded and style in _SEPARATORS:
            yield name, _join(value, style)
        else:
            yield name, value


def _join(parts: Any, style: str) -> str:
    return _SEPARATORS[style].join(map(_to_text, parts))


def _to_text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
