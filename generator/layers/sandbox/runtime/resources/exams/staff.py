"""The staff of an exam: co-managers, and the proctor pool of v1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from ...errors import record_not_found
from ...http.context import Handler, HandlerResult, RequestContext
from ...storage import relations
from ..crud import Crud

COMANAGER, _PROCTOR = "comanager", "proctor"


class ExamStaff:
    """Operations that relate users to an exam; the responses contain the users."""

    def __init__(self, exams: Crud) -> None:
        self._exams = exams

    @property
    def users(self) -> Crud:
        return self._exams.shared.resources["users"]

    def named_handlers(self) -> Mapping[str, Handler]:
        return {
            "addComanager": self.add_comanager,
            "removeComanager": self.remove_comanager,
            "listProctorPool": self.proctors,
            "addToProctorPool": self.add_proctors,
            "removeFromProctorPool": self.remove_proctors,
        }

    def add_comanager(self, context: RequestContext) -> HandlerResult:
        exam, user = self._exam(context), self._find_user(context, context.body["comanager_id"])
        relations.relate(context.connection, COMANAGER, exam, self.users.key_of(user))
        return self.users.respond_one(context, user)

    def remove_comanager(self, context: RequestContext) -> HandlerResult:
        exam, asked = self._exam(context), context.query["comanager_id"]
        user = self._find_user(context, asked)
        if not relations.unrelate(context.connection, COMANAGER, exam, self.users.key_of(user)):
            raise record_not_found("Comanager", self.users.resource.key, asked)
        return self.users.respond_one(context, user)

    def proctors(self, context: RequestContext) -> HandlerResult:
        related = self.users.key.in_(relations.users_of_kind(_PROCTOR, self._exam(context)))
        chosen = select(self.users.table).where(related, *self.users.tenant_conditions(context))
        return self.users.respond_many(context, context.connection.execute(chosen.order_by(self.users.key)))

    def add_proctors(self, context: RequestContext) -> HandlerResult:
        for user in self._sent_users(context):
            relations.relate(context.connection, _PROCTOR, self._exam(context), self.users.key_of(user))
        return self.proctors(context)

    def remove_proctors(self, context: RequestContext) -> HandlerResult:
        for user in self._sent_users(context):
            relations.unrelate(context.connection, _PROCTOR, self._exam(context), self.users.key_of(user))
        return self.proctors(context)

    def _sent_users(self, context: RequestContext) -> list[Row[Any]]:
        sent = context.body["proctor_pool"]
        return [self._find_user(context, value) for value in sent] if isinstance(sent, list) else []

    def _exam(self, context: RequestContext) -> int:
        key: int = self._exams.key_of(self._exams.find_requested(context))
        return key

    def _find_user(self, context: RequestContext, value: object) -> Row[Any]:
        return self.users.find_by_key(context, value)
