"""Parameter names with brackets, as Rack 2.2 parses them: `a[]=1&a[]=2` is a list, `a[k]=1` an object.

What is no such name is taken as Rack takes it: `a]` and `[a]` are `a`, `a[` is itself, and a name without anything but
brackets is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import unreadable

DEPTH = 32
NAMES = 1024  # Rack takes 4096; an operation of an API has tens
BRACKETS = 1024  # of all names together
_NAME = re.compile(r"[\[\]]*([^\[\]]+)\]*")
_PLAIN_CHILD = re.compile(r"\[\]\[([^\[\]]+)\]")
_BRACKETS = re.compile(r"[\[\]]+")


def parse_nested(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The parameters of a query or form; of a repeated name the last one wins."""
    parameters: dict[str, object] = {}
    brackets = 0
    for name, value in pairs:
        if name and "[" not in name and "]" not in name:
            parameters[name] = value
            continue
        own = max(name.count("["), name.count("]"))  # one without the other opens a level too
        if own > DEPTH:
            raise unreadable(f"A parameter name has more than {DEPTH} brackets.")
        brackets += own
        if brackets > BRACKETS:
            raise unreadable(f"The parameter names have more than {BRACKETS} brackets.")
        _insert_value(parameters, name, value)
    return parameters


def _insert_value(members: dict[str, object], name: str, value: str) -> dict[str, object]:
    """Sets the value in these members, or below them."""
    match = _NAME.match(name)
    if match is None:
        return members
    key, rest = match[1], name[match.end() :]
    if not rest:
        members[key] = value
    elif rest == "[":
        members[name] = value
    elif rest.startswith("[]"):
        items = members[key] = _as_list(members.get(key))
        _append_value(items, rest, value)
    else:
        members[key] = _insert_value(_as_object(members.get(key)), rest, value)
    return members


def _append_value(items: list[object], rest: str, value: str) -> None:
    """Appends the value, as a member of the last item if that has no such member yet."""
    if rest == "[]":
        items.append(value)
        return
    match = _PLAIN_CHILD.fullmatch(rest)
    child = match[1] if match else rest[2:]
    last = items[-1] if items else None
    if isinstance(last, dict) and not _has_member(last, child):
        _insert_value(last, child, value)
    else:
        items.append([value] if child == "[]" else _insert_value({}, child, value))


def _has_member(members: object, name: str) -> bool:
    if "[]" in name:
        return False
    for part in filter(None, _BRACKETS.split(name)):
        if not isinstance(members, dict) or part not in members:
            return False
        members = members[part]
    return True


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
