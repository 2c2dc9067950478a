"""Earlier names of methods, which must be free beside the names of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.errors import SpecError
from generator.ir import Operation
from generator.load import Node
from generator.names import snake

Name = tuple[str, str]  # resource and method


def check_former_names(operations: Iterable[Operation], places: Mapping[Name, Node]) -> Iterator[SpecError]:
    """A fault for each earlier name that the client cannot keep; `places` are the operations by resource and method."""
    listed = tuple(operations)
    in_use = {(one.resource, snake(one.name)): one for one in listed if one.name}
    kept: dict[Name, Operation] = {}
    for one in listed:
        for number, name in enumerate(one.formerly):
            key = (one.resource, snake(name))
            other = in_use.get(key) or kept.setdefault(key, one)
            place = places[(one.resource, one.name)]["x-client"]["formerly"][number]
            if in_use.get(key) is one:
                yield place.fault(f"{one.resource}.{name} is no earlier name but the present one", "remove it")
            elif key in in_use:
                yield place.fault(
                    f"{one.resource}.{name} is still in use, by {other.id}", "remove it, or rename that one"
                )
            elif other is not one:
                yield place.fault(
                    f"{one.resource}.{name} is an earlier name of {other.id} too", "keep it at one of them"
                )
