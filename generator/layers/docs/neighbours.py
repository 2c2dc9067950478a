"""From the page of one operation to others: the other version, the order of work, the rest of the resource."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.ir import Api
from generator.layers.docs.page_paths import Place, Places, sort_by_work, successor_place
from generator.layers.docs.prose import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAlso:
    """What a reader wants next. `steps` are the order of work, with the page itself as a link to nowhere."""

    steps: tuple[Link, ...]
    siblings: tuple[Link, ...]


def see_also(found: Places, place: Place) -> SeeAlso:
    """The order of work if anything comes before or after, and the other operations of its resource."""
    api, operation = place.api, place.operation
    own = found.by_version[api.name]
    steps = [own[wanted] for wanted in found.orders_of_work[api.name].list_steps(operation) if wanted in own]
    siblings = [other for other in found.by_resource[api.name, operation.resource] if other is not place]
    return SeeAlso(
        steps=tuple(_step(place, step) for step in steps) if len(steps) > 1 else (),
        siblings=tuple(other.link(place.path) for other in sort_by_work(siblings)),
    )


def versions(apis: Sequence[Api], found: Places, place: Place) -> tuple[Link, ...]:
    """The page in each version that has one, newest first; none if only this version has it."""
    named = {
        name: Link(name, "" if other is place else other.link(place.path).target)
        for name, other in find_counterparts(found, place).items()
    }
    newest = [api.name for api in reversed(apis) if api.name in named]
    return tuple(named[name] for name in newest) if len(named) > 1 else ()


def find_counterparts(found: Places, place: Place) -> dict[str, Place]:
    """The same operation in each version that has it, this one included."""
    counterparts = {place.api.name: place}
    successor = successor_place(found, place)
    others = [*found.by_successor.get(place.path, ()), *([successor] if successor else [])]
    for other in sorted(others, key=lambda other: found.positions[other.path]):
        counterparts.setdefault(other.api.name, other)
    return counterparts


def _step(place: Place, step: Place) -> Link:
    return Link(step.title) if step is place else step.link(place.path)
