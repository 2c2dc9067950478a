"""The zip of everything that was uploaded for an exam, made by a background job."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select, update

from ...errors import Refusal
from ...http.context import Answer, Call, Handler
from ...storage.files import ANSWER, ATTACHMENT
from ..crud import Crud


@dataclass(frozen=True, slots=True)
class _Contents:
    """The student sessions of an exam with their states, and its attachments, by number."""

    sessions: Mapping[int, object]
    attachments: Sequence[int]


class ExamZip:
    """One job for each exam; a new one replaces the file of the last."""

    def __init__(self, exams: Crud) -> None:
        self._exams = exams
        self._jobs = exams.shared.jobs
        self._jobs.do(self)

    def actions(self) -> Mapping[str, Handler]:
        return {
            "generate_documents_zip": self.generate,
            "documents_zip_status": self.status,
            "download_documents_zip": self.download,
        }

    def generate(self, call: Call) -> Answer:
        key = self._exam(call)
        self._jobs.queue(call.connection, zip_name(key), key, call.now_ms)
        return Answer(content={}, after=self._jobs.wake)

    def status(self, call: Call) -> Answer:
        return Answer(content={"zip_job_status": self._jobs.status(call.connection, zip_name(self._exam(call)))})

    def download(self, call: Call) -> Answer:
        name = zip_name(self._exam(call))
        if self._jobs.status(call.connection, name) != "success":
            raise Refusal(404, "zip_not_ready", "The zip is not ready: start it, and wait until its status is success.")
        return Answer(file=self._jobs.file(name))

    def _exam(self, call: Call) -> int:
        key: int = self._exams.key_of(self._exams.find(call))
        return key

    def collect(self, connection: Connection, subject: int) -> _Contents:
        """What the state knows of the exam's files."""
        sessions = {row.id: row.status for row in self._of_exam(connection, "student_sessions", subject)}
        return _Contents(sessions, [row.id for row in self._of_exam(connection, "attachments", subject)])

    def make(self, collected: _Contents, target: Path) -> None:
        """Packs the files, which takes long: the state is not held meanwhile."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            told = [
                {"student_session_id": key, "status": status, "files": self._packed(archive, ANSWER, key)}
                for key, status in collected.sessions.items()
            ]
            for key in collected.attachments:
                self._packed(archive, ATTACHMENT, key)
            archive.writestr("index.json", json.dumps(told, indent=2))

    def record(self, connection: Connection, subject: int, file: Path, asked_at: int) -> None:
        facts = {
            "uploaded_exam_documents_file_name": zip_name(subject),
            "uploaded_exam_documents_content_type": "application/zip",
            "uploaded_exam_documents_file_size": file.stat().st_size,
            "uploaded_exam_documents_updated_at": asked_at,
        }
        table = self._exams.table
        known = {table.c[name]: value for name, value in facts.items() if name in table.c}
        connection.execute(update(table).where(self._exams.key == subject).values(known))

    def _of_exam(self, connection: Connection, resource: str, key: int) -> Sequence[Row[Any]]:
        below = self._exams.shared.behaviours.get(resource)
        if below is None:
            return ()
        return connection.execute(select(below.table).where(below.table.c.exam_id == key).order_by(below.key)).all()

    def _packed(self, archive: zipfile.ZipFile, kind: str, key: int) -> list[str]:
        """Packs the files of one object; their names in the archive."""
        packed = []
        for name, path in self._exams.shared.files.of(kind, key).items():
            with suppress(FileNotFoundError):  # removed since it was collected
                archive.write(path, f"{kind}s/{key}/{name}")
                packed.append(f"{kind}s/{key}/{name}")
        return packed


def zip_name(key: int) -> str:
    return f"exam-{key}-documents.zip"
