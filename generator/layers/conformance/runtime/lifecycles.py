"""What can be done with the objects that an operation creates, from creation to deletion, as the resources say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procwise_conformance.description import Resource

from .api import Api, Json, Operation
from .plan import Plan

_DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """A creating operation and those on what it makes; `listers` list it, the one on the same path first."""

    creator: Operation
    shower: Operation | None
    changers: tuple[Operation, ...]
    destroyer: Operation | None
    listers: tuple[Operation, ...]

    @property
    def name(self) -> str:
        return self.creator.id

    @property
    def operations(self) -> tuple[Operation, ...]:
        single = (self.shower, self.destroyer)
        return (self.creator, *self.listers, *self.changers, *(o for o in single if o is not None))


def list_lifecycles(api: Api) -> Iterator[Lifecycle]:
    """One for each operation whose objects can be deleted afterwards."""
    for resource in api.resources:
        for creator in (api.find(id_) for id_ in resource.creators if resource.destroyer):
            if creator is not None:
                yield _build_lifecycle(api, resource, creator)


def _build_lifecycle(api: Api, resource: Resource, creator: Operation) -> Lifecycle:
    listers = [lister for lister in map(api.find, resource.listers) if lister is not None]
    changers = [changer for changer in map(api.find, resource.changers) if changer is not None]
    return Lifecycle(
        creator=creator,
        shower=api.find(resource.shower),
        changers=tuple(changers),
        destroyer=api.find(resource.destroyer),
        listers=tuple(sorted(listers, key=lambda lister: lister.path != creator.path)),
    )


def is_marked_deleted(plan: Plan, lifecycle: Lifecycle, shown: Mapping[str, Json]) -> bool:
    """Whether an object says that it is deleted, by a state that lists know, of this version or a newer one."""
    listers = [lister for one in (lifecycle, *_successors(plan, lifecycle)) for lister in one.listers]
    words = (word for lister in listers for word in lister.narrowing)
    return any(_DELETED in known and shown.get(name) == _DELETED for name, known in words)


def _successors(plan: Plan, lifecycle: Lifecycle) -> Iterator[Lifecycle]:
    """The same objects in other versions, whose operations replace those of this one."""
    replaced_by = lifecycle.destroyer.replaced_by if lifecycle.destroyer else ""
    for other in plan.others:
        yield from (one for one in list_lifecycles(other) if f"{other.name} {one.creator.destroyer}" == replaced_by)


def find_lifecycle(api: Api, lister: Operation) -> Lifecycle | None:
    """The lifecycle of the objects that a list holds."""
    return next((one for one in list_lifecycles(api) if lister in one.listers), None)
