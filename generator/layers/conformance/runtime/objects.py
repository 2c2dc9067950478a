"""The objects that the suite makes for itself: nothing else is ever changed or removed."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import nullcontext

from requests import PreparedRequest, RequestException

from .caller import Answer, Caller
from .description import Json, Operation, Placeholder
from .interruption import INTERRUPTION
from .journal import Journal, Made

# Ids that no server gives out, for paths of which the suite has no object.
ABSENT_NUMBER = 2_147_483_646
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Objects:
    """The created objects, journalled, and the ids to put into paths."""

    def __init__(self, caller: Caller, journal: Journal, *, writes: bool, seed: int) -> None:
        self._caller = caller
        self._api = caller.api
        self._journal = journal
        self._writes = writes
        self._seed = seed
        self._scope = ""
        self._named = 0
        self._salt = secrets.token_hex(8)  # an earlier run that was killed may have left the same names
        self._varied: set[str] = set()
        self._unanswered: list[str] = []
        self._made: list[Made] = []
        self._shared: dict[str, Made] = {}
        self._listed: dict[str, object] = {}
        self.refusals: dict[str, Answer] = {}
        self.origins: dict[tuple[str, str], PreparedRequest] = {}  # what made each object, by its creator and id

    def begin(self, unit: str) -> None:
        """The names that are made up from here on depend on the seed, this unit, and their number in it."""
        self._scope, self._named = unit, 0

    def ids(self, operation: Operation, *, fresh: bool = False) -> dict[str, object]:
        """Values for the placeholders; with `fresh` the last names an object made for this one call."""
        ids: dict[str, object] = {}
        parents: Mapping[str, object] = {}
        for placeholder in reversed(operation.placeholders):
            if placeholder.creator in parents:
                ids[placeholder.name] = parents[placeholder.creator]
                continue
            made = self._object(placeholder, fresh=fresh and not ids)
            parents = made.parents if made else {}
            ids[placeholder.name] = made.identity if made else self._found(placeholder, reading=operation.safe)
        return ids

    def body(self, operation: Operation) -> Json:
        """The description's example with own objects where it names some, and e-mail addresses that nobody had.

        Its texts are made unique as well where the example itself was refused: something may have that name.
        """
        if not isinstance(operation.body, dict):
            return operation.body
        named, texts = dict(operation.references), self._texts(operation)
        return {
            name: self._own(named[name], value) if name in named else self._unique(value, vary=name in texts)
            for name, value in operation.body.items()
        }

    def send(self, operation: Operation, ids: Mapping[str, object], request: PreparedRequest) -> Answer:
        """Send a request that may create something: journalled before an interruption can take effect."""
        with nullcontext() if operation.safe else INTERRUPTION.held():
            try:
                answer = self._caller.send(request)
            except RequestException:
                if self._creates(operation):
                    self._unanswered.append(operation.label)
                raise
            self.record(operation, ids, answer, request)
            return answer

    def record(
        self, operation: Operation, ids: Mapping[str, object], answer: Answer, request: PreparedRequest | None = None
    ) -> Made | None:
        """Journal what a successful call of a creating operation made."""
        if not self._creates(operation):
            return None
        identity = _identity(operation, answer) if answer.succeeded else None
        if identity is None:
            return None
        parents = {p.creator: ids[p.name] for p in operation.placeholders if p.creator and p.name in ids}
        made = Made(creator=operation.id, identity=identity, parents=parents)
        self._made.append(made)
        self._journal.made(made)
        if request is not None:
            self.origins[operation.id, str(identity)] = request
        return made

    def owns(self, placeholder: Placeholder, value: object, *, fresh: bool = False) -> bool:
        """Whether the value names an object that the suite made, now or earlier; `fresh`: one of no other use."""
        used = self._shared.get(placeholder.creator) if fresh else None
        if used is not None and str(used.identity) == str(value):
            return False
        return any(made.creator == placeholder.creator and str(made.identity) == str(value) for made in self._made)

    def remove(self) -> Iterator[str]:
        """Remove everything made, youngest first; yields a sentence for each object that stayed."""
        for label in self._unanswered:
            yield f"{label}: one request was not answered; what it may have created is not known"
        for made in reversed(self._made):
            if remark := self.removed(made):
                yield remark
            else:
                self._journal.removed(made)
        self._made.clear()
        self._shared.clear()
        self._journal.close()

    def removed(self, made: Made) -> str:
        """Remove one object; a sentence where it stayed."""
        creator = self._api.operation(made.creator)
        destroyer = self._api.operation(creator.destroyer) if creator else None
        if destroyer is None:
            return f"{made.creator} {made.identity}: the API has no operation that deletes it"
        return self._destroyed(destroyer, made)

    def _destroyed(self, destroyer: Operation, made: Made) -> str:
        *_, last = destroyer.placeholders
        ids = {p.name: made.parents.get(p.creator, made.identity) for p in destroyer.placeholders}
        try:
            status = self._caller.call(destroyer, {**ids, last.name: made.identity}).status
        except RequestException as error:
            return f"{destroyer.label} {made.identity}: the object stayed, no answer ({type(error).__name__})"
        return "" if status < 300 or status in (404, 410) else f"{destroyer.label} {made.identity}: answered {status}"

    def _object(self, placeholder: Placeholder, *, fresh: bool) -> Made | None:
        creator = self._api.operation(placeholder.creator) if self._writes else None
        if creator is None:
            return None
        if fresh:
            return self._make(creator)
        if creator.id not in self._shared and (made := self._make(creator)):
            self._shared[creator.id] = made
        return self._shared.get(creator.id)

    def _make(self, creator: Operation) -> Made | None:
        if creator.id in self.refusals:
            return None
        ids = self.ids(creator)
        made, answer = self._created(creator, ids)
        if made is None and creator.id not in self._varied:
            self._varied.add(creator.id)
            made, answer = self._created(creator, ids)
        if made is None:
            self.refusals[creator.id] = answer
        return made

    def _created(self, creator: Operation, ids: Mapping[str, object]) -> tuple[Made | None, Answer]:
        known = len(self._made)
        answer = self.send(creator, ids, self._caller.prepare(creator, ids, self.body(creator)))
        return (self._made[-1] if len(self._made) > known else None), answer

    def _found(self, placeholder: Placeholder, *, reading: bool) -> object:
        """An id that the suite did not make: the first of the list to read by, one that nothing has to write to."""
        if not reading or not placeholder.lister:
            return absent(placeholder)
        if placeholder.lister not in self._listed:
            self._listed[placeholder.lister] = self._first(placeholder) or absent(placeholder)
        return self._listed[placeholder.lister]

    def _first(self, placeholder: Placeholder) -> object:
        lister = self._api.operation(placeholder.lister)
        if lister is None:
            return None
        data = self._caller.call(lister, self.ids(lister)).json
        items = data.get(lister.envelope) if isinstance(data, dict) and lister.envelope else data
        first = items[0] if isinstance(items, list) and items else None
        return first.get(placeholder.name, first.get("id")) if isinstance(first, dict) else None

    def _creates(self, operation: Operation) -> bool:
        named = any(p.creator == operation.id for o in self._api.operations for p in o.placeholders)
        return named or bool(operation.destroyer)

    def _texts(self, operation: Operation) -> set[str]:
        if operation.id not in self._varied:
            return set()
        return {setting.name for setting in operation.settings if setting.kind == "text"}

    def _own(self, creator_id: str, value: Json) -> Json:
        """The id of an own object in the place of the example's, where everybody may create such objects."""
        creator = self._api.operation(creator_id) if self._writes else None
        if creator is None or creator.restricted:
            return value
        if creator.id not in self._shared and (made := self._make(creator)):
            self._shared[creator.id] = made
        return self._shared[creator.id].identity if creator.id in self._shared else value

    def _unique(self, value: Json, *, vary: bool) -> Json:
        if not isinstance(value, str):
            return value
        if _ADDRESS.fullmatch(value):
            return f"conformance-{self._word()}@{value.rpartition('@')[2]}"
        return f"{value} {self._word()[:6]}" if vary else value

    def _word(self) -> str:
        self._named += 1
        salt = self._salt if self._varied else ""
        told = f"{self._seed} {self._scope} {self._named} {salt}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def absent(placeholder: Placeholder) -> object:
    """An id that names nothing."""
    return ABSENT_NUMBER if placeholder.integer else f"absent-{secrets.token_hex(8)}"


def _identity(operation: Operation, answer: Answer) -> object:
    data = answer.json
    if isinstance(data, dict) and operation.envelope:
        data = data.get(operation.envelope)
    return data.get(operation.identity) if isinstance(data, dict) else None
