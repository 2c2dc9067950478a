"""What a fresh sandbox starts with, so that every operation can be tried.

All names are made up, and none is one of the printed examples: those can be sent as they are. What the examples
refer to is here under the same ids: the first object of each kind, the user 5, the launch of a learning platform.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from ..http.accounts import DEMO, SUPERUSER, User, label_account, open_account
from ..http.request_parsing import Upload
from ..resources.crud import Crud
from ..resources.exams.attachments import Attachments
from ..resources.exams.documents_zip import ExamZip
from ..resources.exams.exams import Exams
from ..resources.exams.staff import COMANAGER
from ..resources.institutes import Institutes
from ..resources.sessions.events import BEFORE, FINISHED, STARTED, Event, apply_event
from ..resources.sessions.student_files import store_file
from ..resources.sessions.student_sessions import StudentSessions
from ..resources.users import Users
from ..storage.files import ANSWER, FACE_PHOTO, ID_CARD
from ..storage.relations import relate

_HOUR = 3600 * 1000
_DAY = 24 * _HOUR
_INSTITUTES = ({"name": "Sandbox University", "short_name": "sbu"}, {"name": "Second College", "short_name": "sec"})
_EXAMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "demo": {
        "Inorganic chemistry, first sitting": ("Ida Sample", "Zoë Müller-Łukasz", "Otto Sample"),
        "Introduction to logic": ("Kurt Sample",),
    },
    "second": {"Medieval history": ("Hildegard Sample", "Peter Sample")},
}
# what has happened in a sitting that runs, and in one that is over, so many minutes ago
_EVENTS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "after_check_req": ((55, "check"),),
    "in_setup": ((55, "check"), (2, "set_up")),
    "exam_not_started": ((55, "check"), (50, "set_up"), (45, "leave")),
    "exam_started": ((55, "check"), (50, "set_up"), (40, "start"), (20, "incident")),
    "exam_finished": ((55, "check"), (52, "set_up"), (50, "start"), (30, "incident"), (20, "incident"), (5, "finish")),
}
_NAMES = ("Ada", "Bruno", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Irma", "Jonas", "Karla")
_INCIDENTS = {30: "The camera was covered for a moment.", 20: "Somebody else spoke in the room."}
_PROVIDER = {
    "name": "Sandbox University login",
    "idp_sso_target_url": "https://login.sandbox.example/sso",
    "issuer": "https://login.sandbox.example",
}
_TOOLS = (  # the second one has a link, and cannot be deleted
    {
        "tool_name": "Sandbox calculators",
        "tool_url": "https://calculators.sandbox.example/lti",
        "oauth_consumer_key": "sandbox-calculators",
    },
    {
        "tool_name": "Sandbox drawing tools",
        "tool_url": "https://tools.sandbox.example/lti",
        "oauth_consumer_key": "sandbox-university",
    },
)
_LAUNCH = "example-link-1"
_STAFF = (("Nils Sample", "proctor"), ("Vera Sample", "teacher"))
# one grey pixel
_PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
_INSTRUCTIONS = "<p>Answer all questions, and give your reasons.</p>"
_ATTACHMENT = Upload("periodic-table.txt", "text/plain", b"H, He, Li, Be, B, C, N, O, F, Ne\n")
_ANSWERS = b"The synthesis begins with benzene.\n"


class Demo:
    """Fills an empty state through the handlers of the resources; users first."""

    def __init__(self, connection: Connection, resources: Mapping[str, Crud], now_ms: int) -> None:
        self._connection = connection
        self._resources = resources
        self._now_ms = now_ms
        self.users: dict[str, User] = {}

    def fill(self) -> None:
        """Exams with students, where the description has them, and what they can be used with."""
        exams, students = self._resources.get("exams"), self._resources.get("student_sessions")
        if not isinstance(exams, Exams) or not isinstance(students, StudentSessions):
            return
        exams_of = {label: self._add_exams(label, exams, students) for label in _EXAMS}
        self._add_related(exams_of["demo"][0])
        self._add_live_exams(exams, students)

    def make_users(self) -> None:
        """Institutes and the demo users."""
        institutes, users = self._resources.get("institutes"), self._resources.get("users")
        first = User(id=0, institute_id=1, role=SUPERUSER, secret_key="")
        keys = {number: number for number in (1, 2)}
        if isinstance(institutes, Institutes):
            keys = {
                number: self._insert(institutes, first, **values) for number, values in enumerate(_INSTITUTES, start=1)
            }
        for number, (label, institute, role) in enumerate(DEMO, start=1):
            key = number
            if isinstance(users, Users):
                values = {"name": label.capitalize(), "email": f"{label}@staff.example", "role": role}
                key = self._insert(users, first, institute_id=keys[institute], **values)
                label_account(self._connection, key, label)
            else:
                open_account(self._connection, key, keys[institute], role, label=label)
            self.users[label] = User(id=key, institute_id=keys[institute], role=role, secret_key="")

    def _add_exams(self, label: str, exams: Crud, students: Crud) -> list[int]:
        return [self._add_exam(label, exams, students, name, names) for name, names in _EXAMS[label].items()]

    def _add_exam(self, label: str, exams: Crud, students: Crud, name: str, names: tuple[str, ...]) -> int:
        user = self.users[label]
        settings = {"type": "record_review", "duration_minutes": 75, "start_time": self._now_ms + _DAY}
        key: int = self._insert(exams, user, name=name, **settings)
        self._add_instructions(exams, user, key)
        for number, student in enumerate(names, start=1):
            sitting = {"name": student, "email": f"student{number}@{label}.example", "exam_id": key}
            session = self._insert(students, user, external_id=f"student_{number}", **sitting)
            if number == 1:
                self._add_photos(students, session)
        return key

    def _add_live_exams(self, exams: Crud, students: Crud) -> None:
        """A sitting that runs, with a student in each state, and one that is over, as of an hour ago."""
        events_by_status = {**dict.fromkeys((*BEFORE, STARTED, FINISHED), ()), **_EVENTS}
        names = dict(zip(events_by_status, _NAMES, strict=True))
        for name, ends, known in (
            ("Botany, every state", _HOUR, events_by_status),
            ("Zoology, last sitting", -_HOUR // 60, {FINISHED: _EVENTS[FINISHED]}),
        ):
            about = {"type": "live_proctoring", "start_time": self._now_ms - _HOUR, "end_time": self._now_ms + ends}
            exam = self._insert(exams, self.users["demo"], name=name, duration_minutes=60, **about)
            self._add_instructions(exams, self.users["demo"], exam)
            for status, events in known.items():
                self._add_session(students, exam, names[status], status, events)

    def _add_session(
        self, students: Crud, exam: int, name: str, status: str, events: tuple[tuple[int, str], ...]
    ) -> None:
        values = {"name": f"{name} Sample", "email": f"{name.lower()}@demo.example", "exam_id": exam}
        values |= {"is_email_sent": status not in BEFORE[:2]}
        key = students.insert(self._connection, self.users["demo"], values, self._now_ms - _DAY)
        for minutes, event in events:
            comment = _INCIDENTS[minutes] if event == "incident" else None
            apply_event(self._connection, students, key, Event(event, self._now_ms - minutes * _HOUR // 60, comment))
        if not events:
            self._connection.execute(students.table.update().where(students.key == key).values(status=status))

    def _add_instructions(self, exams: Crud, user: User, key: int) -> None:
        """Instructions, which open the exam."""
        if "documents" in self._resources:
            self._insert(self._resources["documents"], user, exam_id=key, exam_content=_INSTRUCTIONS)
        else:
            self._connection.execute(exams.table.update().where(exams.key == key).values(status="open"))

    def _add_photos(self, students: Crud, key: int) -> None:
        """Photos and exam answers, which no operation uploads."""
        for kind, name, content in (
            (FACE_PHOTO, "face.png", _PHOTO),
            (ID_CARD, "card.png", _PHOTO),
            (ANSWER, "answers.txt", _ANSWERS),
        ):
            store_file(self._connection, students, key, kind, name, content, self._now_ms)

    def _add_related(self, exam: int) -> None:
        """What an exam of the demo user can be used with."""
        user = self.users["demo"]
        providers = self._resources.get("tool_providers")
        tools = [self._insert(providers, user, **tool) for tool in _TOOLS] if providers else []
        others: list[tuple[str, Mapping[str, object]]] = [
            ("identity_providers", _PROVIDER),
            *(("users", _staff(user, name, role)) for name, role in _STAFF),
        ]
        if tools:
            link = {"lti_resource_link_name": "Crystal viewer", "exam_id": exam, "tool_provider_id": tools[-1]}
            others.append(("lti_resources", {**link, "lti_resource_link_id": _LAUNCH}))
        keys = {
            name: self._insert(self._resources[name], user, **values)
            for name, values in others
            if name in self._resources
        }
        if "users" in keys:
            relate(self._connection, COMANAGER, exam, keys["users"])
        self._add_files(exam)

    def _add_files(self, exam: int) -> None:
        """An attachment, and the zip of what the students handed in."""
        attachments, exams = self._resources.get("attachments"), self._resources["exams"]
        if isinstance(attachments, Attachments):
            attachments.add(self._connection, self.users["demo"], exam, _ATTACHMENT, self._now_ms)
        ExamZip(exams).make_now(self._connection, exam, self._now_ms)

    def _insert(self, handler: Crud, user: User, **values: object) -> Any:
        return handler.insert(self._connection, user, values, self._now_ms)


def _staff(user: User, name: str, role: str) -> dict[str, object]:
    email = f"{name.split()[0].lower()}@staff.example"
    return {"name": name, "email": email, "role": role, "institute_id": user.institute_id}
