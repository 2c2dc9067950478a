"""Own objects, made in the number and with the values that a check needs, and the ids and bodies to reach them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..description import Api, Json, Operation, label_of
from ..http.unknown_ids import absent_like
from .check_context import Exchange, NotPossible, Trial

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An own object: who made it, its id, those of the objects above it by their creators, and what was sent."""

    creator: Operation
    identity: object
    above: Mapping[str, object]
    sent: Mapping[str, Json]
    made: Exchange

    @property
    def known(self) -> Mapping[str, object]:
        return {**self.above, self.creator.id: self.identity}


@dataclass(slots=True)
class Making:
    """Makes the objects of one unit; those that are only needed as parents are made once.

    `refused` is the exchange in which an example was refused; from then on only what is required is sent.
    """

    trial: Trial
    _named: int = 0
    _all_named: bool = False
    _salt: str = ""
    refused: Exchange | None = None
    _shared: dict[str, Thing] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        return self.trial.api

    def shared(self, creator_id: str) -> Thing:
        """An object that any check of the unit may use and none may spoil."""
        if creator_id not in self._shared:
            self._shared[creator_id] = self.thing(self.creator(creator_id))
        return self._shared[creator_id]

    def creator(self, creator_id: str) -> Operation:
        operation = self.api.operation(creator_id)
        if operation is None:
            raise NotPossible("the API has no operation that creates what it is about")
        return operation

    def thing(
        self, creator: Operation, values: Mapping[str, Json] | None = None, *, above: Thing | None = None
    ) -> Thing:
        """A new object with these values beside those of the example; NotPossible where it is refused."""
        if not self.trial.plan.writes:
            raise NotPossible("the profile creates nothing")
        exchange, made = self.tried(creator, values, above=above)
        while made is None and exchange.status < 500 and self.names_more():
            exchange, made = self.tried(creator, values, above=above)
        if made is None and exchange.status < 500 and self.refused is None:
            self.refused = exchange
            exchange, made = self.tried(creator, values, above=above)
        if made is None:
            raise NotPossible(f"{creator.id} answered {exchange.status}, so there is no object to try it with")
        return made

    def names_more(self) -> bool:
        """What is refused may have to be unique: in another setting, or beside what a killed run has left."""
        if not self._all_named:
            self._all_named = True
        elif not self._salt:
            self._salt = secrets.token_hex(8)
        else:
            return False
        return True

    def tried(
        self, creator: Operation, values: Mapping[str, Json] | None = None, *, above: Thing | None = None
    ) -> tuple[Exchange, Thing | None]:
        """The exchange that should create an object, and the object if it did."""
        above = above or self._parent_alone(creator)
        ids = self.ids(creator, above)
        sent = {**self.body(creator), **(values or {})}
        exchange = self.trial.ask(creator, ids, sent)
        identity = exchange.object.get(creator.identity)
        if not exchange.succeeded or identity is None:
            return exchange, None
        parents = {**(above.known if above else {}), **{p.creator: ids[p.name] for p in creator.placeholders}}
        thing = Thing(creator=creator, identity=identity, above=parents, sent=sent, made=exchange)
        return exchange, thing

    def _parent_alone(self, creator: Operation) -> Thing | None:
        """A parent of its own, where no list has a key for many: of a second object below the same parent nothing is
        known, so it may take the place of the first."""
        lister = next((o for o in self.api.operations if (o.method, o.path) == ("GET", creator.path)), None)
        if not creator.placeholders or lister is None or lister.envelope or lister.pagination:
            return None
        return self.thing(self.creator(creator.placeholders[-1].creator))

    def ids(self, operation: Operation, thing: Thing | None = None) -> dict[str, object]:
        """Values for the placeholders: those of the object and of what is above it, and own parents."""
        known = thing.known if thing else {}
        ids: dict[str, object] = {}
        for placeholder in reversed(operation.placeholders):
            if not placeholder.creator:
                raise NotPossible("the API has no operation that creates what its path names")
            if placeholder.creator not in known:
                known = {**self.shared(placeholder.creator).known, **known}
            ids[placeholder.name] = known[placeholder.creator]
        return ids

    def subject(self, operation: Operation) -> Thing:
        """A new object of the kind that the operation is about."""
        names = {name for name, _ in operation.query}
        asked = [creator for name, creator in operation.references if name in names and creator]
        named = [p.creator for p in operation.placeholders]
        return self.thing(self.creator([*named, *asked][-1]))

    def parents(self, operation: Operation) -> dict[str, object]:
        """The ids of a path but for the last."""
        return {p.name: self.shared(p.creator).identity for p in operation.placeholders[:-1]}

    def query(self, operation: Operation, thing: Thing | None = None) -> dict[str, object]:
        """The required query parameters that name objects."""
        names = {name for name, _ in operation.query}
        known = thing.known if thing else {}
        asked = {name: creator for name, creator in operation.references if name in names and creator}
        return {n: known[c] if c in known else self.shared(c).identity for n, c in asked.items()}

    def body(self, operation: Operation) -> dict[str, Json]:
        """The example, with own objects where it names objects, and with names that nobody had before."""
        example = operation.body if isinstance(operation.body, dict) else {}
        if self.refused is not None:
            example = {s.name: example[s.name] for s in operation.settings if s.required and s.name in example}
        return {name: self._value(operation, name, value) for name, value in example.items()}

    def _value(self, operation: Operation, name: str, value: Json) -> Json:
        label, creator = label_of(operation), dict(operation.references).get(name)
        if creator is not None:
            return self.shared(creator).identity if creator else absent_like(value)
        if isinstance(value, str) and _ADDRESS.fullmatch(value):
            return f"{self.name()}@{value.rpartition('@')[2]}"
        if label and name == label.name:
            return f"{value} {self.name()}"
        free = {setting.name for setting in operation.settings if setting.kind == "text" and setting.shown}
        return self.name() if self._all_named and name in free else value

    def name(self) -> str:
        """A word that nobody had before, the same for the same seed."""
        self._named += 1
        told = f"{self.api.name} {self.trial.plan.seed} {self.trial.unit} {self._named} {self._salt}"
        return f"conformance-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
