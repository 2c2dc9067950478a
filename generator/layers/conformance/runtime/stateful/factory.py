"""Creates own objects with the values that a check needs, and the ids and bodies of requests."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from ..api import Api, Json, Operation, Placeholder, label_of
from ..http.unknown_ids import unknown_id, unknown_id_like
from ..objects.cleanup import GONE, parse_identity
from ..plan import FULL_PROFILE
from .check_run import CheckRun, Exchange, NotPossible

_HIDDEN = 403
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedObject:
    """An own object: its creating operation, its id, its parents' ids by their creators, and what was sent."""

    creator: Operation
    identity: object
    above: Mapping[str, object]
    sent: Mapping[str, Json]
    creation: Exchange

    @property
    def known(self) -> Mapping[str, object]:
        return {**self.above, self.creator.id: self.identity}


@dataclass(slots=True)
class ObjectFactory:
    """Creates the objects of one work item; those that are only needed as parents are created once.

    `rejected` is the exchange in which an example was rejected; from then on only required settings are sent.
    """

    run: CheckRun
    _named: int = 0
    _vary_all: bool = False
    _salt: str = ""
    rejected: Exchange | None = None
    _shared: dict[str, CreatedObject] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        return self.run.api

    def shared_object(self, creator_id: str) -> CreatedObject:
        """An object that every check of the work item may use and none may change."""
        if creator_id not in self._shared:
            self._shared[creator_id] = self.create(self.creator(creator_id))
        return self._shared[creator_id]

    def creator(self, creator_id: str) -> Operation:
        operation = self.api.find(creator_id)
        if operation is None:
            raise NotPossible("the API has no operation that creates what it is about")
        return operation

    def create(
        self, creator: Operation, values: Mapping[str, Json] | None = None, *, above: CreatedObject | None = None
    ) -> CreatedObject:
        """A new object with the example and these values; raises NotPossible if it is rejected."""
        if not self.run.plan.writes:
            raise NotPossible("the profile creates nothing", FULL_PROFILE)
        exchange, created = self.try_create(creator, values, above=above)
        while created is None and exchange.status < 500 and self.vary_names():
            exchange, created = self.try_create(creator, values, above=above)
        if created is None and exchange.status < 500 and self.rejected is None:
            self.rejected = exchange
            exchange, created = self.try_create(creator, values, above=above)
        if created is None:
            raise NotPossible(f"{creator.id} answered {exchange.status}, so there is no object to try it with")
        return created

    def vary_names(self) -> bool:
        """Make more names unique after a rejection: in other settings, or in case a killed run left the same names."""
        if not self._vary_all:
            self._vary_all = True
        elif not self._salt:
            self._salt = secrets.token_hex(8)
        else:
            return False
        return True

    def try_create(
        self,
        creator: Operation,
        values: Mapping[str, Json] | None = None,
        *,
        above: CreatedObject | None = None,
        without: Collection[str] = (),
    ) -> tuple[Exchange, CreatedObject | None]:
        """The exchange that should create an object, and the object if it did; `without` names what is not sent."""
        above = above or self._own_parent(creator)
        ids = self.ids(creator, above)
        sent = {name: value for name, value in {**self.body(creator), **(values or {})}.items() if name not in without}
        exchange = self.run.ask(creator, ids, sent)
        identity = parse_identity(exchange.response, creator.wrapper, creator.identity)
        if not exchange.succeeded or identity is None:
            return exchange, None
        parents = {**(above.known if above else {}), **{p.creator: ids[p.name] for p in creator.placeholders}}
        created = CreatedObject(creator=creator, identity=identity, above=parents, sent=sent, creation=exchange)
        return exchange, created

    def _own_parent(self, creator: Operation) -> CreatedObject | None:
        """A new parent, if the list of the children has no envelope: what a second child does is not described,
        so it may replace the first one."""
        listers = map(self.api.find, self.api.resource(creator.resource).listers)
        lister = next((one for one in listers if one is not None and one.path == creator.path), None)
        if not creator.placeholders or lister is None or lister.wrapper or lister.pagination:
            return None
        return self.create(self.creator(creator.placeholders[-1].creator))

    def ids(self, operation: Operation, created: CreatedObject | None = None) -> dict[str, object]:
        """Values for the placeholders: ids of the object, its parents, and other own parents."""
        known = created.known if created else {}
        ids: dict[str, object] = {}
        for placeholder in reversed(operation.placeholders):
            if not placeholder.creator:
                ids[placeholder.name] = self._choose_given(operation, placeholder)
                continue
            if placeholder.creator not in known:
                known = {**self.shared_object(placeholder.creator).known, **known}
            ids[placeholder.name] = known[placeholder.creator]
        return ids

    def _choose_given(self, operation: Operation, placeholder: Placeholder) -> Json:
        """The id from the options of what nothing creates."""
        if operation.takes_given(placeholder):
            return placeholder.given
        reason = "the API has no operation that creates what its path names"
        raise NotPossible(reason, self.run.plan.find_options(operation))

    def object_for(self, operation: Operation) -> CreatedObject:
        """A new object for the operation."""
        names = {name for name, _ in operation.required_query}
        asked = [creator for name, creator in operation.named if name in names and creator]
        named = [p.creator for p in operation.placeholders]
        if not named and not asked:
            raise NotPossible("neither its path nor a required parameter names the object")
        return self.create(self.creator([*named, *asked][-1]))

    def is_gone(self, exchange: Exchange) -> bool:
        """Whether the response is that for an object that does not exist; 403, if unknown ids get the same."""
        operation = exchange.operation
        if exchange.status != _HIDDEN or not operation.placeholders:
            return exchange.status in GONE
        segments = (exchange.request.url or "").partition("?")[0].removeprefix(self.run.context.caller.url).split("/")
        pairs = zip(operation.path.split("/"), segments, strict=False)
        ids: dict[str, object] = {part[1:-1]: unquote(text) for part, text in pairs if part.startswith("{")}
        last = operation.placeholders[-1]
        return self.run.ask(operation, {**ids, last.name: unknown_id(last)}).status == exchange.status

    def parents(self, operation: Operation) -> dict[str, object]:
        """The ids of a path except the last."""
        return {p.name: self.shared_object(p.creator).identity for p in operation.placeholders[:-1]}

    def query(self, operation: Operation, created: CreatedObject | None = None) -> dict[str, object]:
        """The required query parameters that name objects."""
        names = {name for name, _ in operation.required_query}
        known = created.known if created else {}
        asked = {name: creator for name, creator in operation.named if name in names and creator}
        return {n: known[c] if c in known else self.shared_object(c).identity for n, c in asked.items()}

    def body(self, operation: Operation) -> dict[str, Json]:
        """The example with ids of own objects, and with new names."""
        example = operation.example if isinstance(operation.example, dict) else {}
        if self.rejected is not None:
            example = {s.name: example[s.name] for s in operation.settable if s.required and s.name in example}
        return {name: self._value(operation, name, value) for name, value in example.items()}

    def _value(self, operation: Operation, name: str, value: Json) -> Json:
        label, creator = label_of(operation), dict(operation.named).get(name)
        if creator is not None:
            return self.shared_object(creator).identity if creator else self._find_given(operation, name, value)
        if isinstance(value, str) and _ADDRESS.fullmatch(value):
            return f"{self.new_name()}@{value.rpartition('@')[2]}"
        if label and name == label.name:
            return f"{value} {self.new_name()}"
        free = {setting.name for setting in operation.settable if setting.kind == "text" and setting.shown}
        return self.new_name() if self._vary_all and name in free else value

    def _find_given(self, operation: Operation, name: str, value: Json) -> Json:
        """The id from the options, or one of no object."""
        return dict(operation.given).get(name, unknown_id_like(value))

    def new_name(self) -> str:
        """A new name, the same for the same seed."""
        self._named += 1
        text = f"{self.api.name} {self.run.plan.seed} {self.run.theme} {self._named} {self._salt}"
        return f"conformance-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
