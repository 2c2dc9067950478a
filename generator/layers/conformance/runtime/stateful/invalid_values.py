"""Values that a schema does not allow, each for one rule."""

from __future__ import annotations

from collections.abc import Iterator

from ..api import Json, Operation, Setting
from .checks.check import Check
from .checks.responses import BOUNDS, TYPES, WORDS

FOREIGN_WORD = "no_such_word_in_any_list"
_LONGEST = 5000
_OF_ANOTHER_TYPE = {"flag": ["x"], "integer": "twelve", "number": "twelve", "word": 7, "moment": "yesterday"}


def invalid_settings(operation: Operation) -> Iterator[tuple[Setting, Json]]:
    """Values that every server has to reject, with their settings."""
    for setting in operation.settable:
        for _, value in out_of_bounds(setting):
            yield setting, value


def out_of_bounds(setting: Setting) -> Iterator[tuple[Check, Json]]:
    """Values out of bounds or of no enumeration, with their checks."""
    limits = dict(setting.limits)
    if setting.kind == "word":
        yield WORDS, FOREIGN_WORD
    if setting.kind in ("integer", "number"):
        if isinstance(low := limits.get("minimum"), int):
            yield BOUNDS, low - 1
        if isinstance(high := limits.get("maximum"), int):
            yield BOUNDS, high + 1
    if setting.kind in ("text", "other"):
        yield from _lengths(limits)


def wrong_type(setting: Setting) -> Iterator[tuple[Check, Json]]:
    """Values of another type than that of the schema."""
    if setting.kind in _OF_ANOTHER_TYPE:
        yield TYPES, _OF_ANOTHER_TYPE[setting.kind]


def _lengths(limits: dict[str, Json]) -> Iterator[tuple[Check, Json]]:
    shortest, longest = limits.get("minLength"), limits.get("maxLength")
    if isinstance(shortest, int) and shortest > 0:
        yield BOUNDS, "x" * (shortest - 1)
    if isinstance(longest, int) and longest < _LONGEST:
        yield BOUNDS, "x" * (longest + 1)
