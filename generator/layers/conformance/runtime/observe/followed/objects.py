"""What a recording shows of single objects: who made them, what they were, whether they are gone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ...api import Api, Json, Operation
from ..judge import Observed
from ..recordings.recorded import Recorded

MOST_KEPT = 20_000
_LONGEST_VALUE = 500
Key = tuple[str, tuple[str, ...]]  # the resource, and the ids of its path


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a request was under way, and whose it was."""

    place: str
    identity: str
    began: float | None
    ended: float | None

    def is_before(self, recorded: Recorded) -> bool:
        """Whether this was over before another request began; without any times that is the order of the recording."""
        if self.began is None and recorded.began is None:
            return True
        return self.ended is not None and recorded.began is not None and self.ended <= recorded.began


@dataclass(slots=True)
class Known:
    """One object. `values` are those that were shown last, and `seen` when; `pending` are values that were sent and
    not read since, each with the one before it; `written` is the last change, `deleted` when it was deleted.

    `listed` says that lists should have it: it was created here, and nothing but reading happened to it since.
    """

    values: dict[str, Json] = field(default_factory=dict)
    seen: Moment | None = None
    pending: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    written: Moment | None = None
    created: Moment | None = None
    deleted: Moment | None = None
    changed_at: datetime | None = None
    made_at: Json = None
    collection: str = ""
    listed: bool = False


class ObjectMemory:
    """The objects of a recording, by their paths; those that were not seen for the longest are forgotten."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._objects: OrderedDict[Key, Known] = OrderedDict()
        self._collections: dict[str, dict[Key, None]] = {}
        self.forgotten = 0

    def get(self, key: Key) -> Known:
        """What is known of an object."""
        known = self._objects.setdefault(key, Known())
        self._objects.move_to_end(key)
        if len(self._objects) > MOST_KEPT:
            old, dropped = self._objects.popitem(last=False)
            self._collections.get(dropped.collection, {}).pop(old, None)
            self.forgotten += 1
        return known

    def replace(self, key: Key, known: Known) -> None:
        """A new object under that name."""
        self.get(key)
        self._objects[key] = known
        if known.collection:
            self._collections.setdefault(known.collection, {})[key] = None

    def list_created(self, collection: str) -> Iterator[tuple[Key, Known]]:
        """The objects that were created on a path and should be in its list."""
        for key in self._collections.get(collection, {}):
            known = self._objects.get(key)
            if known is not None and known.listed:
                yield key, known

    def touch(self, texts: set[str]) -> None:
        """What is named by one of these texts was changed in a way that nobody knows."""
        for keys in self._collections.values():
            for resource, ids in keys:
                known = self._objects.get((resource, ids))
                if known is not None and ids and ids[-1] in texts:
                    known.listed = False
                    known.pending.clear()


def describe_moment(observed: Observed, identity: str) -> Moment:
    """When the request of an exchange was under way."""
    recorded = observed.recorded
    return Moment(place=recorded.place, identity=identity, began=recorded.began, ended=recorded.ended)


def find_item(api: Api, observed: Observed) -> Key | None:
    """The object that the path of a request ends at; None if it ends at none."""
    operation = observed.operation
    if not operation.resource or not operation.item or api.resource(operation.resource).item != operation.path:
        return None
    return operation.resource, tuple(str(value) for value in observed.parts.path.values())


def find_member(api: Api, operation: Operation, path: Mapping[str, object], shown: Mapping[str, Json]) -> Key | None:
    """The object that a creation returned, or a list holds, by the path on which it is shown."""
    if not operation.resource:
        return None
    resource = api.resource(operation.resource)
    identity = shown.get(resource.identity)
    if not resource.item or not isinstance(identity, str | int) or isinstance(identity, bool):
        return None
    above = resource.item.count("{") - 1
    parents = [str(value) for value in path.values()]
    if above > len(parents):
        return None
    return operation.resource, (*parents[:above], str(identity))


def keep_values(shown: Mapping[str, Json]) -> dict[str, Json]:
    """The values of an object that are short enough to be kept."""
    return {name: value for name, value in shown.items() if len(str(value)) <= _LONGEST_VALUE}
