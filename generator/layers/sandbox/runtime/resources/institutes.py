"""Institutes: the tenants. Users see their own only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, select, update

from ..errors import forbidden, validation_failed
from ..http.accounts import User
from ..http.context import HandlerResult, RequestContext
from ..storage.sql_types import TENANT
from .crud import Crud

OWNED = ("exams", "users")  # what else ends with an institute: jobs, files, accounts


class Institutes(Crud):
    """What belongs to an institute goes with it."""

    required_columns: ClassVar[frozenset[str]] = frozenset(("name", "default_language", "default_exam_languages"))
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("name",),)

    def derive(self, values: dict[str, Any]) -> None:
        language = values.get("default_language")
        if language is not None:  # its older names
            values["default_exam_languages"] = values["default_locale"] = language

    def after_create(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:  # noqa: ARG002  # overrides
        connection.execute(update(self.table).where(self.key == key).values({self.table.c[TENANT]: key}))

    def store_changes(self, context: RequestContext, key: int, values: Mapping[str, Any]) -> None:
        super().store_changes(context, key, values)
        users = self.shared.resources.get("users")
        if users is not None:
            facts = institute_facts(self, context.connection, key)
            known = {users.table.c[name]: value for name, value in facts.items() if name in users.table.c}
            context.connection.execute(update(users.table).where(users.table.c[TENANT] == key).values(known))

    def destroy(self, context: RequestContext) -> HandlerResult:
        if self.key_of(self.find_requested(context)) == context.user.institute_id:
            raise forbidden("forbidden", "Nobody may delete the institute that he or she belongs to.")
        return super().destroy(context)

    def before_delete(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        going = select(self.key).where(*where)
        owned = [self.shared.resources[name] for name in OWNED if name in self.shared.resources]
        return [name for other in owned for name in other.before_delete(connection, other.table.c[TENANT].in_(going))]


def institute_facts(institutes: Crud, connection: Connection, key: object) -> dict[str, Any]:
    """The members of a user that come from the institute."""
    row = institutes.get_row(connection, key)._mapping
    members = ("logo_image", "global_proctor", "global_reviewer")
    return {"institute_name": row["name"], **{name: row[name] for name in members if name in row}}


def assign_institute(user: User, values: dict[str, Any]) -> None:
    """Sets the institute of a new object: the one that it names, or the user's."""
    institute = values.get("institute_id")
    if institute is not None and institute != user.institute_id and not user.sees_all:
        raise validation_failed({"institute_id": ["is not an institute of yours"]})
    values["institute_id"] = values[TENANT] = institute or user.institute_id
