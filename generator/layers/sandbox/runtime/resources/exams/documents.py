"""Documents: the instructions of an exam, without which it is a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, and_, not_, select, update

from ...http.context import Answer, Call, Handler
from ...model import Field
from ..crud import Crud


class Documents(Crud):
    """The first document of an exam opens it; without its last one it is a draft again."""

    needs: ClassVar[frozenset[str]] = frozenset(("exam_id", "exam_content"))
    beside: ClassVar[frozenset[str]] = frozenset(("exams",))

    def actions(self) -> Mapping[str, Handler]:
        return {"list": self.printed}

    def printed(self, call: Call) -> Answer:
        """One document under its key, as the list is printed; all of them beside it."""
        rows = call.connection.execute(select(self.table).where(*self.scope(call)).order_by(self.key)).all()
        told = {member.name: self._told(call, member, rows) for member in call.operation.fields}
        return Answer(content={name: value for name, value in told.items() if value is not None})

    def put(self, call: Call, exam_id: int, content: str, tenant: int) -> None:
        """Makes the text the instructions of the exam, as the older version does with the exam itself."""
        first = select(self.key).where(self.table.c.exam_id == exam_id).order_by(self.key).limit(1)
        key = call.connection.scalar(first)
        if key is not None:
            self.change(call, key, {"exam_content": content})
        else:
            values = {"exam_id": exam_id, "exam_content": content}
            self.add(call.connection, call.user, values, call.now_ms, tenant=tenant)

    def _told(self, call: Call, member: Field, rows: Sequence[Row[Any]]) -> object:
        inside = replace(call, operation=replace(call.operation, fields=member.fields))
        shown = [self.shown(inside, row) for row in rows]
        return shown if member.many else next(iter(shown), None)

    def settle(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:  # noqa: ARG002  # overrides
        exams = self.shared.behaviours["exams"].table
        drafts = (exams.c.id == values["exam_id"], exams.c.status == "draft")
        connection.execute(update(exams).where(*drafts).values(status="open"))

    def release(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        exams, of = self.shared.behaviours["exams"].table, self.table.c.exam_id
        going, kept = select(of).where(*where), select(of).where(not_(and_(*where)))
        without = (exams.c.id.in_(going), exams.c.id.not_in(kept), exams.c.status == "open")
        connection.execute(update(exams).where(*without).values(status="draft"))
        return []
