"""An example of a filter or an order that fits the columns of its list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from generator.ir import Filter, Frozen

_BY_TYPE: Mapping[str, Frozen] = {"integer": 1, "boolean": True, "date-time": "2025-02-01"}


def fitted(rule: Filter | None, name: str, value: Frozen) -> Frozen:
    """The documented value of a parameter, unless it names columns that the list has not."""
    if rule is not None and name == rule.filter and rule.columns:
        first = rule.columns[0]
        own: Frozen = {first.name: {first.operators[0]: _BY_TYPE.get(first.type, "Example")}}
        return value if _columns(value) <= {column.name for column in rule.columns} else _text(own)
    if rule is not None and name == rule.sort and rule.sortable:
        return value if _columns(value) <= {*rule.sortable} else _text([{rule.sortable[0]: "asc"}])
    return value


def _columns(value: Frozen) -> set[str]:
    try:
        return set(_names(json.loads(str(value))))
    except ValueError:
        return set()


def _names(data: object) -> Iterator[str]:
    for one in data if isinstance(data, list) else [data]:
        yield from one if isinstance(one, dict) else ()


def _text(data: Frozen) -> str:
    return json.dumps(data, separators=(",", ":"))
