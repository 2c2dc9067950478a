"""The zip of everything that was uploaded for an exam, made by a background job."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select, update

from .calls import Answer, Call, Handler
from .crud import Crud
from .files import ANSWER, ATTACHMENT
from .refusals import Refusal


class ExamZip:
    """One job for each exam; a new one replaces the file of the last."""

    def __init__(self, exams: Crud) -> None:
        self._exams = exams
        self._jobs = exams.shared.jobs

    def actions(self) -> Mapping[str, Handler]:
        return {
            "generate_documents_zip": self.generate,
            "documents_zip_status": self.status,
            "download_documents_zip": self.download,
        }

    def generate(self, call: Call) -> Answer:
        key = self._exam(call)
        name = zip_name(key)
        if not self._jobs.queue(call.connection, name):
            return Answer(content={})
        return Answer(content={}, after=partial(self._jobs.start, name, partial(self._write, key, call.now_ms)))

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

    def _write(self, key: int, now_ms: int, connection: Connection, target: Path) -> None:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            told = [
                {"student_session_id": row.id, "status": row.status, "files": self._packed(archive, ANSWER, row.id)}
                for row in self._of_exam(connection, "student_sessions", key)
            ]
            for row in self._of_exam(connection, "attachments", key):
                self._packed(archive, ATTACHMENT, row.id)
            archive.writestr("index.json", json.dumps(told, indent=2))
        facts = {
            "uploaded_exam_documents_file_name": zip_name(key),
            "uploaded_exam_documents_content_type": "application/zip",
            "uploaded_exam_documents_file_size": target.stat().st_size,
            "uploaded_exam_documents_updated_at": now_ms,
        }
        table = self._exams.table
        known = {table.c[name]: value for name, value in facts.items() if name in table.c}
        connection.execute(update(table).where(self._exams.key == key).values(known))

    def _of_exam(self, connection: Connection, resource: str, key: int) -> Sequence[Row[Any]]:
        below = self._exams.shared.behaviours.get(resource)
        if below is None:
            return ()
        return connection.execute(select(below.table).where(below.table.c.exam_id == key).order_by(below.key)).all()

    def _packed(self, archive: zipfile.ZipFile, kind: str, key: int) -> list[str]:
        """Packs the files of one object; their names in the archive."""
        own = self._exams.shared.files.of(kind, key)
        names = {f"{kind}s/{key}/{name}": path for name, path in own.items()}
        for name, path in names.items():
            archive.write(path, name)
        return list(names)


def zip_name(key: int) -> str:
    return f"exam-{key}-documents.zip"
