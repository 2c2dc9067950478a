"""Documents: the instructions of an exam, without which it is a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, and_, not_, select, update

from ...api import Field
from ...http.context import Handler, HandlerResult, RequestContext
from ..crud import Crud


class Documents(Crud):
    """The first document of an exam opens it; without its last one it is a draft again."""

    required_columns: ClassVar[frozenset[str]] = frozenset(("exam_id", "exam_content"))
    required_resources: ClassVar[frozenset[str]] = frozenset(("exams",))

    def named_handlers(self) -> Mapping[str, Handler]:
        return {"listDocuments": self.list_documents}

    def list_documents(self, context: RequestContext) -> HandlerResult:
        """One document under its key, as the vendor's pages print the list, and all of them."""
        rows = context.connection.execute(
            select(self.table).where(*self.scope_conditions(context)).order_by(self.key)
        ).all()
        members = {member.name: self._serialize_field(context, member, rows) for member in context.operation.fields}
        return HandlerResult(content={name: value for name, value in members.items() if value is not None})

    def put(self, context: RequestContext, exam_id: int, content: str, tenant: int) -> None:
        """Makes the text the instructions of the exam, as the older version does with the exam itself."""
        first = select(self.key).where(self.table.c.exam_id == exam_id).order_by(self.key).limit(1)
        key = context.connection.scalar(first)
        if key is not None:
            self.store_changes(context, key, {"exam_content": content})
        else:
            values = {"exam_id": exam_id, "exam_content": content}
            self.insert(context.connection, context.user, values, context.now_ms, tenant=tenant)

    def _serialize_field(self, context: RequestContext, member: Field, rows: Sequence[Row[Any]]) -> object:
        inside = replace(context, operation=replace(context.operation, fields=member.fields))
        documents = [self.serialize(inside, row) for row in rows]
        return documents if member.many else next(iter(documents), None)

    def after_create(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:  # noqa: ARG002  # overrides
        exams = self.shared.resources["exams"].table
        drafts = (exams.c.id == values["exam_id"], exams.c.status == "draft")
        connection.execute(update(exams).where(*drafts).values(status="open"))

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        exams, of = self.shared.resources["exams"].table, self.table.c.exam_id
        going, kept = select(of).where(*where), select(of).where(not_(and_(*where)))
        without = (exams.c.id.in_(going), exams.c.id.not_in(kept), exams.c.status == "open")
        connection.execute(update(exams).where(*without).values(status="draft"))
        return []
