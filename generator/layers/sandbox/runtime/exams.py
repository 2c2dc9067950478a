"""Exams: both versions over one table, and the zip of everything that students handed in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, Row, select, update

from .columns import TENANT
from .crud import Answer, Call, Crud, Handler
from .refusals import Refusal, invalid
from .users import User

_LIVE, _REVIEWED = "live_proctoring", "record_review"
# what the older version calls a type, the newer one says by a type and two switches
_OLDER_TYPES: Mapping[str, Mapping[str, object]] = {
    "local_proctoring": {"type": _LIVE, "global_proctoring": False, "global_reviewing": False},
    "global_proctoring": {"type": _LIVE, "global_proctoring": True, "global_reviewing": False},
    "local_reviewing": {"type": _REVIEWED, "global_proctoring": False, "global_reviewing": False},
    "global_reviewing": {"type": _REVIEWED, "global_proctoring": False, "global_reviewing": True},
}
_MODES = {_LIVE: "01101000", _REVIEWED: "01110000"}
_OTHER_MODE = "01100000"


class Exams(Crud):
    """Exams are drafts until they have instructions; a student goes with the exam."""

    needs: ClassVar[frozenset[str]] = frozenset(
        (
            "institute_id",
            "user_id",
            "start_time",
            "status",
            "type",
            "mode",
            "duration_minutes",
            "live_proctoring",
            "global_proctoring",
            "global_reviewing",
        )
    )
    aliases: ClassVar[Mapping[str, str]] = {"duration": "duration_minutes"}

    def actions(self) -> Mapping[str, Handler]:
        return {
            "generate_documents_zip": self.generate_zip,
            "documents_zip_status": self.zip_status,
            "download_documents_zip": self.download_zip,
        }

    def complete(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        institute = values.get("institute_id")
        if institute is not None and institute != user.institute_id and not user.sees_all:
            raise invalid({"institute_id": ["is not an institute of yours"]})
        values["institute_id"] = values[TENANT] = institute or user.institute_id
        values["user_id"] = user.id
        values.setdefault("start_time", values.get("created_at"))
        values["status"] = "open" if values.get("exam_content") else "draft"

    def derive(self, values: dict[str, Any]) -> None:
        older = _OLDER_TYPES.get(values.get("type", ""))
        values |= older or {}
        if "type" in values:
            values["live_proctoring"] = values["type"] == _LIVE
            values["mode"] = _MODES.get(values["type"], _OTHER_MODE)

    def adjust(self, row: Row[Any], members: dict[str, Any]) -> None:
        if "type" in members and members["type"] not in _OLDER_TYPES:
            wide = bool(row.global_proctoring or row.global_reviewing)
            members["type"] = f"{'global' if wide else 'local'}_{'proctoring' if row.live_proctoring else 'reviewing'}"

    def update(self, call: Call) -> Answer:
        institute = self.find(call).institute_id
        if call.body.get("institute_id", institute) != institute:
            raise invalid({"institute_id": ["can't be changed"]})
        return super().update(call)

    def destroy(self, call: Call) -> Answer:
        name = _zip_name(self._key_of(call))
        answer = super().destroy(call)
        self.jobs.forget(call.connection, name)
        return Answer(content=answer.content, after=partial(self.jobs.file(name).unlink, missing_ok=True))

    def generate_zip(self, call: Call) -> Answer:
        key = self._key_of(call)
        name = _zip_name(key)
        if not self.jobs.queue(call.connection, name):
            return Answer(content={})
        return Answer(content={}, after=partial(self.jobs.start, name, partial(self._write_zip, key, call.now_ms)))

    def zip_status(self, call: Call) -> Answer:
        return Answer(content={"zip_job_status": self.jobs.status(call.connection, _zip_name(self._key_of(call)))})

    def download_zip(self, call: Call) -> Answer:
        name = _zip_name(self._key_of(call))
        if self.jobs.status(call.connection, name) != "success":
            raise Refusal(404, "zip_not_ready", "The zip is not ready: start it, and wait until its status is success.")
        return Answer(file=self.jobs.file(name))

    def _key_of(self, call: Call) -> int:
        key: int = self.find(call)._mapping[self.table.c[self.resource.key]]
        return key

    def _write_zip(self, key: int, now_ms: int, connection: Connection, target: Path) -> None:
        students = self.resources["student_sessions"].table
        rows = connection.execute(select(students.c.id, students.c.status).where(students.c.exam_id == key))
        told = [{"student_session_id": row.id, "status": row.status, "files": []} for row in rows]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("index.json", json.dumps(told, indent=2))
        facts = {
            "uploaded_exam_documents_file_name": self.jobs.file(_zip_name(key)).name,
            "uploaded_exam_documents_content_type": "application/zip",
            "uploaded_exam_documents_file_size": target.stat().st_size,
            "uploaded_exam_documents_updated_at": now_ms,
        }
        known = {self.table.c[name]: value for name, value in facts.items() if name in self.table.c}
        connection.execute(update(self.table).where(self.table.c[self.resource.key] == key).values(known))


def _zip_name(key: int) -> str:
    return f"exam-{key}-documents.zip"
