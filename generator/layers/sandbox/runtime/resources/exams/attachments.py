"""Attachments: uploaded files that the instructions of an exam can show."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import ColumnElement, Connection, Row, select

from ...errors import validation_failed
from ...http.context import HandlerResult, RequestContext
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
        name = safe_name(upload.name)
        facts = {
            "document_file_name": name,
            "document_content_type": upload.media_type,
            "document_file_size": len(upload.content),
            "placeholder": f"{context.now_ms // 1000}_{name}",
        }
        row = self.insert_requested(context, facts)
        self.shared.files.save(self.file_of(row), upload.content)
        return self.respond_one(context, row)

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        return [self.file_of(row) for row in connection.execute(select(self.table).where(*where))]

    def file_of(self, row: Row[tuple[object, ...]]) -> str:
        """What its file is called in the folder."""
        return stored_file_name(ATTACHMENT, self.key_of(row), row.document_file_name)
