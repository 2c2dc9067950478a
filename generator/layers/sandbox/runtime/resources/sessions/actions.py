"""What can be done with a student session: end it, see or erase its photos, give it a proctor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Row, func, select

from ...errors import Refusal, invalid, no_such_object
from ...http.context import Answer, Call, Handler
from ...storage.columns import iso
from ...storage.files import FACE_PHOTO, ID_CARD
from ..crud import Crud
from .events import FINISHED, STARTED, finished

_LINK_SECONDS = 5 * 60
_MOST_STUDENTS = 13  # of one exam, for one proctor
_PROCTORS = ("proctor", "global_proctor")


class SessionActions:
    """The operations of student sessions beyond the usual five."""

    def __init__(self, sessions: Crud) -> None:
        self._sessions = sessions

    def actions(self) -> Mapping[str, Handler]:
        return {
            "end_exam": self.end_exam,
            "face_photo": self.face_photo,
            "destroy_face_photo": partial(self.erase, FACE_PHOTO),
            "destroy_id_card": partial(self.erase, ID_CARD),
            "assign_proctor": self.assign_proctor,
            "unassign_proctor": self.unassign_proctor,
        }

    def end_exam(self, call: Call) -> Answer:
        """Ends the session, which keeps when it began; one that has ended already keeps the time of its end too."""
        row = self._sessions.find(call)
        ended = row.end_time if row.status == FINISHED and row.end_time is not None else call.now_ms
        if ended == call.now_ms:
            self._change(call, row, **finished(row, ended))
        return Answer(content={"message": "end_exam_time_success", "end_time": iso(ended), "recording_response": True})

    def face_photo(self, call: Call) -> Answer:
        row = self._sessions.find(call)
        photo = next(iter(self._files(FACE_PHOTO, row)), None)
        if photo is None:
            raise Refusal(404, "record_not_found", "There is no face photo of this student.")
        return Answer(content={"url": self._sessions.shared.links.make(call.base_url, photo, seconds=_LINK_SECONDS)})

    def erase(self, kind: str, call: Call) -> Answer:
        """Erases a photo; where there is none, it stays so."""
        row = self._sessions.find(call)
        facts = ("file_name", "content_type", "file_size")
        self._change(call, row, **{f"{kind}_{fact}": None for fact in facts})
        return Answer(content={}, after=partial(self._sessions.shared.files.remove, self._files(kind, row)))

    def assign_proctor(self, call: Call) -> Answer:
        row, asked = self._sessions.find(call), call.body["proctor_id"]
        users = self._sessions.shared.behaviours["users"]
        proctor = users.seen(call, asked, users.table.c.role.in_(_PROCTORS))
        if proctor is None:
            raise no_such_object("Proctor", users.resource.key, asked)
        if row.status in (STARTED, FINISHED):
            raise invalid({"proctor_id": ["can't be chosen once the student has begun"]})
        key = users.key_of(proctor)
        if self._busy(call, key, exam=row.exam_id, without=row.id) >= _MOST_STUDENTS:
            raise invalid({"proctor_id": [f"has {_MOST_STUDENTS} unfinished students of this exam"]})
        self._change(call, row, pre_assigned_proctor_id=key)
        return Answer(content={"proctor_id": key, "active_proctoring_sessions": self._busy(call, key)})

    def unassign_proctor(self, call: Call) -> Answer:
        self._change(call, self._sessions.find(call), pre_assigned_proctor_id=None)
        return Answer(content={})

    def _busy(self, call: Call, proctor: int, *, exam: int = 0, without: int = 0) -> int:
        """How many unfinished students the proctor has, of one exam or of all."""
        students = self._sessions.table.c
        where = [students.pre_assigned_proctor_id == proctor, students.status != FINISHED, students.id != without]
        where += [students.exam_id == exam] if exam else []
        return call.connection.scalar(select(func.count()).where(*where)) or 0

    def _files(self, kind: str, row: Row[Any]) -> list[str]:
        return [path.name for path in self._sessions.shared.files.of(kind, row.id).values()]

    def _change(self, call: Call, row: Row[Any], **values: object) -> None:
        self._sessions.change(call, self._sessions.key_of(row), values)
