"""Institutes: the tenants themselves. Each is its own institute, and its users see no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, select, update

from ..errors import forbidden, invalid
from ..http.accounts import User
from ..http.context import Answer, Call
from ..storage.columns import TENANT
from .crud import Crud

OWNED = ("exams", "users")  # what else ends with an institute: jobs, files, accounts


class Institutes(Crud):
    """What belongs to an institute goes with it."""

    needs: ClassVar[frozenset[str]] = frozenset(("name", "default_language", "default_exam_languages"))
    unique: ClassVar[tuple[tuple[str, ...], ...]] = (("name",),)

    def derive(self, values: dict[str, Any]) -> None:
        language = values.get("default_language")
        if language is not None:  # its older names
            values["default_exam_languages"] = values["default_locale"] = language

    def settle(self, connection: Connection, key: int, values: Mapping[str, Any]) -> None:  # noqa: ARG002  # overrides
        connection.execute(update(self.table).where(self.key == key).values({self.table.c[TENANT]: key}))

    def change(self, call: Call, key: int, values: Mapping[str, Any]) -> None:
        super().change(call, key, values)
        users = self.shared.behaviours.get("users")
        if users is not None:
            told = facts_of(self, call.connection, key)
            known = {users.table.c[name]: value for name, value in told.items() if name in users.table.c}
            call.connection.execute(update(users.table).where(users.table.c[TENANT] == key).values(known))

    def destroy(self, call: Call) -> Answer:
        if self.key_of(self.find(call)) == call.user.institute_id:
            raise forbidden("forbidden", "Nobody may delete the institute that he or she belongs to.")
        return super().destroy(call)

    def release(self, connection: Connection, *where: ColumnElement[bool]) -> list[str]:
        going = select(self.key).where(*where)
        owned = [self.shared.behaviours[name] for name in OWNED if name in self.shared.behaviours]
        return [name for other in owned for name in other.release(connection, other.table.c[TENANT].in_(going))]


def facts_of(institutes: Crud, connection: Connection, key: object) -> dict[str, Any]:
    """What an institute tells about each of its users."""
    row = institutes.row(connection, key)._mapping
    members = ("logo_image", "global_proctor", "global_reviewer")
    return {"institute_name": row["name"], **{name: row[name] for name in members if name in row}}


def belong(user: User, values: dict[str, Any]) -> None:
    """Gives a new object to the institute that it names, or else to the user's."""
    institute = values.get("institute_id")
    if institute is not None and institute != user.institute_id and not user.sees_all:
        raise invalid({"institute_id": ["is not an institute of yours"]})
    values["institute_id"] = values[TENANT] = institute or user.institute_id
