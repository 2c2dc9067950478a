"""LTI resources: connections between an exam and a tool of another platform."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Connection, update

from ..errors import validation_failed
from ..http.accounts import User
from ..http.context import RequestContext
from ..storage.sql_types import TENANT
from .crud import Crud


class LtiResources(Crud):
    """A connection belongs to its exam's institute, and takes from its tool provider what is not sent."""

    required_columns: ClassVar[frozenset[str]] = frozenset(
        ("exam_id", "tool_provider_id", "lti_resource_link_id", "lti_resource_launch_url", "placeholder")
    )
    required_resources: ClassVar[frozenset[str]] = frozenset(("exams", "tool_providers"))
    references: ClassVar[Mapping[str, str]] = {"exam_id": "exams", "tool_provider_id": "tool_providers"}
    cascades: ClassVar[frozenset[str]] = frozenset(references)
    error_title: ClassVar[str] = "lti resource"

    def before_create(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        provider = self.shared.resources["tool_providers"].get_row(connection, values["tool_provider_id"])
        values[TENANT] = self._institute(connection, values)
        values.setdefault("lti_resource_launch_url", provider.tool_url)
        values.setdefault("lti_custom_data", provider.lti_custom_data)
        values.setdefault("lti_resource_link_id", secrets.token_hex(16))  # no platform is there to give one

    def store_changes(self, context: RequestContext, key: int, values: Mapping[str, Any]) -> None:
        super().store_changes(context, key, values)
        row = dict(self.get_row(context.connection, key)._mapping)
        if self._institute(context.connection, row) != row[TENANT]:
            raise validation_failed({"exam_id": ["must be of the same institute"]})

    def _institute(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """The institute that exam and tool provider have in common; a superuser sees those of others too."""
        exams, providers = (self.shared.resources[name] for name in ("exams", "tool_providers"))
        institute: int = exams.get_row(connection, values["exam_id"])._mapping[TENANT]
        if providers.get_row(connection, values["tool_provider_id"])._mapping[TENANT] != institute:
            raise validation_failed({"tool_provider_id": ["must be of the exam's institute"]})
        return institute

    def after_create(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:  # noqa: ARG002  # overrides
        connection.execute(update(self.table).where(self.key == key).values(placeholder=f"LTI_EXAM_{key}"))
