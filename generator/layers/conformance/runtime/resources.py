"""What can be done with the objects that an operation creates, as the paths tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .description import Api, Json, Operation
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

    @property
    def patchers(self) -> tuple[Operation, ...]:
        return tuple(o for o in self.changers if o.method == "PATCH")


def resources(api: Api) -> Iterator[Resource]:
    """Every resource whose objects can be made and removed again."""
    for creator in api.operations:
        if creator.method == "POST" and creator.destroyer:
            yield _resource(api, creator)


def _resource(api: Api, creator: Operation) -> Resource:
    on = [o for o in api.operations if o.path.endswith("}") and o.placeholders[-1].creator == creator.id]
    return Resource(
        creator=creator,
        shower=next((o for o in on if o.method == "GET"), None),
        changers=tuple(o for o in on if o.method in ("PATCH", "PUT")),
        destroyer=api.operation(creator.destroyer),
        listers=tuple(sorted(_listers(api, creator), key=lambda o: o.path != creator.path)),
    )


def _listers(api: Api, creator: Operation) -> Iterator[Operation]:
    """The lists under the name of the collection, and the older ones that such a list replaces."""
    collection = creator.path.rpartition("/")[2]
    known = {p.creator for p in creator.placeholders}
    found = [o for o in api.operations if o.method == "GET" and o.path.rpartition("/")[2] == collection]
    own = [o for o in found if {p.creator for p in o.placeholders} <= known]
    yield from own
    yield from (o for o in api.operations if o.method == "GET" and o.replaced_by in {other.id for other in own})


def is_marked_deleted(plan: Plan, resource: Resource, shown: Mapping[str, Json]) -> bool:
    """Whether an object says that it is deleted, by a state that lists know, of this version or a newer one."""
    listers = [lister for one in (resource, *_successors(plan, resource)) for lister in one.listers]
    words = (told for lister in listers for told in lister.narrowing)
    return any(_DELETED in known and shown.get(name) == _DELETED for name, known in words)


def _successors(plan: Plan, resource: Resource) -> Iterator[Resource]:
    """The same objects in other versions, whose operations replace those of this one."""
    replaced_by = resource.destroyer.replaced_by if resource.destroyer else ""
    for other in plan.others:
        yield from (one for one in resources(other) if f"{other.name} {one.creator.destroyer}" == replaced_by)


def made_by(api: Api, lister: Operation) -> Resource | None:
    """The resource whose objects a list holds."""
    return next((r for r in resources(api) if lister in r.listers), None)
