"""Identity providers: the single sign-on services of the environment, which all institutes share."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from .calls import Call
from .crud import Crud


class IdentityProviders(Crud):
    """Every user sees all of them."""

    def tenancy(self, call: Call) -> list[ColumnElement[bool]]:  # noqa: ARG002  # overrides
        return []
