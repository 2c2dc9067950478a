"""Student sessions: one student's sitting of one exam, with an e-mail address that is unique there."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Connection, select

from .crud import Crud
from .users import User


class StudentSessions(Crud):
    """A student starts as registered, and may begin when the exam does."""

    needs: ClassVar[frozenset[str]] = frozenset(
        ("exam_id", "email", "open_time", "current_exam_mode", "transcoding_status")
    )
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("exam_id", "email"),)

    def complete(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        exams = self.resources["exams"].table
        exam = connection.execute(select(exams).where(exams.c.id == values["exam_id"])).one()
        if values.get("open_time") is None:
            values["open_time"] = exam.start_time
        values["current_exam_mode"] = exam.mode
        values["transcoding_status"] = "not_sent_to_queue"
