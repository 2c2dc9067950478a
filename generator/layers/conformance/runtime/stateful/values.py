"""Values that are sent, compared with those that come back, and other values to change them to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from ..description import Json, Operation, Setting
from ..objects.recovery import MARKER
from .check_context import Exchange

_LONGEST = 5000
_TRUE = (True, 1, "1", "true")


def told_back(operation: Operation, sent: Mapping[str, Json], shown: Mapping[str, Json]) -> Iterator[str]:
    """The names of the settings that were sent and come back as something else."""
    for setting in operation.settings:
        name = setting.name
        if setting.shown and name in sent and name in shown and different(setting.kind, sent[name], shown[name]):
            yield name


def different(kind: str, sent: Json, shown: Json) -> bool:
    """Whether two values do not mean the same; what has no settled way to be written is never different."""
    if sent is None or kind in ("other", "file"):
        return False
    if kind == "flag":
        return (sent in _TRUE) != (shown in _TRUE)
    if kind == "moment":
        return moment(sent) != moment(shown)
    return type(sent) is type(shown) and sent != shown


def compared(sent: str, shown: Json) -> str:
    """How a text that came back differs from the one that was sent, without a character of it."""
    if not isinstance(shown, str):
        return f"no text: {type(shown).__name__}"
    same = next((n for n, (one, other) in enumerate(zip(sent, shown, strict=False)) if one != other), len(shown))
    return f"{len(shown)} characters of {len(sent)}, the first {same} the same"


def moment(value: Json) -> datetime | None:
    """A point in time as it is written in JSON."""
    try:
        told = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def extremes(setting: Setting) -> Iterator[Json]:
    """The values at the bounds of a schema; a shortest text would not be unique."""
    limits = dict(setting.limits)
    if setting.kind == "integer":
        yield from (limits[name] for name in ("minimum", "maximum") if isinstance(limits.get(name), int))
    longest = limits.get("maxLength")
    if setting.kind == "text" and isinstance(longest, int) and longest <= _LONGEST:
        yield "x" * longest


def others(setting: Setting, value: Json) -> Iterator[Json]:
    """Other values that the schema allows as well, as far as they are known."""
    if setting.kind == "flag":
        yield value not in _TRUE
    if setting.kind == "word":
        yield from (word for word in setting.words if word not in (value, None))
    if setting.kind == "integer" and isinstance(value, int):
        yield value + 1
    if setting.kind == "moment" and isinstance(value, str) and (told := moment(value)):
        yield (told + timedelta(hours=1)).isoformat(timespec="milliseconds")


def is_anothers(shown: Exchange, before: Exchange) -> bool:
    """Whether an id now shows an object with another made-up name.

    Where a server gives out ids again, another process of the run may have got the id of what was deleted.
    """
    now, then = _names(shown), _names(before)
    return bool(now and then) and now.isdisjoint(then)


def is_same(shown: Exchange, before: Exchange) -> bool:
    """Whether two answers tell a made-up name that is the same, so that they are of one object."""
    return not _names(shown).isdisjoint(_names(before))


def _names(exchange: Exchange) -> set[str]:
    return {*MARKER.findall(exchange.answer.text)}
