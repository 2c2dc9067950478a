"""Limits of a value, compared by what they let through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from generator.diff.texts import json_text
from generator.ir import Frozen, Schema


@dataclass(frozen=True, slots=True)
class _Bound:
    """A lower (`sign` 1) or upper (-1) bound: the part of the rule's name, and the keywords that set it."""

    name: str
    sign: int
    keyword: str
    exclusive: str = ""


_BOUNDS = (
    _Bound("min", 1, "minimum", "exclusiveMinimum"),
    _Bound("max", -1, "maximum", "exclusiveMaximum"),
    _Bound("min-length", 1, "minLength"),
    _Bound("max-length", -1, "maxLength"),
    _Bound("min-items", 1, "minItems"),
    _Bound("max-items", -1, "maxItems"),
    _Bound("min-properties", 1, "minProperties"),
    _Bound("max-properties", -1, "maxProperties"),
)
_Tightness = tuple[Fraction, bool]  # larger is tighter; True for a bound that is itself excluded


def limit_changes(old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    """The name of the rule and a sentence for each limit that is not the same."""
    if old.limits == new.limits and old.types == new.types:
        return
    for bound in _BOUNDS:
        yield from _bound_changes(bound, _tightness(bound, old), _tightness(bound, new))
    yield from _multiples(_values(old, "multipleOf"), _values(new, "multipleOf"))
    yield from _set_changes("pattern", _values(old, "pattern"), _values(new, "pattern"))
    yield from _set_changes("unique-items", _unique(old), _unique(new))


def _bound_changes(bound: _Bound, old: _Tightness | None, new: _Tightness | None) -> Iterator[tuple[str, str]]:
    if old == new:
        return
    if old is None or new is None:
        way = "set" if old is None else "unset"
    else:
        way = "increased" if (new > old) == (bound.sign > 0) else "decreased"
    before, after = _words(bound, old), _words(bound, new)
    yield f"{bound.name}-{way}", f"the {bound.name.replace('-', ' ')} is {after}, was {before}"


def _words(bound: _Bound, tightness: _Tightness | None) -> str:
    if tightness is None:
        return "not limited"
    value = bound.sign * tightness[0]
    text = str(value) if value.denominator == 1 else str(float(value))
    return f"{'more' if bound.sign > 0 else 'less'} than {text}" if tightness[1] else text


def _tightness(bound: _Bound, schema: Schema) -> _Tightness | None:
    """The tightest of the bounds that are in force; sizes from 0 on are no bound."""
    flagged = bool(_flags(schema, bound.exclusive))  # OpenAPI 3.0 says `exclusiveMinimum: true`
    found = [(bound.sign * value, flagged) for value in _numbers(schema, bound.keyword)]
    found += [(bound.sign * value, True) for value in _numbers(schema, bound.exclusive)]
    if schema.types == ("integer",):
        found = [_of_integers(one) for one in found]
    if bound.sign > 0 and not bound.exclusive:
        found = [one for one in found if one[0] > 0]
    return max(found, default=None)


def _of_integers(tightness: _Tightness) -> _Tightness:
    """More than 4 is 5 or more, where there are integers only."""
    value, excluded = tightness
    return (value + 1, False) if excluded and value.denominator == 1 else tightness


def _values(schema: Schema, keyword: str) -> tuple[Frozen, ...]:
    return tuple(value for key, value in schema.limits if key == keyword)


def _numbers(schema: Schema, keyword: str) -> Iterator[Fraction]:
    for value in _values(schema, keyword):
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield Fraction(str(value))


def _flags(schema: Schema, keyword: str) -> tuple[Frozen, ...]:
    return tuple(value for value in _values(schema, keyword) if value is True)


def _unique(schema: Schema) -> tuple[Frozen, ...]:
    return _flags(schema, "uniqueItems")[:1]


def _multiples(old: tuple[Frozen, ...], new: tuple[Frozen, ...]) -> Iterator[tuple[str, str]]:
    if len(old) == len(new) == 1 and old != new:
        before, after = Fraction(str(old[0])), Fraction(str(new[0]))
        way = "increased" if after % before == 0 else "decreased" if before % after == 0 else "changed"
        yield f"multiple-of-{way}", f"the step is {json_text(new[0])}, was {json_text(old[0])}"
    else:
        yield from _set_changes("multiple-of", old, new)


def _set_changes(name: str, old: tuple[Frozen, ...], new: tuple[Frozen, ...]) -> Iterator[tuple[str, str]]:
    before, after = {json_text(value) for value in old}, {json_text(value) for value in new}
    if before != after:
        way = "set" if before < after else "unset" if after < before else "changed"
        words = [" and ".join(sorted(values)) or "none" for values in (after, before)]
        yield f"{name}-{way}", f"the {name.replace('-', ' ')} is {words[0]}, was {words[1]}"
