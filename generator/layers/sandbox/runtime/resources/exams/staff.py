"""Who looks after an exam besides its owner: co-managers, and the proctors of the older version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from ...errors import no_such_object
from ...http.context import Answer, Call, Handler
from ...storage import relations
from ..crud import Crud

_COMANAGER, _PROCTOR = "comanager", "proctor"


class ExamStaff:
    """Users are related to an exam; the answers show the users."""

    def __init__(self, exams: Crud) -> None:
        self._exams = exams

    @property
    def users(self) -> Crud:
        return self._exams.shared.behaviours["users"]

    def actions(self) -> Mapping[str, Handler]:
        return {
            "add_comanager": self.add_comanager,
            "remove_comanager": self.remove_comanager,
            "list_proctor_pool": self.proctors,
            "add_to_proctor_pool": self.add_proctors,
            "remove_from_proctor_pool": self.remove_proctors,
        }

    def add_comanager(self, call: Call) -> Answer:
        exam, user = self._exam(call), self._colleague(call, call.body["comanager_id"])
        relations.relate(call.connection, _COMANAGER, exam, self.users.key_of(user))
        return self.users.one(call, user)

    def remove_comanager(self, call: Call) -> Answer:
        exam, asked = self._exam(call), call.query["comanager_id"]
        user = self._colleague(call, asked)
        if not relations.unrelate(call.connection, _COMANAGER, exam, self.users.key_of(user)):
            raise no_such_object("Comanager", self.users.resource.key, asked)
        return self.users.one(call, user)

    def proctors(self, call: Call) -> Answer:
        related = self.users.key.in_(relations.related(_PROCTOR, self._exam(call)))
        chosen = select(self.users.table).where(related, *self.users.tenancy(call))
        return self.users.many(call, call.connection.execute(chosen.order_by(self.users.key)))

    def add_proctors(self, call: Call) -> Answer:
        for user in self._sent(call):
            relations.relate(call.connection, _PROCTOR, self._exam(call), self.users.key_of(user))
        return self.proctors(call)

    def remove_proctors(self, call: Call) -> Answer:
        for user in self._sent(call):
            relations.unrelate(call.connection, _PROCTOR, self._exam(call), self.users.key_of(user))
        return self.proctors(call)

    def _sent(self, call: Call) -> list[Row[Any]]:
        sent = call.body["proctor_pool"]
        return [self._colleague(call, value) for value in sent] if isinstance(sent, list) else []

    def _exam(self, call: Call) -> int:
        key: int = self._exams.key_of(self._exams.find(call))
        return key

    def _colleague(self, call: Call, value: object) -> Row[Any]:
        return self.users.named(call, value)
