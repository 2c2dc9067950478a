"""The exams and students that a fresh sandbox starts with; all names are made up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from .crud import Crud
from .exams import Exams
from .student_sessions import StudentSessions
from .users import demo_user, seed_users

_DAY = 24 * 3600 * 1000
_EXAMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "demo": {
        "Organic chemistry, second sitting": ("Ada Example", "Zoë Müller-Łukasz", "Grace Sample"),
        "Introduction to logic": ("Kurt Sample",),
    },
    "second": {"Medieval history": ("Hildegard Example", "Peter Sample")},
}


def seed(connection: Connection, behaviours: Mapping[str, Crud], now_ms: int) -> None:
    """Makes the demo users and, where the description has them, exams with students."""
    if not seed_users(connection):
        return
    exams, students = behaviours.get("exams"), behaviours.get("student_sessions")
    if isinstance(exams, Exams) and isinstance(students, StudentSessions):
        for label, sittings in _EXAMS.items():
            for name, names in sittings.items():
                _exam(connection, exams, students, label, name, names, now_ms)


def _exam(
    connection: Connection,
    exams: Crud,
    students: Crud,
    label: str,
    name: str,
    names: tuple[str, ...],
    now_ms: int,
) -> None:
    user = demo_user(connection, label)
    settings: dict[str, Any] = {
        "name": name,
        "type": "record_review",
        "duration_minutes": 75,
        "start_time": now_ms + _DAY,
    }
    key = exams.add(connection, user, settings, now_ms)
    connection.execute(exams.table.update().where(exams.table.c.id == key).values(status="open"))
    for number, student in enumerate(names, start=1):
        sitting = {"name": student, "email": f"student{number}@{label}.example", "exam_id": key}
        students.add(connection, user, sitting, now_ms)
