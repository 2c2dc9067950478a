"""Student sessions: one student's sitting of one exam, with an e-mail address that is unique there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, select

from ...http.accounts import User
from ...http.context import Handler, RequestContext
from ...storage.files import ANSWER, FACE_PHOTO, ID_CARD
from ..crud import Crud
from ..undocumented import reviewable
from .actions import SessionActions

# what the older version calls how far a student has come
_OLDER_STATUSES: Mapping[str, str] = {
    "before_check_req_mail": "registered",
    "email_bounced": "mail_sent",
    "email_sent": "mail_sent",
    "before_check_req": "check_started",
    "after_check_req_mail": "check_completed",
    "after_check_req": "check_completed",
    "in_setup": "exam_session_opened",
    "exam_not_started": "exam_session_opened",
}


class StudentSessions(Crud):
    """A student starts as registered, and may begin when the exam does."""

    required_columns: ClassVar[frozenset[str]] = frozenset(
        (
            "exam_id",
            "email",
            "start_time",
            "end_time",
            "open_time",
            "current_exam_mode",
            "transcoding_status",
            "token",
            "skip_requirements",
            "incidents",
        )
    )
    required_resources: ClassVar[frozenset[str]] = frozenset(("exams",))
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("exam_id", "email"),)
    caseless: ClassVar[frozenset[str]] = frozenset(("email",))
    references: ClassVar[Mapping[str, str]] = {"pre_assigned_proctor_id": "users"}
    error_title: ClassVar[str] = "Student Session"

    def named_handlers(self) -> Mapping[str, Handler]:
        return {**SessionActions(self).named_handlers(), "reviewable": partial(reviewable, self)}

    def before_create(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        exam = self.shared.resources["exams"].get_row(connection, values["exam_id"])
        if values.get("open_time") is None:
            values["open_time"] = exam.start_time
        values["current_exam_mode"] = exam.mode
        values["token"] = secrets.token_hex(16)
        values["transcoding_status"] = "not_sent_to_queue"
        values["incidents_count"] = 0

    def after_serialize(self, context: RequestContext, row: Row[Any], members: dict[str, Any]) -> None:
        allowed = next((field.values for field in context.operation.fields if field.name == "status"), ())
        if allowed and row.status not in allowed:
            members["status"] = _OLDER_STATUSES.get(row.status, row.status)

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        keys = list(connection.scalars(select(self.key).where(*where)))
        own = [self.shared.files.of(kind, key) for key in keys for kind in (ANSWER, FACE_PHOTO, ID_CARD)]
        return [path.name for files in own for path in files.values()]
