"""What becomes of a student session by what its student and its proctor do, which no operation of the API does."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ...errors import invalid, no_such_object, unreadable
from ...storage.columns import Words, iso
from ...storage.state import State
from ..crud import Crud

BEFORE = (
    "registered",
    "before_check_req_mail",
    "email_bounced",
    "email_sent",
    "after_check_req_mail",
    "before_check_req",
    "after_check_req",
    "in_setup",
    "exam_not_started",
)
STARTED, FINISHED = "exam_started", "exam_finished"
_SETTING_UP = "in_setup"
_CHECKS = ("screenshare_check", "microphone_check", "speakers_check", "webcam_check", "bandwidth_check")
_COMPUTER = {"operating_system": "Debian 13", "browser": "Firefox", "browser_version": "140.0"}
_APART = 1000  # the most incidents of a session, so that no two have the same number
_Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to a session at a moment; a note of it and its place in the recording may be told."""

    name: str
    now_ms: int
    comment: str | None = None
    offset_time: int | None = None


def finished(row: Row[Any], now_ms: int) -> _Values:
    """The values of a session that ends; it keeps when it began."""
    recorded = row._mapping.get("recording_started_at") is not None
    ended = {"recording_ended_at": now_ms} if recorded else {}
    return {"status": FINISHED, "end_time": now_ms, "in_setup": False, "in_check_requirements": False, **ended}


def happen(connection: Connection, sessions: Crud, key: object, event: Event) -> Row[Any]:
    """Carries the event out, and tells the session after it; a refusal where the two do not fit."""
    row = connection.execute(select(sessions.table).where(sessions.key == key).with_for_update()).one_or_none()
    if row is None:
        raise no_such_object(sessions.title, sessions.resource.key, key)
    if event.name not in _EVENTS:
        raise invalid({"event": [f"must be one of {', '.join(_EVENTS)}"]})
    allowed, become = _EVENTS[event.name]
    if row.status not in allowed:
        raise invalid({"event": [f"does not happen to a session in state {row.status}"]})
    values = sessions.stored({**become(row, event), "updated_at": event.now_ms})
    connection.execute(update(sessions.table).where(sessions.key == key).values(values))
    return sessions.row(connection, key)


class SessionLife:
    """Lets events happen that a test asks for."""

    def __init__(self, state: State, sessions: Crud, clock: Callable[[], float]) -> None:
        self._state = state
        self._sessions = sessions
        self._clock = clock

    def happen(self, body: bytes) -> dict[str, object]:
        """Carries out the event that a JSON text asks for; tells what it changed."""
        sent = _read(body)
        with self._state.unit() as connection:
            row = happen(connection, self._sessions, sent["id"], _event(sent, int(self._clock() * 1000)))
        times = {name: row._mapping[name] for name in ("start_time", "end_time")}
        told = {name: None if since is None else iso(since) for name, since in times.items()}
        return {"id": sent["id"], "status": row.status, **told, "incidents": row.incidents}


def _checked(_row: Row[Any], _event: Event) -> _Values:
    parts = {**dict.fromkeys(_CHECKS, "succeeded"), "mobile_check": "skipped"}
    return {"status": "after_check_req", "in_check_requirements": False, "in_setup": False, **parts, **_COMPUTER}


def _set_up(_row: Row[Any], _event: Event) -> _Values:
    return {"status": _SETTING_UP, "in_check_requirements": False, "in_setup": True}


def _left(_row: Row[Any], _event: Event) -> _Values:
    return {"status": "exam_not_started", "in_setup": False}


def _started(_row: Row[Any], event: Event) -> _Values:
    now = event.now_ms
    begun = {"start_time": now, "end_time": None, "recording_started_at": now, "recording_ended_at": None}
    return {"status": STARTED, "entered_room": True, "in_setup": False, "in_check_requirements": False, **begun}


def _noted(row: Row[Any], event: Event) -> _Values:
    """One more incident; the seconds since the recording began are its place where none is told."""
    known = list(row.incidents or ())
    if len(known) >= _APART:
        raise invalid({"event": [f"happens {_APART} times at most"]})
    since = row._mapping.get("recording_started_at") or row.start_time or event.now_ms
    offset = max(0, event.now_ms - since) // 1000 if event.offset_time is None else event.offset_time
    told = {
        "id": row.id * _APART + len(known),
        "student_session_id": row.id,
        "comment": event.comment,
        "created_at": iso(event.now_ms),
        "updated_at": iso(event.now_ms),
        "offset_time": offset,
    }
    return {"incidents": [*known, told], "incidents_count": len(known) + 1}


_EVENTS: Mapping[str, tuple[Collection[str], Callable[[Row[Any], Event], _Values]]] = {
    "check": (BEFORE, _checked),
    "set_up": (BEFORE, _set_up),
    "leave": ((_SETTING_UP,), _left),
    "start": (BEFORE, _started),
    "incident": ((STARTED, FINISHED), _noted),
    "finish": ((STARTED,), lambda row, event: finished(row, event.now_ms)),
}


def _read(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise unreadable("The request body must be a JSON object.")
    key = sent.get("id")
    if isinstance(key, bool) or not isinstance(key, int) or not 0 < key < 2**63:
        raise invalid({"id": ["must be the id of a student session"]})
    return sent


def _event(sent: Mapping[str, Any], now_ms: int) -> Event:
    comment, offset = sent.get("comment"), sent.get("offset_time")
    if offset is not None and (isinstance(offset, bool) or not isinstance(offset, int) or not 0 <= offset < 2**31):
        raise invalid({"offset_time": ["must be a number of seconds"]})
    try:
        told = None if comment is None else str(Words().accept(comment))
    except ValueError as error:
        raise invalid({"comment": [str(error)]}) from None
    return Event(str(sent.get("event", "")), now_ms, told, offset)
