"""Objects of one institute in the hands of another, as far as tokens and the description say whose they are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ...api import Api, Json, Operation, label_of
from ...results import ADVISORY, Level, Result
from ...stateful.checks.check import Check
from ...stateful.checks.objects import FOREIGN_LIST, FOREIGN_READ, FOREIGN_WRITE
from ..judge import Judge, Observed
from .objects import Key, find_item, find_member

_MOST_OBJECTS = 20_000
_MOST_USERS = 2_000
_FORBIDDEN = 403
_Certainty = Literal["own", "shown", "possible", "none"]


@dataclass(slots=True)
class _User:
    """One token: the institute of what it created, and what is known of its role."""

    tenant: Json = None
    is_ordinary: bool = False
    is_super: bool = False


@dataclass(slots=True)
class _Owned:
    """One object: who created it, its institute, and what it is called."""

    owner: str
    tenant: Json
    label: str
    called: Json


class TenantJudge:
    """Knows which token made what, and of which institute that is."""

    def __init__(self, judge: Judge) -> None:
        plan = judge.plan
        self._judge = judge
        self._users: OrderedDict[str, _User] = OrderedDict()
        self._objects: OrderedDict[Key, _Owned] = OrderedDict()
        self._tenants = _find_tenant_members(judge.api)
        self._first = plan.credentials.token
        self._second = plan.second.token if plan.second is not None else ""
        self._super = plan.superuser.token if plan.superuser is not None else ""

    def judge(self, observed: Observed, identity: str) -> Iterator[Result]:
        """Whether a response shows or changes what belongs to another institute than that of the token."""
        if not identity or observed.recorded.is_cached:
            return
        user, operation = self._find_user(identity), observed.operation
        if operation.restricted:
            user.is_ordinary |= observed.status == _FORBIDDEN
            user.is_super |= observed.succeeded
        if not observed.succeeded:
            return
        if operation.kind == "create":
            self._note_creation(observed, identity, user)
            return
        if operation.kind == "list":
            yield from self._judge_list(observed, identity, user)
            return
        key = find_item(self._judge.api, observed)
        if key is not None:
            check = FOREIGN_READ if operation.safe else FOREIGN_WRITE
            yield from self._judge_one(observed, check, key, observed.object, identity, user)

    def _find_user(self, identity: str) -> _User:
        user = self._users.setdefault(identity, _User())
        self._users.move_to_end(identity)
        if len(self._users) > _MOST_USERS:
            self._users.popitem(last=False)
        user.is_ordinary |= identity in (self._first, self._second) and bool(self._second)
        user.is_super |= identity == self._super
        return user

    def _note_creation(self, observed: Observed, identity: str, user: _User) -> None:
        operation, shown = observed.operation, observed.object
        key = find_member(self._judge.api, operation, observed.parts.path, shown)
        name = self._tenants.get(operation.resource, "")
        tenant = shown.get(name) if name else None
        if name and name not in observed.parts.body and not observed.parts.path:
            user.tenant = tenant if tenant is not None else user.tenant
        if key is not None:
            label = label_of(operation)
            named = label.name if label is not None else ""
            self._objects[key] = _Owned(owner=identity, tenant=tenant, label=named, called=shown.get(named))
            self._objects.move_to_end(key)
            if len(self._objects) > _MOST_OBJECTS:
                self._objects.popitem(last=False)

    def _judge_list(self, observed: Observed, identity: str, user: _User) -> Iterator[Result]:
        for item in observed.items:
            key = find_member(self._judge.api, observed.operation, observed.parts.path, item)
            if key is not None:
                yield from self._judge_one(observed, FOREIGN_LIST, key, item, identity, user)

    def _judge_one(
        self,
        observed: Observed,
        check: Check,
        key: Key,
        shown: Mapping[str, Json],
        identity: str,
        user: _User,
    ) -> Iterator[Result]:
        if user.is_super:
            return
        level = self._find_level(key, shown, identity, user, is_read=observed.operation.safe)
        if level == "none":
            return
        api = self._judge.api
        said, expected = f"an object of {api.other_owner}", f"404 for {api.stranger}"
        given: Level | None = ADVISORY if level == "possible" else None
        fine = level == "own"
        yield from self._judge.verdict(check, observed, fine, expected, observed=said, level=given, detail="foreign")

    def _find_level(
        self, key: Key, shown: Mapping[str, Json], identity: str, user: _User, *, is_read: bool
    ) -> _Certainty:
        """Whether an object is `own`, certainly foreign (`shown`), possibly foreign, or `none` if nothing is known."""
        name = self._tenants.get(key[0], "")
        owned = self._objects.get(key)
        tenant = shown.get(name) if name else None
        if owned is not None and owned.owner == identity:
            return "own"
        if tenant is not None and user.tenant is not None:
            if tenant == user.tenant:
                return "own"
            return "shown" if user.is_ordinary else "possible"
        declared = {identity, owned.owner if owned is not None else ""} == {self._first, self._second} - {""}
        if owned is None or not declared or not self._second:
            return "none"
        # Each institute may have ids of its own: it has to be the same object.
        is_same = owned.called is not None and shown.get(owned.label) == owned.called
        return "shown" if is_same else "none" if shown or is_read else "possible"


def _find_tenant_members(api: Api) -> Mapping[str, str]:
    """The member that names whose an object is, by resource."""
    found: dict[str, str] = {}
    for operation in api.operations:
        if operation.tenant and _is_about_one(operation):
            found.setdefault(operation.resource, operation.tenant)
    return found


def _is_about_one(operation: Operation) -> bool:
    return operation.kind in ("create", "show", "list", "update")
