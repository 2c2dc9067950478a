"""Parameter names with brackets, as Rails parses them: `a[]=1&a[]=2` is a list, `a[k]=1` an object."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import unreadable

DEPTH = 32
NAMES = 4096  # as many as Rack takes
BRACKETS = 2048  # of all names together
_NESTED = re.compile(r"([^\[]+)\[((?:[^\[\]]*\]\[)*[^\[\]]*)\]")


def parse_nested(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The parameters of a query or form; of a repeated name the last one wins."""
    parameters: dict[str, object] = {}
    brackets = 0
    for name, value in pairs:
        if "[" not in name:
            parameters[name] = value
            continue
        head, keys = _split(name)
        if len(keys) > DEPTH:
            raise unreadable(f"A parameter name has more than {DEPTH} brackets.")
        brackets += len(keys)
        if brackets > BRACKETS:
            raise unreadable(f"The parameter names have more than {BRACKETS} brackets.")
        parameters[head] = _insert_value(parameters.get(head), keys, value)
    return parameters


def _split(name: str) -> tuple[str, list[str]]:
    match = _NESTED.fullmatch(name)
    return (match[1], match[2].split("][")) if match else (name, [])


def _insert_value(current: object, keys: list[str], value: str) -> object:
    if not keys:
        return value
    if keys[0] == "":
        return _append_value(_as_list(current), keys[1:], value)
    members = _as_object(current)
    members[keys[0]] = _insert_value(members.get(keys[0]), keys[1:], value)
    return members


def _append_value(items: list[object], keys: list[str], value: str) -> list[object]:
    last = items[-1] if items else None
    if keys and isinstance(last, dict) and keys[0] not in last:
        _insert_value(last, keys, value)
        return items
    items.append(_insert_value(None, keys, value))
    return items


def _as_list(current: object) -> list[object]:
    if current is None:
        return []
    if isinstance(current, list):
        return current
    raise unreadable("A parameter is sent both as a list and as something else.")


def _as_object(current: object) -> dict[str, object]:
    if current is None:
        return {}
    if isinstance(current, dict):
        return current
    raise unreadable("A parameter is sent both as an object and as something else.")
