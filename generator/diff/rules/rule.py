"""What a rule is: kinds of change, what they mean to a caller, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a change asks of a caller: to change a program, nothing, or not even to notice."""

    BREAKING = "breaking"
    ADDITION = "addition"
    NOTE = "note"


class Vocabulary(StrEnum):
    """Who is spoken to: any HTTP client, programs on our Python client, or whoever signs requests."""

    HTTP = "http"
    PYTHON = "python"
    SIGNING = "signing"


class Policy(StrEnum):
    """What programs do with a value that they do not know: fail, as those that list all values, or go on."""

    STRICT = "strict"
    TOLERANT = "tolerant"


BREAKING, ADDITION, NOTE = Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """Kinds of change that mean the same wherever they are met."""

    names: tuple[str, ...]
    severity: Severity
    why: str


@dataclass(frozen=True, slots=True)
class ValueRule:
    """Kinds of change of a value, whose meaning depends on who sends it: the names go behind a subject.

    `tolerant` is what a response means under the policy of that name, where it is another.
    """

    names: tuple[str, ...]
    request: Severity
    response: Severity
    why: str
    tolerant: Severity | None = None


SUBJECTS = {
    "request": ("request-parameter", "request-body", "request-property"),
    "response": ("response-body", "response-property", "response-header"),
}
