"""Compares sent values with returned ones, and finds other values to change them to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from ..api import Json, Operation, Setting, SettingKind
from ..objects.recovery import MARKER
from .check_run import Exchange

_LONGEST = 5000
_NARROWEST = 1e-6  # numbers of 32 bits are told apart to seven digits
_TRUE = (True, 1, "1", "true")


def lost_values(operation: Operation, sent: Mapping[str, Json], shown: Mapping[str, Json]) -> Iterator[str]:
    """The names of the settings whose sent values are not those that are returned."""
    for setting in operation.settable:
        name = setting.name
        if setting.shown and name in sent and name in shown and differ(setting.kind, sent[name], shown[name]):
            yield name


def differ(kind: SettingKind, sent: Json, shown: Json) -> bool:
    """Whether two values mean different things; kinds without a fixed form never differ."""
    if sent is None or kind in ("other", "file"):
        return False
    if kind == "flag":
        return (sent in _TRUE) != (shown in _TRUE)
    if kind == "moment":
        return moment(sent) != moment(shown)
    if kind == "number" and isinstance(sent, int | float) and isinstance(shown, int | float):
        return not math.isclose(sent, shown, rel_tol=_NARROWEST)
    return type(sent) is type(shown) and sent != shown


def describe_difference(sent: str, shown: Json) -> str:
    """How a returned text differs from the sent one, without a character of it."""
    if not isinstance(shown, str):
        return f"no text: {type(shown).__name__}"
    same = next((n for n, (one, other) in enumerate(zip(sent, shown, strict=False)) if one != other), len(shown))
    return f"{len(shown)} characters of {len(sent)}, the first {same} the same"


def moment(value: Json) -> datetime | None:
    """A point in time as it is written in JSON."""
    try:
        time = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def extremes(setting: Setting) -> Iterator[Json]:
    """The values at the bounds of a schema; the shortest text would not be unique."""
    limits = dict(setting.limits)
    if setting.kind == "integer":
        yield from (limits[name] for name in ("minimum", "maximum") if isinstance(limits.get(name), int))
    longest = limits.get("maxLength")
    if setting.kind == "text" and isinstance(longest, int) and longest <= _LONGEST:
        yield "x" * longest


def decimal_of(setting: Setting) -> float | None:
    """A number with two decimals that the schema allows; None if there may be none."""
    limits = dict(setting.limits)
    low, high = (
        next((one for name in names if isinstance(one := limits.get(name), int | float)), None)
        for names in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
    )
    least = low if low is not None else 0.0 if high is None or high > 0 else high - 100
    most = high if high is not None else least + 100
    value = round(least + (most - least) * 0.37, 2)
    value = round(value + 0.01, 2) if value.is_integer() else value
    return value if "multipleOf" not in limits and least < value < most else None


def other_values(setting: Setting, value: Json) -> Iterator[Json]:
    """Other values that the schema allows, as far as they are known."""
    if setting.kind == "flag":
        yield value not in _TRUE
    if setting.kind == "word":
        yield from (word for word in setting.words if word not in (value, None))
    if setting.kind == "integer" and isinstance(value, int):
        yield value + 1
    if setting.kind == "number" and (decimal := decimal_of(setting)) not in (None, value):
        yield decimal
    if setting.kind == "moment" and isinstance(value, str) and (time := moment(value)):
        yield (time + timedelta(hours=1)).isoformat(timespec="milliseconds")


def shows_another_object(shown: Exchange, before: Exchange) -> bool:
    """Whether a response now shows an object with another made-up name.

    If a server reuses ids, another process of the run may have got the id of a deleted object.
    """
    now, then = _markers(shown), _markers(before)
    return bool(now and then) and now.isdisjoint(then)


def shows_same_object(shown: Exchange, before: Exchange) -> bool:
    """Whether two responses have the same made-up name, so that they show one object."""
    return not _markers(shown).isdisjoint(_markers(before))


def _markers(exchange: Exchange) -> set[str]:
    return {*MARKER.findall(exchange.response.text)}
