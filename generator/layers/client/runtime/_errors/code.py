"""The base class of each version's `ErrorCode`: error codes that know what they mean."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Meaning(NamedTuple):
    """What the description says of an error code; `hint` may be empty."""

    statuses: tuple[int, ...]
    meaning: str
    hint: str


class Code(StrEnum):
    """An error code, equal to its text."""

    @property
    def _meaning(self) -> Meaning:
        raise NotImplementedError

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses of the responses that have this code."""
        return self._meaning.statuses

    @property
    def meaning(self) -> str:
        """What the code means, in a plain sentence."""
        return self._meaning.meaning

    @property
    def hint(self) -> str:
        """What the caller can do; empty if the description does not say."""
        return self._meaning.hint


def document_members(codes: type[Code]) -> None:
    """Give each member its meaning as docstring, for `help()`."""
    for member in codes:
        member.__doc__ = member.meaning


def find_code(codes: type[Code] | None, text: str) -> str:
    """The member of the enum that equals the text, or the text itself if there is none."""
    try:
        return codes(text) if codes is not None else text
    except ValueError:
        return text
