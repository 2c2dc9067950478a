"""LTI resources: connections between an exam and a tool of another platform."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import Connection, update

from .accounts import User
from .columns import TENANT
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
        exams, providers = (self.shared.behaviours[name] for name in ("exams", "tool_providers"))
        provider = providers.row(connection, values["tool_provider_id"])
        values[TENANT] = exams.row(connection, values["exam_id"])._mapping[TENANT]
        values.setdefault("lti_resource_launch_url", provider.tool_url)
        values.setdefault("lti_custom_data", provider.lti_custom_data)
        values["lti_resource_link_id"] = secrets.token_hex(16)  # no platform is there to give one

    def settle(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:  # noqa: ARG002  # overrides
        connection.execute(update(self.table).where(self.key == key).values(placeholder=f"LTI_EXAM_{key}"))
