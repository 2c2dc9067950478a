"""Deletes own objects, and nobody else's; what could not be removed is reported."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from requests import PreparedRequest, RequestException

from ..api import Json, Operation
from ..http.caller import Caller, Response
from ..http.network_errors import describe_no_response
from ..http.wire import content
from ..lifecycles import Lifecycle, is_marked_deleted, list_lifecycles
from ..plan import Plan
from .journal import JournalledObject
from .recovery import MARKER

GONE = (404, 410)
_TRIES = 3
_CREATED = 201
_HIDDEN = 403


@dataclass(frozen=True, slots=True)
class NotRemoved:
    """Why an object may still exist. A second try may remove it if `retry`; if `unseen`, the user got none."""

    reason: str
    retry: bool = True
    unseen: bool = False


class Visibility(enum.Enum):
    """What a user gets for the id of an object."""

    NOTHING = enum.auto()
    OWN = enum.auto()
    OTHERS = enum.auto()
    UNKNOWN = enum.auto()


class Remover:
    """Deletes objects as the user who created them, and those that this one does not see as the `others` of the run.

    A server may reuse an id. So an object that was deleted before, or is another user's, is deleted only
    if it is shown with one of the made-up names in `own`.
    """

    def __init__(self, plan: Plan, caller: Caller, others: tuple[Caller, ...]) -> None:
        self._plan = plan
        self.caller = caller
        self.others = others

    def remove(self, created: JournalledObject, own: AbstractSet[str], *, deleted: bool) -> NotRemoved | None:
        """Remove one object, which was `deleted` before or not; None if it is gone."""
        creator = self.caller.api.find(created.creator)
        lifecycle = next((one for one in list_lifecycles(self.caller.api) if one.creator is creator), None)
        destroyer = lifecycle.destroyer if lifecycle else None
        if lifecycle is None or destroyer is None:
            return NotRemoved(f"{created.creator} {created.identity}: the API has no operation that deletes it")
        one = _Removal(
            plan=self._plan, created=created, lifecycle=lifecycle, destroyer=destroyer, own=own | {*created.markers}
        )
        if deleted:
            return one.delete_again(self.caller)
        not_removed = one.delete(self.caller)
        if not_removed is None or not not_removed.unseen:
            return not_removed
        for other in self.others:
            if one.look_up(other) is Visibility.OWN and one.delete(other) is None:
                return None
        return NotRemoved(f"{not_removed.reason}, though this run did not delete it", retry=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Removal:
    plan: Plan
    created: JournalledObject
    lifecycle: Lifecycle
    destroyer: Operation
    own: AbstractSet[str]

    @property
    def label(self) -> str:
        return f"{self.destroyer.label} {self.created.identity}"

    def delete(self, caller: Caller) -> NotRemoved | None:
        remark = ""
        for _ in range(_TRIES):
            try:
                status = self._call(caller, self.destroyer).status
            except RequestException as error:
                remark = f"{self.label}: the object stayed, {describe_no_response(error)}"
                continue
            if status < 300 or (remark and status in GONE):
                return None
            return NotRemoved(f"{self.label}: answered {status}", unseen=status in GONE)
        return NotRemoved(remark)

    def delete_again(self, caller: Caller) -> NotRemoved | None:
        """Delete an object again that is shown although it was deleted."""
        shown = self.look_up(caller)
        if shown is Visibility.UNKNOWN:
            return NotRemoved(f"{self.label}: it was deleted, and whether it is gone is not known", retry=False)
        if shown is not Visibility.OWN:
            return None
        not_removed = self.delete(caller)
        if not_removed is not None and not_removed.unseen:
            return None
        if not_removed is None and self.look_up(caller) is Visibility.OWN:
            return NotRemoved(f"{self.label}: answered as if it were deleted, and the object stayed")
        return not_removed

    def look_up(self, caller: Caller) -> Visibility:
        """What a user gets for it; nothing if the API shows no such objects."""
        shower = caller.api.by_label(f"GET {self.destroyer.path}")
        if shower is None:
            return Visibility.NOTHING
        for _ in range(_TRIES):
            try:
                response = self._call(caller, shower)
            except RequestException:
                continue
            return self._judge(shower, response)
        return Visibility.UNKNOWN

    def _judge(self, shower: Operation, response: Response) -> Visibility:
        if not response.succeeded:
            return Visibility.NOTHING if response.status in (*GONE, _HIDDEN) else Visibility.UNKNOWN
        shown = parse_object(response, shower.wrapper)
        is_it = str(shown.get(self.lifecycle.creator.identity)) == str(self.created.identity)
        if not is_it or is_marked_deleted(self.plan, self.lifecycle, shown):
            return Visibility.NOTHING
        names = {*MARKER.findall(response.text)}
        if not names:
            return Visibility.UNKNOWN
        return Visibility.OWN if names & self.own else Visibility.OTHERS

    def _call(self, caller: Caller, operation: Operation) -> Response:
        *_, last = operation.placeholders
        ids = {p.name: self.created.parents.get(p.creator, self.created.identity) for p in operation.placeholders}
        return caller.call(operation, {**ids, last.name: self.created.identity})


def parse_identity(response: Response, envelope: str, name: str) -> object:
    """The id in a response, or else at the end of its Location, None if it has none."""
    identity = parse_object(response, envelope).get(name)
    last = urlsplit(response.headers.get("location", "")).path.rstrip("/").rpartition("/")[2]
    return unquote(last) if identity is None and response.status == _CREATED and last else identity


def parse_object(response: Response, envelope: str) -> Mapping[str, Json]:
    """The object in the response; empty if there is none."""
    data = response.json
    if isinstance(data, dict) and envelope:
        data = data.get(envelope)
    return data if isinstance(data, dict) else {}


def is_deleted(request: PreparedRequest, created: JournalledObject, caller: Caller) -> bool:
    """Whether the request deletes the object, by its current operation or an older one."""
    url = urlsplit(request.url or "")
    path = url.path.removeprefix(urlsplit(caller.url).path)
    segments = [unquote(segment) for segment in path.split("/") if segment]
    operation, creator = caller.api.at(request.method or "", segments), caller.api.find(created.creator)
    if operation is None or creator is None or creator.destroyer not in (operation.id, operation.replaced_by):
        return False
    query, references = dict(parse_qsl(url.query)), dict(operation.named)
    named = [value for name, value in query.items() if references.get(name) == created.creator]
    if operation.kind == "delete":
        named.append(segments[-1])
    return str(created.identity) in named


def parent_ids(operation: Operation, ids: Mapping[str, object], request: PreparedRequest) -> dict[str, object]:
    """The ids of a new object's parents by their creators, from the path and the body."""
    return dict(_find_ids_in_body(operation, request)) | {
        p.creator: ids[p.name] for p in operation.placeholders if p.creator and p.name in ids
    }


def _find_ids_in_body(operation: Operation, request: PreparedRequest) -> Iterator[tuple[str, object]]:
    try:
        body = json.loads(content(request))
    except (ValueError, RecursionError):
        return
    if isinstance(body, dict) and operation.body is not None:
        body = body.get(operation.body.envelope, body)
    for name, creator in operation.named:
        if isinstance(body, dict) and isinstance(body.get(name), int | str):
            yield creator, body[name]


def is_child(created: JournalledObject, one: JournalledObject) -> bool:
    """Whether an object belongs to the other one, and is deleted with it."""
    return one.creator in created.parents and str(created.parents[one.creator]) == str(one.identity)
