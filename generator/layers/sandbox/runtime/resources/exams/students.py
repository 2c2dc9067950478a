"""The students of an exam, by the paths that begin with the exam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select, update

from ...errors import Refusal
from ...http.context import Answer, Call, Handler
from ...model import Parent
from ...storage import outbox
from ...storage.columns import TENANT
from ..crud import Crud

_SENT = "email_sent"
_BEYOND = ("exam_started", "exam_finished")  # a mail does not bring anybody back to the beginning


class ExamStudents:
    """The older names of what student sessions do, and what is done with all students of an exam."""

    def __init__(self, exams: Crud) -> None:
        self._exams = exams

    @property
    def sessions(self) -> Crud:
        return self._exams.shared.behaviours["student_sessions"]

    def actions(self) -> Mapping[str, Handler]:
        return {
            "index_students": lambda call: self.sessions.index(_below(call)),
            "add_student": lambda call: self.sessions.create(_below(call)),
            "show_student": lambda call: self.sessions.show(_chosen(call)),
            "delete_student": lambda call: self.sessions.destroy(_chosen(call)),
            "show_lti_student": self.show_lti_student,
            "send_emails": self.send_emails,
        }

    def show_lti_student(self, call: Call) -> Answer:
        """The student whom a learning platform knows by that name, in an exam that it can launch."""
        exam = self._exams.key_of(self._exams.find(call))
        students, links = self.sessions.table, self._exams.shared.behaviours["lti_resources"].table
        user, link = call.query["student_lms_id"], call.query["resource_link_id"]
        launched = select(links.c.exam_id).where(links.c.lti_resource_link_id == link)
        chosen = select(students).where(
            students.c.exam_id == exam, students.c.external_id == user, students.c.exam_id.in_(launched)
        )
        row = call.connection.execute(chosen.order_by(students.c.id)).first()
        if row is None:
            sentence = f"Couldn't find Student Session with 'id'='{user}' and 'resource_link_id'='{link}'"
            raise Refusal(404, "record_not_found", sentence)
        return self.sessions.one(call, row)

    def send_emails(self, call: Call) -> Answer:
        """Mails the students, into the outbox; those who have begun already keep their status."""
        students, exam = self.sessions.table, self._exams.find(call)
        of_exam = students.c.exam_id == self._exams.key_of(exam)
        write = update(students).where(of_exam)
        call.connection.execute(write.values(is_email_sent=True, updated_at=call.now_ms))
        call.connection.execute(write.where(students.c.status.not_in(_BEYOND)).values(status=_SENT))
        mailed = call.connection.execute(select(students).where(of_exam).order_by(students.c.id)).all()
        institute_id = exam._mapping[TENANT]
        outbox.post(call.connection, exam, mailed, institute_id=institute_id, now_ms=call.now_ms)
        return self.sessions.many(call, mailed) if call.operation.envelope else Answer(content={})


def _below(call: Call, item: str = "") -> Call:
    """The call as one of student sessions below the exam."""
    parent = Parent(parameter=call.operation.item, column="exam_id", resource="exams")
    return replace(call, operation=replace(call.operation, item=item, parents=(parent,)))


def _chosen(call: Call) -> Call:
    """The same, with the student session that the query names."""
    name = "student_session_id"
    return replace(_below(call, name), path={**call.path, name: str(call.query.get(name, ""))})
