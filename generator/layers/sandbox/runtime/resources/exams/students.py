"""The students of an exam, by the paths that begin with the exam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select, update

from ...api import ParentColumn
from ...errors import ApiError
from ...http.context import Handler, HandlerResult, RequestContext
from ...storage import outbox
from ...storage.sql_types import TENANT, is_storable
from ..crud import Crud

_SENT = "email_sent"
_BEYOND = ("exam_started", "exam_finished")  # a mail does not bring anybody back to the beginning


class ExamStudents:
    """The older names of what student sessions do, and what is done with all students of an exam."""

    def __init__(self, exams: Crud) -> None:
        self._exams = exams

    @property
    def sessions(self) -> Crud:
        return self._exams.shared.resources["student_sessions"]

    def named_handlers(self) -> Mapping[str, Handler]:
        described = self._exams.shared.resources
        return {
            "indexStudents": lambda context: self.sessions.list_objects(_under_exam(context)),
            "addExamStudent": lambda context: self.sessions.create(_under_exam(context)),
            "showExamStudent": lambda context: self.sessions.show(_from_query(context)),
            "deleteExamStudent": lambda context: self.sessions.destroy(_from_query(context)),
            **({"showLtiStudent": self.show_lti_student} if "lti_resources" in described else {}),
            "sendEmails": self.send_emails,
        }

    def show_lti_student(self, context: RequestContext) -> HandlerResult:
        """The student whom a learning platform knows by that name, in an exam that it can launch."""
        exam = self._exams.key_of(self._exams.find_requested(context))
        students, links = self.sessions.table, self._exams.shared.resources["lti_resources"].table
        user, link = context.query["student_lms_id"], context.query["resource_link_id"]
        launched = select(links.c.exam_id).where(links.c.lti_resource_link_id == link)
        chosen = select(students).where(
            students.c.exam_id == exam, students.c.external_id == user, students.c.exam_id.in_(launched)
        )
        is_known = is_storable(str(user)) and is_storable(str(link))
        row = context.connection.execute(chosen.order_by(students.c.id)).first() if is_known else None
        if row is None:
            sentence = f"Couldn't find Student Session with 'id'='{user}' and 'resource_link_id'='{link}'"
            raise ApiError(404, "record_not_found", sentence)
        return self.sessions.respond_one(context, row)

    def send_emails(self, context: RequestContext) -> HandlerResult:
        """Mails the students, into the outbox; those who have begun already keep their status."""
        students, exam = self.sessions.table, self._exams.find_requested(context)
        of_exam = students.c.exam_id == self._exams.key_of(exam)
        write = update(students).where(of_exam)
        context.connection.execute(write.values(is_email_sent=True, updated_at=context.now_ms))
        context.connection.execute(write.where(students.c.status.not_in(_BEYOND)).values(status=_SENT))
        mailed = context.connection.execute(select(students).where(of_exam).order_by(students.c.id)).all()
        institute_id = exam._mapping[TENANT]
        outbox.post(context.connection, exam, mailed, institute_id=institute_id, now_ms=context.now_ms)
        return self.sessions.respond_many(context, mailed) if context.operation.wrapper else HandlerResult(content={})


def _under_exam(context: RequestContext, item: str = "") -> RequestContext:
    """The call as one of student sessions below the exam."""
    parent = ParentColumn(parameter=context.operation.item, column="exam_id", resource="exams")
    return replace(context, operation=replace(context.operation, item=item, parent_columns=(parent,)))


def _from_query(context: RequestContext) -> RequestContext:
    """The same, with the student session that the query names."""
    name = "student_session_id"
    return replace(_under_exam(context, name), path={**context.path, name: str(context.query.get(name, ""))})
