"""Deleting own objects: those that are there and nobody else's. What cannot be found is told, too."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from requests import PreparedRequest, RequestException

from ..description import Json, Operation
from ..http.caller import Answer, Caller
from ..http.network_errors import silence
from ..http.wire import content
from ..plan import Plan
from ..resources import Resource, is_marked_deleted, resources
from .journal import Made
from .recovery import MARKER

GONE = (404, 410)
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Stay:
    """Why an object may still be there; `again` says that a second try may remove it, `unseen` that nobody saw it."""

    told: str
    again: bool = True
    unseen: bool = False


class Sight(enum.Enum):
    """What is shown under the id of an object."""

    NOTHING = enum.auto()
    OWN = enum.auto()
    ANOTHERS = enum.auto()
    UNKNOWN = enum.auto()


class Remover:
    """Deletes objects as the user who made them, and those that he does not see as the `others` of the run.

    A server may give out an id again. So an object that was deleted before, or is another user's, is deleted only
    where it is shown with one of the made-up names in `own`.
    """

    def __init__(self, plan: Plan, caller: Caller, others: tuple[Caller, ...]) -> None:
        self._plan = plan
        self.caller = caller
        self.others = others

    def removed(self, made: Made, own: AbstractSet[str], *, deleted: bool) -> Stay | None:
        """Remove one object, which was `deleted` before or not; None where it is gone."""
        creator = self.caller.api.operation(made.creator)
        resource = next((one for one in resources(self.caller.api) if one.creator is creator), None)
        destroyer = resource.destroyer if resource else None
        if resource is None or destroyer is None:
            return Stay(f"{made.creator} {made.identity}: the API has no operation that deletes it")
        one = _One(plan=self._plan, made=made, resource=resource, destroyer=destroyer, own=own | {*made.markers})
        if deleted:
            return one.deleted_again(self.caller)
        stay = one.deleted(self.caller)
        if stay is None or not stay.unseen:
            return stay
        for other in self.others:
            if one.sight(other) is Sight.OWN and one.deleted(other) is None:
                return None
        return Stay(f"{stay.told}, though this run did not delete it", again=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _One:
    plan: Plan
    made: Made
    resource: Resource
    destroyer: Operation
    own: AbstractSet[str]

    @property
    def told(self) -> str:
        return f"{self.destroyer.label} {self.made.identity}"

    def deleted(self, caller: Caller) -> Stay | None:
        remark = ""
        for _ in range(_TRIES):
            try:
                status = self._call(caller, self.destroyer).status
            except RequestException as error:
                remark = f"{self.told}: the object stayed, {silence(error)}"
                continue
            if status < 300 or (remark and status in GONE):
                return None
            return Stay(f"{self.told}: answered {status}", unseen=status in GONE)
        return Stay(remark)

    def deleted_again(self, caller: Caller) -> Stay | None:
        """Where an object is shown although it was deleted."""
        sight = self.sight(caller)
        if sight is Sight.UNKNOWN:
            return Stay(f"{self.told}: it was deleted, and whether it is gone cannot be told", again=False)
        if sight is not Sight.OWN:
            return None
        stay = self.deleted(caller)
        if stay is not None and stay.unseen:
            return None
        if stay is None and self.sight(caller) is Sight.OWN:
            return Stay(f"{self.told}: answered as if it were deleted, and the object stayed")
        return stay

    def sight(self, caller: Caller) -> Sight:
        """What a user sees of it; nothing where the API shows no such objects."""
        shower = caller.api.labelled(f"GET {self.destroyer.path}")
        if shower is None:
            return Sight.NOTHING
        for _ in range(_TRIES):
            try:
                answer = self._call(caller, shower)
            except RequestException:
                continue
            return self._seen(shower, answer)
        return Sight.UNKNOWN

    def _seen(self, shower: Operation, answer: Answer) -> Sight:
        if not answer.succeeded:
            return Sight.NOTHING if answer.status in GONE else Sight.UNKNOWN
        shown = object_of(answer, shower.envelope)
        is_it = str(shown.get(self.resource.creator.identity)) == str(self.made.identity)
        if not is_it or is_marked_deleted(self.plan, self.resource, shown):
            return Sight.NOTHING
        names = {*MARKER.findall(answer.text)}
        if not names:
            return Sight.UNKNOWN
        return Sight.OWN if names & self.own else Sight.ANOTHERS

    def _call(self, caller: Caller, operation: Operation) -> Answer:
        *_, last = operation.placeholders
        ids = {p.name: self.made.parents.get(p.creator, self.made.identity) for p in operation.placeholders}
        return caller.call(operation, {**ids, last.name: self.made.identity})


def identity_of(answer: Answer, envelope: str, name: str) -> object:
    """The id that an answer tells; None where it tells none."""
    return object_of(answer, envelope).get(name)


def object_of(answer: Answer, envelope: str) -> Mapping[str, Json]:
    """The object that is answered; empty where there is none."""
    data = answer.json
    if isinstance(data, dict) and envelope:
        data = data.get(envelope)
    return data if isinstance(data, dict) else {}


def is_deleted(request: PreparedRequest, made: Made, caller: Caller) -> bool:
    """Whether this is a request to delete the object, by the operation for that or an older one."""
    url = urlsplit(request.url or "")
    path = url.path.removeprefix(urlsplit(caller.url).path)
    segments = [unquote(segment) for segment in path.split("/") if segment]
    operation, creator = caller.api.at(request.method or "", segments), caller.api.operation(made.creator)
    if operation is None or creator is None or creator.destroyer not in (operation.id, operation.replaced_by):
        return False
    query, references = dict(parse_qsl(url.query)), dict(operation.references)
    named = [value for name, value in query.items() if references.get(name) == made.creator]
    if operation.path.endswith("}"):
        named.append(segments[-1])
    return str(made.identity) in named


def above(operation: Operation, ids: Mapping[str, object], request: PreparedRequest) -> dict[str, object]:
    """The ids of the objects that a new one belongs to, by their creators: those of the path and those of the body."""
    return dict(_referred(operation, request)) | {
        p.creator: ids[p.name] for p in operation.placeholders if p.creator and p.name in ids
    }


def _referred(operation: Operation, request: PreparedRequest) -> Iterator[tuple[str, object]]:
    try:
        body = json.loads(content(request))
    except (ValueError, RecursionError):
        return
    for name, creator in operation.references:
        if isinstance(body, dict) and isinstance(body.get(name), int | str):
            yield creator, body[name]


def is_below(made: Made, one: Made) -> bool:
    """Whether an object belongs to the other one, and goes with it."""
    return one.creator in made.parents and str(made.parents[one.creator]) == str(one.identity)
