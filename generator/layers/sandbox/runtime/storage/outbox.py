"""The outbox: the mails that the API would have sent; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, Row, Table, Text, delete, insert, select

from .sql_types import Key, iso_datetime
from .state import OWN, State

KEPT = 1000
_OUTBOX = Table(
    "_outbox",
    OWN,
    Column("id", Key, primary_key=True),
    Column("sent_at", BigInteger, nullable=False),
    Column("to", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("exam_id", BigInteger, nullable=False),
    Column("student_session_id", BigInteger, nullable=False),
    Column("institute_id", Integer, nullable=False),
    sqlite_autoincrement=True,  # ids are not reused after a reset
)
_TEXT = """Dear {name},

you are registered for the exam "{exam}".
{step}: {link}

The sandbox made this message up; it was sent to nobody."""
_CHECK, _OPEN = "Check your system before the exam begins", "Open your exam here"


def post(
    connection: Connection, exam: Row[Any], students: Iterable[Row[Any]], *, institute_id: int, now_ms: int
) -> None:
    """Keeps one message to each student of the exam; the oldest make room."""
    about = {"exam_id": exam.id, "institute_id": institute_id, "sent_at": now_ms}
    messages = [{**_message(exam, student), **about} for student in students][-KEPT:]
    if messages:
        connection.execute(insert(_OUTBOX), messages)
        last_kept = select(_OUTBOX.c.id).order_by(_OUTBOX.c.id.desc()).offset(KEPT - 1).limit(1)
        connection.execute(delete(_OUTBOX).where(_OUTBOX.c.id < last_kept.scalar_subquery()))


def messages(state: State, limit: int = KEPT) -> list[dict[str, object]]:
    """The last messages of all institutes, the oldest first."""
    with state.transaction() as connection:
        rows = connection.execute(select(_OUTBOX).order_by(_OUTBOX.c.id.desc()).limit(limit)).all()
    return [{**row._mapping, "sent_at": iso_datetime(row.sent_at)} for row in reversed(rows)]


def _message(exam: Row[Any], student: Row[Any]) -> dict[str, object]:
    link = f"https://exam.example/sessions/{student.token or student.id}"
    step = _OPEN if student.skip_requirements else _CHECK
    return {
        "to": student.email or "",
        "name": student.name or "",
        "subject": f"Your exam: {exam.name}",
        "text": _TEXT.format(name=student.name, exam=exam.name, step=step, link=link),
        "link": link,
        "student_session_id": student.id,
    }
