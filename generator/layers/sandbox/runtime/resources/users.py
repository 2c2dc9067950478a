"""Users of institutes: created with credentials that sign requests from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, literal_column, select

from ..errors import forbidden, validation_failed
from ..http.accounts import SUPERUSER, User, close_accounts, credentials_of, open_account
from ..http.context import Handler, HandlerResult, RequestContext
from ..storage import relations
from ..storage.passwords import forget_passwords, set_password
from ..storage.sql_types import TENANT
from .crud import Crud
from .institutes import institute_facts
from .undocumented import sign_in

_CREDENTIALS = ("api_token", "secret_key")
_HIDDEN: ColumnElement[str] = literal_column(f"'{SUPERUSER}'")  # no bound value: the look-up of a row binds its own


class Users(Crud):
    """An account goes with each user; its credentials are kept there and nowhere else."""

    required_columns: ClassVar[frozenset[str]] = frozenset(
        ("institute_id", "email", "role", "institute_name", *_CREDENTIALS)
    )
    required_resources: ClassVar[frozenset[str]] = frozenset(("institutes",))
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("email",),)
    caseless: ClassVar[frozenset[str]] = frozenset(("email",))
    references: ClassVar[Mapping[str, str]] = {"omniauth_config_id": "identity_providers"}

    def named_handlers(self) -> Mapping[str, Handler]:
        return {"signIn": partial(sign_in, self)}

    def hidden_conditions(self) -> list[ColumnElement[bool]]:
        """Superusers are nobody's colleagues: their credentials open every institute."""
        return [self.table.c.role != _HIDDEN]

    def create(self, context: RequestContext) -> HandlerResult:
        if context.body.get("password") != context.body.get("password_confirmation"):
            raise validation_failed({"password_confirmation": ["doesn't match Password"]})
        if context.body.get("role") == SUPERUSER and not context.user.sees_all:
            raise forbidden("forbidden", "Only a superuser may make another one.")
        return super().create(context)

    def insert_requested(self, context: RequestContext, facts: Mapping[str, Any] | None = None) -> Row[Any]:
        row = super().insert_requested(context, facts)
        if "password" in context.body:
            set_password(context.connection, self.key_of(row), str(context.body["password"]))
        return row

    def parse_settings(self, context: RequestContext) -> dict[str, Any]:
        """An empty text takes a setting back."""
        body = {name: None if value == "" else value for name, value in context.body.items()}
        return super().parse_settings(replace(context, body=body))

    def before_create(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        institutes = self.shared.resources["institutes"]
        values |= institute_facts(institutes, connection, values["institute_id"])
        values |= dict.fromkeys(_CREDENTIALS)
        values[TENANT] = values["institute_id"]

    def after_create(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:
        open_account(connection, key, values["institute_id"], values["role"])

    def after_serialize(self, context: RequestContext, row: Row[Any], members: dict[str, Any]) -> None:
        if members.keys() >= set(_CREDENTIALS):
            own = credentials_of(context.connection, self.key_of(row))
            members |= {"api_token": own.token, "secret_key": own.secret_key}

    def destroy(self, context: RequestContext) -> HandlerResult:
        if self.key_of(self.find_requested(context)) == context.user.id:
            raise forbidden("forbidden", "Nobody may delete himself or herself.")
        return super().destroy(context)

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        going = select(self.key).where(*where)
        close_accounts(connection, going)
        forget_passwords(connection, going)
        relations.forget_users(connection, going)
        return []
