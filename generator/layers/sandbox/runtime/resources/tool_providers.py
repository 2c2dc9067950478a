"""Tool providers: platforms whose tools exams show, kept for as long as an exam shows one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Connection, select

from ..errors import locked
from ..http.accounts import User
from ..http.context import HandlerResult, RequestContext
from ..storage.sql_types import TENANT
from .crud import Crud
from .institutes import assign_institute


class ToolProviders(Crud):
    """A tool provider belongs to an institute, and is locked while an LTI resource links it to an exam."""

    required_columns: ClassVar[frozenset[str]] = frozenset(("institute_id", "tool_url", "lti_custom_data"))
    references: ClassVar[Mapping[str, str]] = {"institute_id": "institutes"}
    cascades: ClassVar[frozenset[str]] = frozenset(references)
    error_title: ClassVar[str] = "tool provider"

    def before_create(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        assign_institute(user, values)
        values.setdefault("tool_url", "")
        values.setdefault("lti_custom_data", "")

    def derive(self, values: dict[str, Any]) -> None:
        if "institute_id" in values:
            values[TENANT] = values["institute_id"]

    def destroy(self, context: RequestContext) -> HandlerResult:
        users = self._users(context, self.key_of(self.find_requested(context)))
        if users is not None:
            raise locked({"open_exam": [users]})
        return super().destroy(context)

    def _users(self, context: RequestContext, key: int) -> list[dict[str, object]] | None:
        """The exams that show a tool of the platform, as far as the user may see them; None where there are none."""
        links, exams = (self.shared.resources.get(name) for name in ("lti_resources", "exams"))
        if links is None or exams is None:
            return None
        linked_exams = select(links.table.c.exam_id).where(links.table.c.tool_provider_id == key)
        if context.connection.execute(linked_exams.limit(1)).first() is None:
            return None
        visible = select(exams.key, exams.table.c.name).where(
            exams.key.in_(linked_exams), *exams.tenant_conditions(context)
        )
        chosen = context.connection.execute(visible.order_by(exams.key))
        return [{"id": number, "name": name} for number, name in chosen]
