"""The programs of the pages, with the ids of objects that exist in place of those of the examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Literal
from uuid import uuid4

import procwise
from procwise import Client

_PLACE = re.compile(r"/(\w+)/\{(\w+)\}")
_MEMBER = re.compile(r"\b(\w+_id)=(['\"]?)\d+\2")
_POOL = re.compile(r"\b14, ?15\b")


def of_existing(path: str, program: str) -> str:
    """The program, which calls the operation of that path, with ids of objects made for it."""
    with Client() as client:
        objects = Objects(client)
        for collection, name in _PLACE.findall(path):
            kind = collection.removesuffix("s")
            number = objects.new_institute if (kind, name) == ("institute", "id") else getattr(objects, kind)
            program = re.sub(r"(client\.\w+\.\w+\((?:\s*<\d+>,)*\s*)\d+", rf"\g<1><{number}>", program, count=1)
            assert f"<{number}>" in program, name
        program = _MEMBER.sub(lambda found: _member(objects, found), re.sub(r"<(\d+)>", r"\1", program))
        return _POOL.sub(lambda _: f"{objects.proctor}", program)


def _member(objects: Objects, found: re.Match[str]) -> str:
    kinds: dict[str, Callable[[], int]] = {
        "exam_id": lambda: objects.exam,
        "student_session_id": lambda: objects.student_session,
        "tool_provider_id": lambda: objects.tool_provider,
        "institute_id": lambda: objects.institute,
        "comanager_id": lambda: objects.comanager,
        "proctor_id": lambda: objects.proctor,
    }
    make, quote = kinds.get(found[1]), found[2]
    return f"{found[1]}={quote}{make()}{quote}" if make else found[0]


class Objects:
    """Objects of the sandbox, each made when its id is first asked for."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @cached_property
    def exam(self) -> int:
        found = self._client.exams.create(name="An exam", type="record_review")
        self._client.exams.generate_documents_zip(found.id).wait(timeout=20, interval=0.02)
        return found.id

    @cached_property
    def student_session(self) -> int:
        return self._client.student_sessions.create(self.exam, name="S", email="s@student.example").id

    @cached_property
    def attachment(self) -> int:
        return self._client.attachments.create(self.exam, document=b"A file").id

    @cached_property
    def document(self) -> int:
        return self._client.documents.create(self.exam, exam_content="Read this.").id

    @cached_property
    def tool_provider(self) -> int:
        made = self._client.tool_providers.create(
            tool_name="A tool", oauth_consumer_key="key", oauth_consumer_secret="secret"
        )
        return made.id

    @cached_property
    def lti_resource(self) -> int:
        made = self._client.lti_resources.create(
            lti_resource_link_name="A link", exam_id=self.exam, tool_provider_id=self.tool_provider
        )
        return made.id

    @cached_property
    def user(self) -> int:
        return self._user("teacher")

    @cached_property
    def comanager(self) -> int:
        self._client.exams.add_comanager(self.exam, comanager_id=self.user)
        return self.user

    @cached_property
    def proctor(self) -> int:
        return self._user("proctor")

    def _user(self, role: Literal["teacher", "proctor"]) -> int:
        email = f"{uuid4().hex}@staff.example"
        word = "Made-up passw0rd"
        made = self._client.users.create(
            self.institute, email=email, name="U", password=word, password_confirmation=word, role=role
        )
        return int(made.id)

    @cached_property
    def new_institute(self) -> int:
        """One that may be deleted; only a superuser can make it."""
        try:
            made = self._client.institutes.create(name="A school", short_name=uuid4().hex[:6])
        except procwise.ForbiddenError:
            return self.institute
        return made.id

    @cached_property
    def institute(self) -> int:
        found = self._client.exams.show(self.exam).institute_id
        assert isinstance(found, int)
        return found
