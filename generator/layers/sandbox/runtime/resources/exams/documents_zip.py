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

from ...errors import ApiError
from ...http.context import Handler, HandlerResult, RequestContext
from ...storage.files import ANSWER, ATTACHMENT, open_private
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
        self._jobs.set_work(self)

    def named_handlers(self) -> Mapping[str, Handler]:
        return {
            "generateExamDocumentsZip": self.generate,
            "showExamDocumentsZipStatus": self.status,
            "downloadExamDocumentsZip": self.download,
        }

    def generate(self, context: RequestContext) -> HandlerResult:
        key = self._exam(context)
        self._jobs.queue(context.connection, zip_name(key), key, context.now_ms)
        return HandlerResult(content={}, after=self._jobs.wake)

    def status(self, context: RequestContext) -> HandlerResult:
        return HandlerResult(
            content={"zip_job_status": self._jobs.status(context.connection, zip_name(self._exam(context)))}
        )

    def download(self, context: RequestContext) -> HandlerResult:
        name = zip_name(self._exam(context))
        if self._jobs.status(context.connection, name) != "success":
            raise ApiError(
                404, "zip_not_ready", "The zip is not ready: start it, and wait until its status is success."
            )
        return HandlerResult(file=self._jobs.file(name))

    def make_now(self, connection: Connection, exam: int, now_ms: int) -> None:
        """Makes the zip of an exam without a job."""
        name = zip_name(exam)
        file = self._jobs.file(name)
        self.make(self.collect(connection, exam), file)
        self.record(connection, exam, file, now_ms)
        self._jobs.add_successful(connection, name, exam, now_ms)

    def _exam(self, context: RequestContext) -> int:
        key: int = self._exams.key_of(self._exams.find_requested(context))
        return key

    def collect(self, connection: Connection, subject: int) -> _Contents:
        """What the state knows of the exam's files."""
        sessions = {row.id: row.status for row in self._of_exam(connection, "student_sessions", subject)}
        return _Contents(sessions, [row.id for row in self._of_exam(connection, "attachments", subject)])

    def make(self, collected: _Contents, target: Path) -> None:
        """Packs the files, which takes long: the state is not held meanwhile."""
        with (
            open(target, "wb", opener=open_private) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            index = [
                {"student_session_id": key, "status": status, "files": self._pack(archive, ANSWER, key)}
                for key, status in collected.sessions.items()
            ]
            for key in collected.attachments:
                self._pack(archive, ATTACHMENT, key)
            archive.writestr("index.json", json.dumps(index, indent=2))

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
        below = self._exams.shared.resources.get(resource)
        if below is None:
            return ()
        return connection.execute(select(below.table).where(below.table.c.exam_id == key).order_by(below.key)).all()

    def _pack(self, archive: zipfile.ZipFile, kind: str, key: int) -> list[str]:
        """Packs the files of one object; their names in the archive."""
        names = []
        for name, path in self._exams.shared.files.of(kind, key).items():
            with suppress(FileNotFoundError):  # removed since it was collected
                archive.write(path, f"{kind}s/{key}/{name}")
                names.append(f"{kind}s/{key}/{name}")
        return names


def zip_name(key: int) -> str:
    return f"exam-{key}-documents.zip"
