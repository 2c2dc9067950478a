"""The error catalogue of one version as an enum."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ir import Api
from generator.layers.client.docstrings import wrap
from generator.names import constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the enum: its name, its text, what it means, and its docstring."""

    name: str
    code: str
    statuses: tuple[int, ...]
    meaning: str
    hint: str
    about: str


def code_members(api: Api) -> tuple[Member, ...]:
    """A member for each code, in the order of the description; loading refused names that clash."""
    return tuple(
        Member(
            name=constant(error.code),
            code=error.code,
            statuses=error.statuses,
            meaning=error.meaning,
            hint=error.hint,
            about=wrap(f"{' or '.join(map(str, error.statuses))}: {error.meaning} {error.hint}"),
        )
        for error in api.errors
    )
