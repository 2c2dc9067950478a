"""The objects that the suite makes for itself: nothing else is ever changed or removed."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext

from requests import PreparedRequest, RequestException

from ..description import Json, Operation, Placeholder, label_of
from ..http.caller import Answer, Caller
from ..http.rate_limit import Unsent
from ..http.unknown_ids import ABSENT_NUMBER, absent_like
from ..interruption import INTERRUPTION
from ..plan import Plan
from .cleanup import Remover, above, identity_of
from .journal import Journal, Made
from .owned import Ledger
from .recovery import Asked, asked, can_be_found, found, names

_TRIES = 3
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Objects:
    """The created objects, journalled, and the ids to put into paths.

    `others` are users who may see what the caller does not: what a server makes for the wrong one.
    """

    def __init__(self, caller: Caller, journal: Journal, *, plan: Plan, others: tuple[Caller, ...] = ()) -> None:
        self._caller = caller
        self._callers = others
        self._api = caller.api
        self._journal = journal
        self._plan = plan
        self._scope = ""
        self._named = 0
        self._salt = secrets.token_hex(8)  # an earlier run that was killed may have left the same names
        self._varied: set[str] = set()
        self._unanswered: dict[str, Asked] = {}
        self._ledger = Ledger(journal, Remover(plan, caller, others))
        self._shared: dict[str, Made] = {}
        self._listed: dict[str, object] = {}
        self._others: list[Objects] = []
        self.refusals: dict[str, Answer] = {}
        self.origins: dict[tuple[str, str], PreparedRequest] = {}  # what made each object, by its creator and id

    def begin(self, unit: str) -> None:
        """The names that are made up from here on depend on the seed, this unit, and their number in it."""
        self._scope, self._named, self._ledger.unit = unit, 0, unit

    def of(self, caller: Caller) -> Objects:
        """The objects of another user, in the same journal; what stayed of them is tried again with these."""
        callers = (self._caller, *self._callers)
        other = Objects(caller, self._journal, plan=self._plan, others=callers)
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
            with self._deleting(request):
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

    @contextmanager
    def _deleting(self, request: PreparedRequest | None) -> Iterator[None]:
        """A deletion without an answer may have been one."""
        try:
            yield
        except RequestException as error:
            sent = request or error.request
            self._ledger.deleted_by(sent if isinstance(sent, PreparedRequest) else None)
            raise

    def record(self, operation: Operation, ids: Mapping[str, object], answer: Answer, request: PreparedRequest) -> None:
        """Journal what a successful call of a creating operation made, or of a deleting one deleted."""
        markers = names(request)
        self._ledger.markers.update(markers)
        if not answer.succeeded:
            return
        self._ledger.deleted_by(request)
        identity = identity_of(answer, operation.envelope, operation.identity) if self._creates(operation) else None
        if identity is not None:
            self.origins[operation.id, str(identity)] = request
            parents = above(operation, ids, request)
            self._ledger.note(Made(creator=operation.id, identity=identity, parents=parents, markers=markers))

    def take(self, left: Iterable[tuple[Made, bool]]) -> None:
        """Know what an earlier run made, and whether it deleted it."""
        self._ledger.take(left)

    def owns(self, placeholder: Placeholder, value: object, *, fresh: bool = False) -> bool:
        """Whether the value names an object that the suite made; `fresh`: one of no other use.

        What this unit deleted is among them, what an earlier one deleted is not.
        """
        used = self._shared.get(placeholder.creator) if fresh else None
        if used is not None and str(used.identity) == str(value):
            return False
        return self.made(placeholder.creator, value)

    def made(self, creator_id: str, value: object) -> bool:
        """Whether the value is the id of an object that the suite made with this operation."""
        return self._ledger.holds(creator_id, value)

    def has(self, creator_id: str, value: object) -> bool:
        """The same, where it is still there."""
        return self._ledger.has(creator_id, value)

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
        self._ledger.forget()
        self._shared.clear()

    def swept(self) -> Iterator[str]:
        """The same, while the journal goes on; what stayed is still known."""
        for key, one in self._unanswered.items():
            yield from self.recovered(one)
            self._journal.answered(key)
        self._unanswered.clear()
        yield from self._ledger.swept()

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
                made = Made(creator=one.creator, identity=identity, parents=one.parents, markers=one.markers)
                if not self._ledger.knows(made):
                    self._ledger.note(made)
            return
        yield unknown

    def _object(self, placeholder: Placeholder, *, fresh: bool) -> Made | None:
        creator = self._api.operation(placeholder.creator) if self._plan.writes else None
        if creator is None:
            return None
        if fresh:
            return self._make(creator)
        return self._common(creator)

    def _common(self, creator: Operation) -> Made | None:
        """An object for every use, made anew where it was deleted."""
        made = self._shared.get(creator.id)
        if made is None or made not in self._ledger.made:
            made = self._make(creator)
        if made is not None:
            self._shared[creator.id] = made
        return made

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
        before = self._ledger.made[-1:]
        answer = self.send(creator, ids, self._caller.prepare(creator, ids, self.body(creator)))
        last = self._ledger.made[-1:]
        return (last[0] if last and last != before else None), answer

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
        creator = self._api.operation(creator_id) if self._plan.writes else None
        if creator is None or creator.restricted:
            return absent_like(value)
        made = self._common(creator)
        return made.identity if made else absent_like(value)

    def _unique(self, value: Json, *, vary: bool) -> Json:
        if not isinstance(value, str):
            return value
        if _ADDRESS.fullmatch(value):
            return f"conformance-{self._word()}@{value.rpartition('@')[2]}"
        return f"{value} conformance-{self._word()}" if vary else value

    def _word(self) -> str:
        self._named += 1
        salt = self._salt if self._varied else ""
        told = f"{self._plan.seed} {self._scope} {self._named} {salt}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def absent(placeholder: Placeholder) -> object:
    """An id that names nothing."""
    return ABSENT_NUMBER if placeholder.integer else f"absent-{secrets.token_hex(8)}"
