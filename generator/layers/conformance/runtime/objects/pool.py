"""The objects that the suite creates for itself: nothing else is ever changed or removed."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext

from requests import PreparedRequest, RequestException

from ..api import Json, Operation, Placeholder, label_of
from ..http.caller import Caller, Response
from ..http.rate_limit import NotSent
from ..http.unknown_ids import unknown_id, unknown_id_like
from ..interruption import INTERRUPTION
from ..plan import Plan
from .cleanup import Remover, parent_ids, parse_identity
from .journal import Journal, JournalledObject
from .owned import OwnedObjects
from .recovery import CreationRequest, can_be_found, describe_request, find_created, find_markers

_TRIES = 3
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class ObjectPool:
    """The created objects, journalled, and the ids to put into paths.

    `others` are users who may see what the caller does not, if a server creates it for the wrong one.
    """

    def __init__(self, caller: Caller, journal: Journal, *, plan: Plan, others: tuple[Caller, ...] = ()) -> None:
        self._caller = caller
        self._callers = others
        self._api = caller.api
        self._journal = journal
        self._plan = plan
        self._item = ""
        self._named = 0
        self._salt = secrets.token_hex(8)  # an earlier run that was killed may have left the same names
        self._vary: set[str] = set()
        self._unanswered: dict[str, CreationRequest] = {}
        self._owned = OwnedObjects(journal, Remover(plan, caller, others))
        self._shared: dict[str, JournalledObject] = {}
        self._listed: dict[str, object] = {}
        self._others: list[ObjectPool] = []
        self.rejected: dict[str, Response] = {}
        self.origins: dict[tuple[str, str], PreparedRequest] = {}  # the creating requests, by creator and id

    def start_item(self, unit: str) -> None:
        """From here on made-up names depend on the seed, this work item, and their number in it."""
        self._item, self._named, self._owned.item = unit, 0, unit

    def for_user(self, caller: Caller) -> ObjectPool:
        """The objects of another user, in the same journal; they are removed with these."""
        callers = (self._caller, *self._callers)
        other = ObjectPool(caller, self._journal, plan=self._plan, others=callers)
        self._others.append(other)
        return other

    def ids(self, operation: Operation, *, fresh: bool = False) -> dict[str, object]:
        """Values for the placeholders; with `fresh` the last one is of an object created for this call."""
        ids: dict[str, object] = {}
        parents: Mapping[str, object] = {}
        for placeholder in reversed(operation.placeholders):
            if placeholder.creator in parents:
                ids[placeholder.name] = parents[placeholder.creator]
                continue
            created = self._object(placeholder, fresh=fresh and not ids)
            parents = created.parents if created else {}
            ids[placeholder.name] = created.identity if created else self._find_id(placeholder, operation)
        return ids

    def body(self, operation: Operation) -> Json:
        """The description's example with ids of own objects, and with a name and e-mail addresses of its own.

        If it was rejected before, its other texts are unique as well: they may be taken.
        """
        if not isinstance(operation.example, dict):
            return operation.example
        named, texts, given = dict(operation.named), self._texts(operation), dict(operation.given)
        return {name: given[name] for name in operation.example if name in given} | {
            name: self._own(named[name], value) if name in named else self._unique(value, vary=name in texts)
            for name, value in operation.example.items()
            if name not in given
        }

    def send(self, operation: Operation, ids: Mapping[str, object], request: PreparedRequest) -> Response:
        """Send a request that may create something, and journal it before an interruption can stop the run."""
        with (
            nullcontext() if operation.safe else INTERRUPTION.hold_back(),
            self.record_creation(operation, ids, request),
        ):
            response = self._caller.send(request)
            self.record_response(operation, ids, response, request)
            return response

    @contextmanager
    def record_creation(
        self, operation: Operation, ids: Mapping[str, object], request: PreparedRequest | None
    ) -> Iterator[None]:
        """Journal a request that may create something before it is sent, and its response, if there is one.

        Raises CannotRun if the journal cannot be written: then nothing may be created.
        """
        if not self._creates(operation):
            with self._note_lost_deletion(request):
                yield
            return
        one = describe_request(operation, ids, request)
        key = self._journal.record_request(one)
        try:
            yield
        except NotSent:
            self._journal.record_response(key)
            raise
        except RequestException:
            self._unanswered[key] = one
            raise
        self._journal.record_response(key)

    @contextmanager
    def _note_lost_deletion(self, request: PreparedRequest | None) -> Iterator[None]:
        """A deletion without a response may have succeeded."""
        try:
            yield
        except RequestException as error:
            sent = request or error.request
            self._owned.note_deletion(sent if isinstance(sent, PreparedRequest) else None)
            raise

    def record_response(
        self, operation: Operation, ids: Mapping[str, object], response: Response, request: PreparedRequest
    ) -> None:
        """Journal what a successful request created or deleted."""
        markers = find_markers(request)
        self._owned.markers.update(markers)
        if not response.succeeded:
            return
        self._owned.note_deletion(request)
        identity = parse_identity(response, operation.wrapper, operation.identity) if self._creates(operation) else None
        if identity is not None:
            self.origins[operation.id, str(identity)] = request
            parents = parent_ids(operation, ids, request)
            self._owned.add(JournalledObject(creator=operation.id, identity=identity, parents=parents, markers=markers))

    def load(self, left: Iterable[tuple[JournalledObject, bool]]) -> None:
        """Load what an earlier run created, and whether it deleted it."""
        self._owned.load(left)

    def owns(self, placeholder: Placeholder, value: object, *, fresh: bool = False) -> bool:
        """Whether the value names an own object; with `fresh`, one that nothing else uses.

        What this work item deleted is among them, what an earlier one deleted is not.
        """
        used = self._shared.get(placeholder.creator) if fresh else None
        if used is not None and str(used.identity) == str(value):
            return False
        return self.is_own(placeholder.creator, value)

    def is_own(self, creator_id: str, value: object) -> bool:
        """Whether the value is the id of an object that the suite created with this operation."""
        return self._owned.names_own(creator_id, value)

    def exists(self, creator_id: str, value: object) -> bool:
        """The same, if it still exists."""
        return self._owned.is_existing(creator_id, value)

    def own_id_for(self, creator_id: str, value: Json) -> Json:
        """The value if it is the id of an own object, or else such an id, or an unknown one."""
        return value if self.is_own(creator_id, value) else self._own(creator_id, value)

    def remove_all(self) -> Iterator[str]:
        """Remove everything, youngest first; yields a sentence for each object that is left."""
        for one in (self, *self._others):
            yield from one.remove_created()
            one.clear_all()
        self._journal.close()

    def clear_all(self) -> None:
        """Forget every object."""
        self._owned.clear_all()
        self._shared.clear()

    def remove_created(self) -> Iterator[str]:
        """The same, but the journal stays open and what is left stays known."""
        for key, one in self._unanswered.items():
            yield from self.recover(one)
            self._journal.record_response(key)
        self._unanswered.clear()
        yield from self._owned.remove_all()

    def recover(self, one: CreationRequest) -> Iterator[str]:
        """Find what a request without a response created; a sentence if that cannot be known."""
        unknown = f"{one.creator}: one request got no response; what it may have created is not known"
        if not can_be_found(one, self._api):
            yield unknown
            return
        for _ in range(_TRIES):
            try:
                identities = list(find_created(one, self._caller))
            except RequestException:
                continue
            for identity in identities:
                created = JournalledObject(
                    creator=one.creator, identity=identity, parents=one.parents, markers=one.markers
                )
                if not self._owned.knows(created):
                    self._owned.add(created)
            return
        yield unknown

    def _object(self, placeholder: Placeholder, *, fresh: bool) -> JournalledObject | None:
        creator = self._api.find(placeholder.creator) if self._plan.writes else None
        if creator is None:
            return None
        if fresh:
            return self._create(creator)
        return self._shared_object(creator)

    def _shared_object(self, creator: Operation) -> JournalledObject | None:
        """An object for every use, created again if it was deleted."""
        created = self._shared.get(creator.id)
        if created is None or created not in self._owned.existing:
            created = self._create(creator)
        if created is not None:
            self._shared[creator.id] = created
        return created

    def _create(self, creator: Operation) -> JournalledObject | None:
        if creator.id in self.rejected:
            return None
        ids = self.ids(creator)
        created, response = self._try_create(creator, ids)
        if created is None and creator.id not in self._vary:
            self._vary.add(creator.id)
            created, response = self._try_create(creator, ids)
        if created is None:
            self.rejected[creator.id] = response
        return created

    def _try_create(self, creator: Operation, ids: Mapping[str, object]) -> tuple[JournalledObject | None, Response]:
        before = self._owned.existing[-1:]
        response = self.send(creator, ids, self._caller.prepare(creator, ids, self.body(creator)))
        last = self._owned.existing[-1:]
        return (last[0] if last and last != before else None), response

    def _find_id(self, placeholder: Placeholder, operation: Operation) -> object:
        """An id that the suite did not create: a given one, the first of the list for a read, or an unknown one."""
        if operation.takes_given(placeholder):
            return placeholder.given
        if not operation.safe or not placeholder.lister:
            return unknown_id(placeholder)
        if placeholder.lister not in self._listed:
            self._listed[placeholder.lister] = self._first_listed_id(placeholder) or unknown_id(placeholder)
        return self._listed[placeholder.lister]

    def _first_listed_id(self, placeholder: Placeholder) -> object:
        lister = self._api.find(placeholder.lister)
        if lister is None:
            return None
        data = self._caller.call(lister, self.ids(lister)).json
        items = data.get(lister.wrapper) if isinstance(data, dict) and lister.wrapper else data
        first = items[0] if isinstance(items, list) and items else None
        return first.get(placeholder.name, first.get("id")) if isinstance(first, dict) else None

    def _creates(self, operation: Operation) -> bool:
        named = any(p.creator == operation.id for o in self._api.operations for p in o.placeholders)
        return named or bool(operation.destroyer)

    def _texts(self, operation: Operation) -> set[str]:
        """The settings that get a made-up name: the label of an object, or all texts after a rejection."""
        label = label_of(operation)
        texts = {setting.name for setting in operation.settable if setting.kind == "text"}
        return texts if operation.id in self._vary else {label.name} if label else set()

    def _own(self, creator_id: str, value: Json) -> Json:
        """The id of an own object if everybody may create such objects, or an unknown one."""
        creator = self._api.find(creator_id) if self._plan.writes else None
        if creator is None or creator.restricted:
            return unknown_id_like(value)
        created = self._shared_object(creator)
        return created.identity if created else unknown_id_like(value)

    def _unique(self, value: Json, *, vary: bool) -> Json:
        if not isinstance(value, str):
            return value
        if _ADDRESS.fullmatch(value):
            return f"conformance-{self._new_word()}@{value.rpartition('@')[2]}"
        return f"{value} conformance-{self._new_word()}" if vary else value

    def _new_word(self) -> str:
        self._named += 1
        salt = self._salt if self._vary else ""
        text = f"{self._plan.seed} {self._item} {self._named} {salt}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]
