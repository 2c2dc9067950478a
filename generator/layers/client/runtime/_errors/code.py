"""The base class of each version's `ErrorCode`: error codes that know what they mean."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """An error code, equal to its text.

    `statuses` are the statuses of its responses, `meaning` is a plain sentence, `hint` says
    what the caller can do and may be empty.
    """

    statuses: tuple[int, ...]
    meaning: str
    hint: str

    def __new__(cls, code: str, statuses: tuple[int, ...], meaning: str, hint: str) -> Code:
        member = str.__new__(cls, code)
        member._value_ = code
        member.statuses = statuses
        member.meaning = member.__doc__ = meaning
        member.hint = hint
        return member


def find_code(codes: type[Code] | None, text: str) -> str:
    """The member of the enum that equals the text, or the text itself if there is none."""
    try:
        return codes(text) if codes is not None else text  # type: ignore[call-arg]  # a look-up by value
    except ValueError:
        return text
