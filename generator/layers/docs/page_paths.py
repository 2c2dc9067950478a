"""Where each page stands, and how one page links to another."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from generator.ir import Api, Kind, Operation, Project
from generator.layers.docs.error_examples import ErrorWords
from generator.layers.docs.order_of_work import OrderOfWork
from generator.layers.docs.prose import Line, Link, one_line

INDEX = "index.md"
MACHINES = "machines/index.md"  # a folder: its links to files of the site hold for every form of addresses
BOOST = {False: 1.5, True: 0.3}  # in the search: what is deprecated is seldom meant
_ORDER: tuple[Kind, ...] = ("list", "create", "show", "update", "replace", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The page of an operation, as a path below the reference."""

    api: Api
    operation: Operation
    path: str

    @property
    def title(self) -> str:
        """What the page is called."""
        return one_line(self.operation.summary or self.operation.id)

    def link(self, start: str) -> Link:
        """A link to this page from the page at `start`."""
        return Link(self.title, relative(self.path, start))


class Places(tuple[Place, ...]):
    """Pages of operations, in the order of the descriptions, and how they are found."""

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where each page stands among the others, by its path."""
        return {place.path: index for index, place in enumerate(self)}

    @cached_property
    def by_version(self) -> Mapping[str, Mapping[str, Place]]:
        """The pages by version and operation; if two are called the same, the first."""
        found: dict[str, dict[str, Place]] = {}
        for place in self:
            found.setdefault(place.api.name, {}).setdefault(place.operation.id, place)
        return found

    @cached_property
    def error_words(self) -> Mapping[str, ErrorWords]:
        """What errors speak of, by version."""
        apis = {place.api.name: place.api for place in self}
        return {name: ErrorWords.read(api) for name, api in apis.items()}

    @cached_property
    def orders_of_work(self) -> Mapping[str, OrderOfWork]:
        """What comes before an operation and after it, by version."""
        apis = {place.api.name: place.api for place in self}
        return {name: OrderOfWork(api) for name, api in apis.items()}

    @cached_property
    def by_resource(self) -> Mapping[tuple[str, str], Sequence[Place]]:
        """The pages by version and resource."""
        found: dict[tuple[str, str], list[Place]] = {}
        for place in self:
            found.setdefault((place.api.name, place.operation.resource), []).append(place)
        return found

    @cached_property
    def by_successor(self) -> Mapping[str, Sequence[Place]]:
        """The pages that each page replaces, by its path."""
        found: dict[str, list[Place]] = {}
        for place in self:
            other = successor_place(self, place)
            if other is not None:
                found.setdefault(other.path, []).append(place)
        return found


def relative(path: str, start: str) -> str:
    """The link from the page `start` to the page `path`."""
    return _relate(path, posixpath.dirname(start) or ".")


@lru_cache(maxsize=4096)  # the pages of a resource link to the same pages again and again
def _relate(path: str, folder: str) -> str:
    return posixpath.relpath(path, folder)


def places(project: Project) -> Places:
    """All pages of operations, in the order of the descriptions."""
    return Places(Place(api=api, operation=o, path=_path(api, o)) for api in project.apis for o in api.operations)


def resources(api: Api, found: tuple[Place, ...]) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """The pages of a version, by resource."""
    own = sorted((place for place in found if place.api is api), key=lambda place: place.operation.resource)
    for name, group in groupby(own, key=lambda place: place.operation.resource):
        yield name, tuple(sort_by_work(group))


def errors_path(api: Api) -> str:
    """The page of a version's error codes, beside the folders of its resources."""
    return f"{api.name}/errors_.md" if api.has_resource("errors") else f"{api.name}/errors.md"


def sort_by_work(found: Iterable[Place]) -> list[Place]:
    """List, create, show, update, replace, delete, then the rest as written; what is deprecated comes last."""
    return sorted(found, key=lambda place: (place.operation.deprecated, _rank(place.operation)))


def _rank(operation: Operation) -> int:
    kind = "list" if operation.name == "list" else operation.kind
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def successor_place(found: Places, place: Place) -> Place | None:
    """The page that replaces this one, if there is one."""
    words = place.operation.replaced_by.split()
    if not words:
        return None
    version, id_ = [place.api.name, *words][-2:]
    return found.by_version.get(version, {}).get(id_)


def successor(found: Places, place: Place) -> Line:
    """The page that replaces this one, or why there is none."""
    other = successor_place(found, place)
    if other is not None:
        return Line(f"Use its successor in {other.api.name}:", other.link(place.path))
    word, _, reason = place.operation.replaced_by.partition(":")
    return Line(f"There is no successor:{reason}." if word == "none" and reason else place.operation.replaced_by)


def _path(api: Api, operation: Operation) -> str:
    name = f"{operation.name}_" if operation.name in ("index", "readme") else operation.name
    return f"{api.name}/{operation.resource}/{name}.md"
