"""What can be done with a student session: end it, see or erase its photos, give it a proctor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Row, func, select

from ...errors import ApiError, record_not_found, validation_failed
from ...http.context import Handler, HandlerResult, RequestContext
from ...storage.files import FACE_PHOTO, ID_CARD
from ...storage.sql_types import iso_datetime
from ..crud import Crud
from .events import FINISHED, STARTED, values_at_end

_LINK_SECONDS = 5 * 60
_MOST_STUDENTS = 13  # of one exam, for one proctor
_PROCTORS = ("proctor", "global_proctor")


class SessionActions:
    """The operations of student sessions beyond the usual five."""

    def __init__(self, sessions: Crud) -> None:
        self._sessions = sessions

    def named_handlers(self) -> Mapping[str, Handler]:
        described = self._sessions.shared.resources
        return {
            "endExam": self.end_exam,
            "showFacePhoto": self.face_photo,
            "destroyFacePhoto": partial(self.erase, FACE_PHOTO),
            "destroyIdCard": partial(self.erase, ID_CARD),
            **({"assignProctor": self.assign_proctor} if "users" in described else {}),
            "unassignProctor": self.unassign_proctor,
        }

    def end_exam(self, context: RequestContext) -> HandlerResult:
        """Ends the session, which keeps when it began; one that has ended already keeps the time of its end too."""
        row = self._sessions.find_requested(context)
        ended = row.end_time if row.status == FINISHED and row.end_time is not None else context.now_ms
        if ended == context.now_ms:
            self._store(context, row, **values_at_end(row, ended))
        return HandlerResult(
            content={"message": "end_exam_time_success", "end_time": iso_datetime(ended), "recording_response": True}
        )

    def face_photo(self, context: RequestContext) -> HandlerResult:
        row = self._sessions.find_requested(context)
        photo = next(iter(self._file_names(FACE_PHOTO, row)), None)
        if photo is None:
            raise ApiError(404, "record_not_found", "There is no face photo of this student.")
        return HandlerResult(
            content={"url": self._sessions.shared.links.make(context.base_url, photo, seconds=_LINK_SECONDS)}
        )

    def erase(self, kind: str, context: RequestContext) -> HandlerResult:
        """Erases a photo; where there is none, it stays so."""
        row = self._sessions.find_requested(context)
        facts = ("file_name", "content_type", "file_size")
        self._store(context, row, **{f"{kind}_{fact}": None for fact in facts})
        return HandlerResult(content={}, after=partial(self._sessions.shared.files.remove, self._file_names(kind, row)))

    def assign_proctor(self, context: RequestContext) -> HandlerResult:
        row, asked = self._sessions.find_requested(context), context.body["proctor_id"]
        users = self._sessions.shared.resources["users"]
        proctor = users.find_visible(context, asked, users.table.c.role.in_(_PROCTORS))
        if proctor is None:
            raise record_not_found("Proctor", users.resource.key, asked)
        if row.status in (STARTED, FINISHED):
            raise validation_failed({"proctor_id": ["can't be chosen once the student has begun"]})
        key = users.key_of(proctor)
        if self._unfinished_students(context, key, exam=row.exam_id, without=row.id) >= _MOST_STUDENTS:
            raise validation_failed({"proctor_id": [f"has {_MOST_STUDENTS} unfinished students of this exam"]})
        self._store(context, row, pre_assigned_proctor_id=key)
        return HandlerResult(
            content={"proctor_id": key, "active_proctoring_sessions": self._unfinished_students(context, key)}
        )

    def unassign_proctor(self, context: RequestContext) -> HandlerResult:
        self._store(context, self._sessions.find_requested(context), pre_assigned_proctor_id=None)
        return HandlerResult(content={})

    def _unfinished_students(self, context: RequestContext, proctor: int, *, exam: int = 0, without: int = 0) -> int:
        """How many unfinished students the proctor has, of one exam or of all."""
        students = self._sessions.table.c
        where = [students.pre_assigned_proctor_id == proctor, students.status != FINISHED, students.id != without]
        where += [students.exam_id == exam] if exam else []
        return context.connection.scalar(select(func.count()).where(*where)) or 0

    def _file_names(self, kind: str, row: Row[Any]) -> list[str]:
        return [path.name for path in self._sessions.shared.files.of(kind, row.id).values()]

    def _store(self, context: RequestContext, row: Row[Any], **values: object) -> None:
        self._sessions.store_changes(context, self._sessions.key_of(row), values)
