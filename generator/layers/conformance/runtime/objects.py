"""The objects that the suite makes for itself: nothing else is ever changed or removed."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext

from requests import PreparedRequest, RequestException

from .absence import ABSENT_NUMBER, absent_like
from .caller import Answer, Caller
from .description import Json, Operation, Placeholder, label_of
from .interruption import INTERRUPTION
from .journal import Journal, Made
from .lost import Asked, asked, can_be_found, found
from .pacing import Unsent
from .unanswered import silence

_TRIES = 3
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
        self._unanswered: dict[str, Asked] = {}
        self._made: list[Made] = []
        self._shared: dict[str, Made] = {}
        self._listed: dict[str, object] = {}
        self._others: list[Objects] = []
        self.refusals: dict[str, Answer] = {}
        self.origins: dict[tuple[str, str], PreparedRequest] = {}  # what made each object, by its creator and id

    def begin(self, unit: str) -> None:
        """The names that are made up from here on depend on the seed, this unit, and their number in it."""
        self._scope, self._named = unit, 0

    def of(self, caller: Caller) -> Objects:
        """The objects of another user, in the same journal; what stayed of them is tried again with these."""
        other = Objects(caller, self._journal, writes=self._writes, seed=self._seed)
        self._others.append(other)
        return other

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
        """The description's example with own objects where it names some, and a name and e-mail addresses of its own.

        Its other texts are made unique as well where it was refused: something may have them already.
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
        with nullcontext() if operation.safe else INTERRUPTION.held(), self.asking(operation, ids, request):
            answer = self._caller.send(request)
            self.record(operation, ids, answer, request)
            return answer

    @contextmanager
    def asking(
        self, operation: Operation, ids: Mapping[str, object], request: PreparedRequest | None
    ) -> Iterator[None]:
        """Journal a request that may create something before it is sent, and that it was answered, if it was.

        Raises CannotRun where the journal cannot be written: nothing may be made then.
        """
        if not self._creates(operation):
            yield
            return
        one = asked(operation, ids, request)
        key = self._journal.asked(one)
        try:
            yield
        except Unsent:
            self._journal.answered(key)
            raise
        except RequestException:
            self._unanswered[key] = one
            raise
        self._journal.answered(key)

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
        if request is not None:
            self.origins[operation.id, str(identity)] = request
        return self._note(Made(creator=operation.id, identity=identity, parents=parents))

    def _note(self, made: Made) -> Made:
        self._made.append(made)
        self._journal.made(made)
        return made

    def owns(self, placeholder: Placeholder, value: object, *, fresh: bool = False) -> bool:
        """Whether the value names an object that the suite made, now or earlier; `fresh`: one of no other use."""
        used = self._shared.get(placeholder.creator) if fresh else None
        if used is not None and str(used.identity) == str(value):
            return False
        return self.made(placeholder.creator, value)

    def made(self, creator_id: str, value: object) -> bool:
        """Whether the value is the id of an object that the suite made with this operation."""
        return any(made.creator == creator_id and str(made.identity) == str(value) for made in self._made)

    def meant(self, creator_id: str, value: Json) -> Json:
        """The value where it is the id of an own object, or else that of one, or one that names nothing."""
        return value if self.made(creator_id, value) else self._own(creator_id, value)

    def remove(self) -> Iterator[str]:
        """Remove everything made, youngest first; yields a sentence for each object that stayed."""
        for one in (self, *self._others):
            yield from one.swept()
            one.forget()
        self._journal.close()

    def forget(self) -> None:
        """Know nothing of what was made any more."""
        self._made.clear()
        self._shared.clear()

    def swept(self) -> Iterator[str]:
        """The same, while the journal goes on; what stayed is still known."""
        for key, one in self._unanswered.items():
            yield from self.recovered(one)
            self._journal.answered(key)
        self._unanswered.clear()
        for made in [*reversed(self._made)]:
            if remark := self.removed(made):
                yield remark
            else:
                self._journal.removed(made)
                self._made.remove(made)

    def recovered(self, one: Asked) -> Iterator[str]:
        """Take what came of a request without an answer for made; a sentence where that cannot be known."""
        unknown = f"{one.creator}: one request was not answered; what it may have created is not known"
        if not can_be_found(one, self._api):
            yield unknown
            return
        for _ in range(_TRIES):
            try:
                identities = list(found(one, self._caller))
            except RequestException:
                continue
            for identity in identities:
                self._note(Made(creator=one.creator, identity=identity, parents=one.parents))
            return
        yield unknown

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
        told, remark = f"{destroyer.label} {made.identity}", ""
        for _ in range(_TRIES):
            try:
                status = self._caller.call(destroyer, {**ids, last.name: made.identity}).status
            except RequestException as error:
                remark = f"{told}: the object stayed, {silence(error)}"
                continue
            return "" if status < 300 or status in (404, 410) else f"{told}: answered {status}"
        return remark

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
        """The settings to which a made-up name is added: what people know an object by, or all texts once refused."""
        label = label_of(operation)
        texts = {setting.name for setting in operation.settings if setting.kind == "text"}
        return texts if operation.id in self._varied else {label.name} if label else set()

    def _own(self, creator_id: str, value: Json) -> Json:
        """The id of an own object where everybody may create such objects, or one that names nothing."""
        creator = self._api.operation(creator_id) if self._writes else None
        if creator is None or creator.restricted:
            return absent_like(value)
        if creator.id not in self._shared and (made := self._make(creator)):
            self._shared[creator.id] = made
        return self._shared[creator.id].identity if creator.id in self._shared else absent_like(value)

    def _unique(self, value: Json, *, vary: bool) -> Json:
        if not isinstance(value, str):
            return value
        if _ADDRESS.fullmatch(value):
            return f"conformance-{self._word()}@{value.rpartition('@')[2]}"
        return f"{value} conformance-{self._word()}" if vary else value

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
