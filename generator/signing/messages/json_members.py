"""Members of a JSON object written and taken away by their JSON Pointer (RFC 6901)."""

from __future__ import annotations

import copy
import re
from typing import Any

from ..language.members import steps_of

INDEX = re.compile("0|[1-9][0-9]{0,5}", re.ASCII)  # of an item of a list


def with_member(members: Any, pointer: str, value: str) -> dict[str, object]:
    """A copy of the object with a text at that JSON Pointer; as it was if there is no room for it."""
    copied = copy.deepcopy(members)
    holder = find_holder(copied, pointer)
    if holder is not None:
        holder[steps_of(pointer)[-1]] = value
    return copied  # type: ignore[no-any-return]  # the kind that came in


def without_member(members: Any, pointer: str) -> dict[str, object]:
    """A copy of the object without the member at that JSON Pointer; what it lay in stays."""
    copied = copy.deepcopy(members)
    holder = find_holder(copied, pointer)
    if holder is not None:
        holder.pop(steps_of(pointer)[-1], None)
    return copied  # type: ignore[no-any-return]  # the kind that came in


def find_holder(members: Any, pointer: str) -> dict[str, object] | None:
    """The object that a member lies in, made where it is missing; None where something else stands there."""
    holder = members
    for name in steps_of(pointer)[:-1]:
        if isinstance(holder, dict):
            holder = holder.setdefault(name, {})
        elif isinstance(holder, list) and INDEX.fullmatch(name) and int(name) < len(holder):
            holder = holder[int(name)]
        else:
            return None
    return holder if isinstance(holder, dict) else None
