"""What students and proctors do in a session, which no operation of the API does."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ...errors import record_not_found, unreadable, validation_failed
from ...storage.sql_types import Words, iso_datetime
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
_APART = 1000  # the maximum of incidents of a session, so that ids are unique
_Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to a session; a comment and its offset in the recording are optional."""

    name: str
    now_ms: int
    comment: str | None = None
    offset_time: int | None = None


def values_at_end(row: Row[Any], now_ms: int) -> _Values:
    """The values of a session that ends; its start is kept."""
    recorded = row._mapping.get("recording_started_at") is not None
    ended = {"recording_ended_at": now_ms} if recorded else {}
    return {"status": FINISHED, "end_time": now_ms, "in_setup": False, "in_check_requirements": False, **ended}


def apply_event(connection: Connection, sessions: Crud, key: object, event: Event) -> Row[Any]:
    """Applies the event and returns the row after it; raises 422 if the status of the session forbids it."""
    row = connection.execute(select(sessions.table).where(sessions.key == key).with_for_update()).one_or_none()
    if row is None:
        raise record_not_found(sessions.title, sessions.resource.key, key)
    if event.name not in _EVENTS:
        raise validation_failed({"event": [f"must be one of {', '.join(_EVENTS)}"]})
    allowed, become = _EVENTS[event.name]
    if row.status not in allowed:
        raise validation_failed({"event": [f"does not happen to a session in state {row.status}"]})
    values = sessions.column_values({**become(row, event), "updated_at": event.now_ms})
    connection.execute(update(sessions.table).where(sessions.key == key).values(values))
    return sessions.get_row(connection, key)


class SessionEvents:
    """Applies the events of the admin route."""

    def __init__(self, state: State, sessions: Crud, clock: Callable[[], float]) -> None:
        self._state = state
        self._sessions = sessions
        self._clock = clock

    def apply_event(self, body: bytes) -> dict[str, object]:
        """Applies the event of a JSON text; returns what it changed."""
        sent = parse_body(body)
        with self._state.transaction() as connection:
            row = apply_event(connection, self._sessions, sent["id"], _parse_event(sent, int(self._clock() * 1000)))
        times = {name: row._mapping[name] for name in ("start_time", "end_time")}
        incident = {name: None if since is None else iso_datetime(since) for name, since in times.items()}
        return {"id": sent["id"], "status": row.status, **incident, "incidents": row.incidents}


def _after_check(_row: Row[Any], _parse_event: Event) -> _Values:
    parts = {**dict.fromkeys(_CHECKS, "succeeded"), "mobile_check": "skipped"}
    return {"status": "after_check_req", "in_check_requirements": False, "in_setup": False, **parts, **_COMPUTER}


def _after_set_up(_row: Row[Any], _parse_event: Event) -> _Values:
    return {"status": _SETTING_UP, "in_check_requirements": False, "in_setup": True}


def _after_leave(_row: Row[Any], _parse_event: Event) -> _Values:
    return {"status": "exam_not_started", "in_setup": False}


def _after_start(_row: Row[Any], event: Event) -> _Values:
    now = event.now_ms
    start_note = {"start_time": now, "end_time": None, "recording_started_at": now, "recording_ended_at": None}
    return {"status": STARTED, "entered_room": True, "in_setup": False, "in_check_requirements": False, **start_note}


def _after_incident(row: Row[Any], event: Event) -> _Values:
    """One more incident; its offset is the time since the recording began, unless given."""
    earlier = list(row.incidents or ())
    if len(earlier) >= _APART:
        raise validation_failed({"event": [f"happens {_APART} times at most"]})
    since = row._mapping.get("recording_started_at") or row.start_time or event.now_ms
    offset = max(0, event.now_ms - since) // 1000 if event.offset_time is None else event.offset_time
    incident = {
        "id": row.id * _APART + len(earlier),
        "student_session_id": row.id,
        "comment": event.comment,
        "created_at": iso_datetime(event.now_ms),
        "updated_at": iso_datetime(event.now_ms),
        "offset_time": offset,
    }
    return {"incidents": [*earlier, incident], "incidents_count": len(earlier) + 1}


_EVENTS: Mapping[str, tuple[Collection[str], Callable[[Row[Any], Event], _Values]]] = {
    "check": (BEFORE, _after_check),
    "set_up": (BEFORE, _after_set_up),
    "leave": ((_SETTING_UP,), _after_leave),
    "start": (BEFORE, _after_start),
    "incident": ((STARTED, FINISHED), _after_incident),
    "finish": ((STARTED,), lambda row, event: values_at_end(row, event.now_ms)),
}


def parse_body(body: bytes) -> dict[str, Any]:
    """The JSON object about a session; raises 422 if it is none."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise unreadable("The request body must be a JSON object.")
    key = sent.get("id")
    if isinstance(key, bool) or not isinstance(key, int) or not 0 < key < 2**63:
        raise validation_failed({"id": ["must be the id of a student session"]})
    return sent


def _parse_event(sent: Mapping[str, Any], now_ms: int) -> Event:
    comment, offset = sent.get("comment"), sent.get("offset_time")
    if offset is not None and (isinstance(offset, bool) or not isinstance(offset, int) or not 0 <= offset < 2**31):
        raise validation_failed({"offset_time": ["must be a number of seconds"]})
    if not isinstance(comment, str | None):
        raise validation_failed({"comment": ["must be a string"]})
    try:
        incident = None if comment is None else str(Words().accept(comment))
    except ValueError as error:
        raise validation_failed({"comment": [str(error)]}) from None
    return Event(str(sent.get("event", "")), now_ms, incident, offset)
