"""Attachments: uploaded files that the instructions of an exam can show."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ColumnElement, Connection, Row, select

from ...errors import validation_failed
from ...http.accounts import User
from ...http.context import HandlerResult, RequestContext
from ...http.request_parsing import Upload
from ...storage.files import ATTACHMENT, safe_name, stored_file_name
from ..crud import Crud

_FILE = "document"


class Attachments(Crud):
    """The file is kept in the folder, what is known of it in the table."""

    required_columns: ClassVar[frozenset[str]] = frozenset(
        ("exam_id", "document_file_name", "document_content_type", "document_file_size", "placeholder")
    )

    def create(self, context: RequestContext) -> HandlerResult:
        upload = context.files.get(_FILE)
        if upload is None:
            raise validation_failed({_FILE: ["must be an uploaded file"]})
        row = self.insert_requested(context, _columns_of(upload, context.now_ms))
        self.shared.files.save(self.file_of(row), upload.content)
        return self.respond_one(context, row)

    def add(self, connection: Connection, user: User, exam: int, upload: Upload, now_ms: int) -> None:
        """Adds a file to an exam without a request."""
        key = self.insert(connection, user, {"exam_id": exam, **_columns_of(upload, now_ms)}, now_ms)
        self.shared.files.save(self.file_of(self.get_row(connection, key)), upload.content)

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        return [self.file_of(row) for row in connection.execute(select(self.table).where(*where))]

    def file_of(self, row: Row[tuple[object, ...]]) -> str:
        """What its file is called in the folder."""
        return stored_file_name(ATTACHMENT, self.key_of(row), row.document_file_name)


def _columns_of(upload: Upload, now_ms: int) -> dict[str, object]:
    name = safe_name(upload.name)
    return {
        "document_file_name": name,
        "document_content_type": upload.media_type,
        "document_file_size": len(upload.content),
        "placeholder": f"{now_ms // 1000}_{name}",
    }
