"""LTI resources: connections between an exam and a tool of another platform."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Connection, update

from ..errors import invalid
from ..http.accounts import User
from ..http.context import Call
from ..storage.columns import TENANT
from .crud import Crud


class LtiResources(Crud):
    """A connection belongs to its exam's institute, and takes from its tool provider what is not sent."""

    needs: ClassVar[frozenset[str]] = frozenset(
        ("exam_id", "tool_provider_id", "lti_resource_link_id", "lti_resource_launch_url", "placeholder")
    )
    beside: ClassVar[frozenset[str]] = frozenset(("exams", "tool_providers"))
    references: ClassVar[Mapping[str, str]] = {"exam_id": "exams", "tool_provider_id": "tool_providers"}
    cascades: ClassVar[frozenset[str]] = frozenset(references)
    known_as: ClassVar[str] = "lti resource"

    def complete(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        provider = self.shared.behaviours["tool_providers"].row(connection, values["tool_provider_id"])
        values[TENANT] = self._institute(connection, values)
        values.setdefault("lti_resource_launch_url", provider.tool_url)
        values.setdefault("lti_custom_data", provider.lti_custom_data)
        values["lti_resource_link_id"] = secrets.token_hex(16)  # no platform is there to give one

    def change(self, call: Call, key: int, values: Mapping[str, Any]) -> None:
        super().change(call, key, values)
        row = dict(self.row(call.connection, key)._mapping)
        if self._institute(call.connection, row) != row[TENANT]:
            raise invalid({"exam_id": ["must be of the same institute"]})

    def _institute(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """The institute that exam and tool provider have in common; a superuser sees those of others too."""
        exams, providers = (self.shared.behaviours[name] for name in ("exams", "tool_providers"))
        institute: int = exams.row(connection, values["exam_id"])._mapping[TENANT]
        if providers.row(connection, values["tool_provider_id"])._mapping[TENANT] != institute:
            raise invalid({"tool_provider_id": ["must be of the exam's institute"]})
        return institute

    def settle(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:  # noqa: ARG002  # overrides
        connection.execute(update(self.table).where(self.key == key).values(placeholder=f"LTI_EXAM_{key}"))
