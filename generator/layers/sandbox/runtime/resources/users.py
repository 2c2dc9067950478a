"""Users of institutes: created with credentials that sign requests from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, Row, literal_column, select

from ..errors import forbidden, invalid
from ..http.accounts import SUPERUSER, User, close_accounts, credentials_of, open_account
from ..http.context import Answer, Call, Handler
from ..storage import relations
from ..storage.columns import TENANT
from ..storage.passwords import forget_passwords, set_password
from .crud import Crud
from .institutes import facts_of
from .undocumented import sign_in

_CREDENTIALS = ("api_token", "secret_key")
_HIDDEN: ColumnElement[str] = literal_column(f"'{SUPERUSER}'")  # no bound value: the look-up of a row binds its own


class Users(Crud):
    """An account goes with each user; its credentials are kept there and nowhere else."""

    needs: ClassVar[frozenset[str]] = frozenset(("institute_id", "email", "role", "institute_name", *_CREDENTIALS))
    beside: ClassVar[frozenset[str]] = frozenset(("institutes",))
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("email",),)
    caseless: ClassVar[frozenset[str]] = frozenset(("email",))
    references: ClassVar[Mapping[str, str]] = {"omniauth_config_id": "identity_providers"}

    def actions(self) -> Mapping[str, Handler]:
        return {"sign_in": partial(sign_in, self)}

    def hidden(self) -> list[ColumnElement[bool]]:
        """Superusers are nobody's colleagues: their credentials open every institute."""
        return [self.table.c.role != _HIDDEN]

    def create(self, call: Call) -> Answer:
        if call.body.get("password") != call.body.get("password_confirmation"):
            raise invalid({"password_confirmation": ["doesn't match Password"]})
        if call.body.get("role") == SUPERUSER and not call.user.sees_all:
            raise forbidden("forbidden", "Only a superuser may make another one.")
        return super().create(call)

    def made(self, call: Call, facts: Mapping[str, Any] | None = None) -> Row[Any]:
        row = super().made(call, facts)
        if "password" in call.body:
            set_password(call.connection, self.key_of(row), str(call.body["password"]))
        return row

    def accepted(self, call: Call) -> dict[str, Any]:
        """An empty text takes a setting back."""
        body = {name: None if value == "" else value for name, value in call.body.items()}
        return super().accepted(replace(call, body=body))

    def complete(self, connection: Connection, user: User, values: dict[str, Any]) -> None:  # noqa: ARG002  # overrides
        institutes = self.shared.behaviours["institutes"]
        values |= facts_of(institutes, connection, values["institute_id"])
        values |= dict.fromkeys(_CREDENTIALS)
        values[TENANT] = values["institute_id"]

    def settle(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:
        open_account(connection, key, values["institute_id"], values["role"])

    def adjust(self, call: Call, row: Row[Any], members: dict[str, Any]) -> None:
        if members.keys() >= set(_CREDENTIALS):
            own = credentials_of(call.connection, self.key_of(row))
            members |= {"api_token": own.token, "secret_key": own.secret_key}

    def destroy(self, call: Call) -> Answer:
        if self.key_of(self.find(call)) == call.user.id:
            raise forbidden("forbidden", "Nobody may delete himself or herself.")
        return super().destroy(call)

    def release(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        going = select(self.key).where(*where)
        close_accounts(connection, going)
        forget_passwords(connection, going)
        relations.forget_users(connection, going)
        return []
