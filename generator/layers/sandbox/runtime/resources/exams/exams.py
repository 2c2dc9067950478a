"""Exams: both versions over one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, case, select, type_coerce

from ...errors import validation_failed
from ...http.accounts import User
from ...http.context import Handler, HandlerResult, RequestContext
from ...storage import relations
from ...storage.sql_types import TENANT, iso_datetime
from ..crud import Crud
from ..institutes import assign_institute
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

    No operation closes an exam: an open one is shown as closed once its latest start has passed.
    """

    required_columns: ClassVar[frozenset[str]] = frozenset(
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

    def named_handlers(self) -> Mapping[str, Handler]:
        described = self.shared.resources
        return {
            **(ExamStudents(self).named_handlers() if "student_sessions" in described else {}),
            **(ExamStaff(self).named_handlers() if "users" in described else {}),
            **ExamZip(self).named_handlers(),
        }

    def parse_settings(self, context: RequestContext) -> dict[str, Any]:
        return super().parse_settings(context if context.operation.kind == "create" else _with_iso_times(context))

    def before_create(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        assign_institute(user, values)
        values["user_id"] = user.id
        values.setdefault("start_time", values.get("created_at"))
        values["status"] = OPEN if values.get("exam_content") else DRAFT

    def derive(self, values: dict[str, Any]) -> None:
        older = _OLDER_TYPES.get(values.get("type", ""))
        values |= older or {}
        if "type" in values:
            values["live_proctoring"] = values["type"] == _LIVE
            values["mode"] = _MODES.get(values["type"], _OTHER_MODE)

    def column_for(self, context: RequestContext, name: str) -> ColumnElement[Any] | None:
        exams = self.table.c
        if name != exams.status.key:
            return super().column_for(context, name)
        is_over = (exams.status == OPEN) & (exams.end_time < context.now_ms)
        return type_coerce(case((is_over, CLOSED), else_=exams.status), exams.status.type)

    def after_serialize(self, context: RequestContext, row: Row[Any], members: dict[str, Any]) -> None:
        latest = row[self._positions["end_time"]]  # by its name it would take far longer
        if latest is not None and latest < context.now_ms and members.get("status") == OPEN:
            members["status"] = CLOSED
        if "type" in members and members["type"] not in _OLDER_TYPES:
            wide = bool(row.global_proctoring or row.global_reviewing)
            members["type"] = f"{'global' if wide else 'local'}_{'proctoring' if row.live_proctoring else 'reviewing'}"

    def update(self, context: RequestContext) -> HandlerResult:
        institute = self.find_requested(context).institute_id
        if context.body.get("institute_id", institute) != institute:
            raise validation_failed({"institute_id": ["can't be changed"]})
        return super().update(context)

    def insert_requested(self, context: RequestContext, facts: Mapping[str, Any] | None = None) -> Row[Any]:
        row = super().insert_requested(context, facts)
        self._instruct(context, row, context.body)
        return row

    def store_changes(self, context: RequestContext, key: int, values: Mapping[str, Any]) -> None:
        super().store_changes(context, key, values)
        self._instruct(context, self.get_row(context.connection, key), values)

    def _instruct(self, context: RequestContext, row: Row[Any], values: Mapping[str, Any]) -> None:
        """The instructions that the older version sends with the exam are a document of the newer one."""
        documents, content = self.shared.resources.get("documents"), values.get("exam_content")
        if isinstance(documents, Documents) and content:
            documents.put(context, row.id, content, row._mapping[TENANT])

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        going = select(self.key).where(*where)
        zips = [zip_name(key) for key in connection.scalars(going)]
        for name in zips:
            self.shared.jobs.forget(connection, name)
        relations.forget_exams(connection, going)
        below = [self.shared.resources[name] for name in _BELOW if name in self.shared.resources]
        files = [name for other in below for name in other.before_delete(connection, other.table.c.exam_id.in_(going))]
        return [*zips, *files]


def _with_iso_times(context: RequestContext) -> RequestContext:
    """The version that writes moments in seconds takes milliseconds too when an exam is changed."""
    in_seconds = {field.name for field in context.operation.fields if field.epoch}
    body = {name: _from_milliseconds(value) if name in in_seconds else value for name, value in context.body.items()}
    return replace(context, body=body)


def _from_milliseconds(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value < _MILLISECONDS:
        return value
    try:
        return iso_datetime(value)
    except OverflowError:
        return value
