"""The error catalogue of one version as an enum."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ir import Api
from generator.layers.client.wording import wrap
from generator.names import constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the enum: its name, the arguments of its constructor, and its docstring."""

    name: str
    arguments: tuple[object, ...]
    about: str


def code_members(api: Api) -> tuple[Member, ...]:
    """A member for each code, in the order of the description; loading refused names that clash."""
    return tuple(
        Member(
            name=constant(error.code),
            arguments=(error.code, error.statuses, error.meaning, error.hint),
            about=wrap(f"{' or '.join(map(str, error.statuses))}: {error.meaning} {error.hint}"),
        )
        for error in api.errors
    )
