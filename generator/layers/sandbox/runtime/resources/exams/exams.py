"""Exams: both versions over one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, case, select, type_coerce

from ...errors import invalid
from ...http.accounts import User
from ...http.context import Answer, Call, Handler
from ...storage import relations
from ...storage.columns import TENANT, iso
from ..crud import Crud
from ..institutes import belong
from .documents import Documents
from .documents_zip import ExamZip, zip_name
from .staff import ExamStaff
from .students import ExamStudents

DRAFT, OPEN, CLOSED = "draft", "open", "closed"
_LIVE, _REVIEWED = "live_proctoring", "record_review"
# what the older version calls a type, the newer one says by a type and two switches
_OLDER_TYPES: Mapping[str, Mapping[str, object]] = {
    "local_proctoring": {"type": _LIVE, "global_proctoring": False, "global_reviewing": False},
    "global_proctoring": {"type": _LIVE, "global_proctoring": True, "global_reviewing": False},
    "local_reviewing": {"type": _REVIEWED, "global_proctoring": False, "global_reviewing": False},
    "global_reviewing": {"type": _REVIEWED, "global_proctoring": False, "global_reviewing": True},
}
_MODES = {_LIVE: "01101000", _REVIEWED: "01110000"}
_OTHER_MODE = "01100000"
_MILLISECONDS = 100_000_000_000  # numbers from here on are no seconds: those would be in the year 5138
_BELOW = ("attachments", "student_sessions")


class Exams(Crud):
    """Exams are drafts until they have instructions; a student goes with the exam.

    Nothing closes an exam: one that is stored as open is told as closed once its latest start has passed.
    """

    needs: ClassVar[frozenset[str]] = frozenset(
        (
            "institute_id",
            "user_id",
            "start_time",
            "end_time",
            "status",
            "type",
            "mode",
            "duration_minutes",
            "live_proctoring",
            "global_proctoring",
            "global_reviewing",
        )
    )
    aliases: ClassVar[Mapping[str, str]] = {"duration": "duration_minutes"}

    references: ClassVar[Mapping[str, str]] = {"institute_id": "institutes"}
    cascades: ClassVar[frozenset[str]] = frozenset(references)

    def actions(self) -> Mapping[str, Handler]:
        return {**ExamStudents(self).actions(), **ExamStaff(self).actions(), **ExamZip(self).actions()}

    def accepted(self, call: Call) -> dict[str, Any]:
        return super().accepted(call if call.operation.kind == "create" else _in_one_unit(call))

    def complete(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        belong(user, values)
        values["user_id"] = user.id
        values.setdefault("start_time", values.get("created_at"))
        values["status"] = OPEN if values.get("exam_content") else DRAFT

    def derive(self, values: dict[str, Any]) -> None:
        older = _OLDER_TYPES.get(values.get("type", ""))
        values |= older or {}
        if "type" in values:
            values["live_proctoring"] = values["type"] == _LIVE
            values["mode"] = _MODES.get(values["type"], _OTHER_MODE)

    def told(self, call: Call, name: str) -> ColumnElement[Any] | None:
        exams = self.table.c
        if name != exams.status.key:
            return super().told(call, name)
        is_over = (exams.status == OPEN) & (exams.end_time < call.now_ms)
        return type_coerce(case((is_over, CLOSED), else_=exams.status), exams.status.type)

    def adjust(self, call: Call, row: Row[Any], members: dict[str, Any]) -> None:
        latest = row[self._places["end_time"]]  # by its name it would take far longer
        if latest is not None and latest < call.now_ms and members.get("status") == OPEN:
            members["status"] = CLOSED
        if "type" in members and members["type"] not in _OLDER_TYPES:
            wide = bool(row.global_proctoring or row.global_reviewing)
            members["type"] = f"{'global' if wide else 'local'}_{'proctoring' if row.live_proctoring else 'reviewing'}"

    def update(self, call: Call) -> Answer:
        institute = self.find(call).institute_id
        if call.body.get("institute_id", institute) != institute:
            raise invalid({"institute_id": ["can't be changed"]})
        return super().update(call)

    def made(self, call: Call, facts: Mapping[str, Any] | None = None) -> Row[Any]:
        row = super().made(call, facts)
        self._instruct(call, row, call.body)
        return row

    def change(self, call: Call, key: int, values: Mapping[str, Any]) -> None:
        super().change(call, key, values)
        self._instruct(call, self.row(call.connection, key), values)

    def _instruct(self, call: Call, row: Row[Any], values: Mapping[str, Any]) -> None:
        """The instructions that the older version sends with the exam are a document of the newer one."""
        documents, content = self.shared.behaviours.get("documents"), values.get("exam_content")
        if isinstance(documents, Documents) and content:
            documents.put(call, row.id, content, row._mapping[TENANT])

    def release(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        going = select(self.key).where(*where)
        zips = [zip_name(key) for key in connection.scalars(going)]
        for name in zips:
            self.shared.jobs.forget(connection, name)
        relations.forget_exams(connection, going)
        below = [self.shared.behaviours[name] for name in _BELOW if name in self.shared.behaviours]
        files = [name for other in below for name in other.release(connection, other.table.c.exam_id.in_(going))]
        return [*zips, *files]


def _in_one_unit(call: Call) -> Call:
    """The version that writes moments in seconds takes milliseconds too when an exam is changed."""
    told = {told.name for told in call.operation.fields if told.epoch}
    body = {name: _moment(value) if name in told else value for name, value in call.body.items()}
    return replace(call, body=body)


def _moment(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value < _MILLISECONDS:
        return value
    try:
        return iso(value)
    except OverflowError:
        return value
