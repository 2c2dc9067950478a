"""What can be done with the objects that an operation creates, as the paths tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procwise_conformance.description import Resource as Described

from .model import Api, Json, Operation
from .plan import Plan

_DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
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


def resources(api: Api) -> Iterator[Resource]:
    """Every resource whose objects can be made and removed again."""
    for one in api.resources:
        for creator in (api.find(id_) for id_ in one.creators if one.destroyer):
            if creator is not None:
                yield _resource(api, one, creator)


def _resource(api: Api, described: Described, creator: Operation) -> Resource:
    listers = [lister for lister in map(api.find, described.listers) if lister is not None]
    changers = [changer for changer in map(api.find, described.changers) if changer is not None]
    return Resource(
        creator=creator,
        shower=api.find(described.shower),
        changers=tuple(changers),
        destroyer=api.find(described.destroyer),
        listers=tuple(sorted(listers, key=lambda lister: lister.path != creator.path)),
    )


def is_marked_deleted(plan: Plan, resource: Resource, shown: Mapping[str, Json]) -> bool:
    """Whether an object says that it is deleted, by a state that lists know, of this version or a newer one."""
    listers = [lister for one in (resource, *_successors(plan, resource)) for lister in one.listers]
    words = (word for lister in listers for word in lister.narrowing)
    return any(_DELETED in known and shown.get(name) == _DELETED for name, known in words)


def _successors(plan: Plan, resource: Resource) -> Iterator[Resource]:
    """The same objects in other versions, whose operations replace those of this one."""
    replaced_by = resource.destroyer.replaced_by if resource.destroyer else ""
    for other in plan.others:
        yield from (one for one in resources(other) if f"{other.name} {one.creator.destroyer}" == replaced_by)


def made_by(api: Api, lister: Operation) -> Resource | None:
    """The resource whose objects a list holds."""
    return next((r for r in resources(api) if lister in r.listers), None)
