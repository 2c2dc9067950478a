"""Members of a JSON body, each by its name or, if it lies deeper, by its JSON Pointer (RFC 6901)."""

from __future__ import annotations

import re

BROKEN_POINTER = re.compile(r"/.*~(?![01])", re.DOTALL)


def steps_of(name: str) -> list[str]:
    """The names and numbers that lead to a member: one for a member at the top."""
    tokens = name.split("/")[1:] if name.startswith("/") else []
    return [token.replace("~1", "/").replace("~0", "~") for token in tokens] or [name]


def lie_within(one: str, other: str) -> bool:
    """Whether two names are those of one member, or one of them lies within the other one."""
    shorter, longer = sorted((steps_of(one), steps_of(other)), key=len)
    return longer[: len(shorter)] == shorter
