"""Values that a schema does not allow, each for one rule."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TypeGuard

from ..api import Json, Operation, Setting
from .checks.check import Check
from .checks.responses import BOUNDS, RULES, TYPES, WORDS

FOREIGN_WORD = "no_such_word_in_any_list"
_LONGEST = 5000
_MOST_ITEMS = 1000
_PLAIN = ("conformance", "7", "Conformance 7", "~", "A", "a")  # a pattern allows few of them
_OF_ANOTHER_TYPE = {"flag": ["x"], "integer": "twelve", "number": "twelve", "word": 7, "moment": "yesterday"}


def invalid_settings(operation: Operation) -> Iterator[tuple[Setting, Json]]:
    """Values that every server has to reject, with their settings."""
    for setting in operation.settable:
        for _, value in out_of_bounds(setting):
            yield setting, value


def out_of_bounds(setting: Setting) -> Iterator[tuple[Check, Json]]:
    """Values out of bounds, of no enumeration or against another rule, with their checks."""
    limits = dict(setting.limits)
    if setting.kind == "word":
        yield WORDS, FOREIGN_WORD
    if setting.kind in ("integer", "number"):
        yield from _numbers(setting, limits)
    if setting.kind in ("text", "other"):
        yield from _lengths(limits)
        yield from _patterns(limits)
    if setting.item is not None:
        yield from _lists(setting.item, limits)


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


def _numbers(setting: Setting, limits: dict[str, Json]) -> Iterator[tuple[Check, Json]]:
    for name, step in (("minimum", -1), ("exclusiveMinimum", 0), ("maximum", 1), ("exclusiveMaximum", 0)):
        if _is_number(bound := limits.get(name)):
            yield BOUNDS, bound + step
    factor = limits.get("multipleOf")
    if _is_number(factor) and factor > (1 if setting.kind == "integer" else 0):
        low = limits.get("minimum", limits.get("exclusiveMinimum", 0))
        first = factor * (math.floor(low / factor) + 1) if _is_number(low) else factor
        yield RULES, first + (1 if setting.kind == "integer" else factor / 2)


def _is_number(value: Json) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _patterns(limits: dict[str, Json]) -> Iterator[tuple[Check, Json]]:
    """The first plain text that does not match the pattern, if Python can read it."""
    pattern = limits.get("pattern")
    if not isinstance(pattern, str):
        return
    try:
        matches = re.compile(pattern).search
    except re.error:
        return
    yield from ((RULES, text) for text in [one for one in _PLAIN if not matches(one)][:1])


def _lists(item: Setting, limits: dict[str, Json]) -> Iterator[tuple[Check, Json]]:
    """Too few items, too many, one twice, and one that is not allowed itself."""
    fewest, most = limits.get("minItems", 0), limits.get("maxItems")
    fewest = fewest if isinstance(fewest, int) else 0
    if fewest > 0:
        yield BOUNDS, _different(item, fewest - 1)
    if isinstance(most, int) and most < _MOST_ITEMS:
        yield BOUNDS, _different(item, most + 1)
    if limits.get("uniqueItems") is True and (most is None or (isinstance(most, int) and most > 1)):
        others = _different(item, max(fewest, 2) - 1)
        yield RULES, [*others, others[-1]]
    for check, value in out_of_bounds(item):
        yield check, [*_different(item, max(fewest, 1) - 1), value]


def _different(item: Setting, count: int) -> list[Json]:
    """So many items, no two alike."""
    if item.kind == "word" and len(item.words) >= count:
        return list(item.words[:count])
    return [_vary(item.sample, number) for number in range(count)]


def _vary(sample: Json, number: int) -> Json:
    if number == 0 or isinstance(sample, bool):
        return sample
    if isinstance(sample, int | float):
        return sample + number
    if isinstance(sample, str):
        return f"{number}{sample[len(str(number)) :]}"
    return {**sample, "conformance": number} if isinstance(sample, dict) else [sample, number]
