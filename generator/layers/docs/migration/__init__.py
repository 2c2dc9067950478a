"""The way from an older version to the newer one: what becomes of each parameter and field, from `x-replaced-by`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ir import Api, Operation, Project
from generator.layers.docs.calls import python
from generator.layers.docs.migration.change import PATH, Change
from generator.layers.docs.migration.received import list_received_changes
from generator.layers.docs.migration.sent import list_sent_changes
from generator.layers.docs.page_paths import Place, Places, successor, successor_place
from generator.layers.docs.prose import Line, Link, literal
from generator.layers.docs.samples import Block, sample

__all__ = ["PATH", "Migration", "Step", "migrations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An operation and its successor, what changes in the call and in its response, and the call before and after.

    `is_paged` says that a list that came whole comes in pages now.
    """

    old: Link
    new: Link
    moved: str
    has_other_method: bool
    is_paged: bool
    changes: tuple[Change, ...]
    fields: tuple[Change, ...]
    before: Block
    after: Block

    @property
    def differs(self) -> bool:
        """Whether a program has to be changed for it."""
        return bool(self.has_other_method or self.changes or self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """Everything that changes between two versions; `facts` hold for every request."""

    old: Api
    new: Api
    facts: tuple[tuple[str, str, str], ...]
    is_signed_alike: bool
    steps: tuple[Step, ...]
    unchanged: tuple[tuple[Link, Link], ...]
    ended: tuple[tuple[Link, Line], ...]


def migrations(project: Project, found: Places) -> Iterator[Migration]:
    """From each version whose operations have successors in a newer one."""
    for old in project.apis:
        pairs = [(place, successor_place(found, place)) for place in found if place.api is old]
        new = next((other.api for _, other in pairs if other is not None and other.api is not old), None)
        if new is not None:
            yield _migration(project, found, old, new)


def _migration(project: Project, found: Places, old: Api, new: Api) -> Migration:
    replaced = [place for place in found if place.api is old and place.operation.replaced_by]
    pairs = [(place, other) for place in replaced if (other := successor_place(found, place)) and other.api is new]
    steps = [_step(project, found, place, other) for place, other in pairs]
    return Migration(
        old=old,
        new=new,
        facts=tuple(_facts(project, old, new)),
        is_signed_alike=old.signing is not None and old.signing == new.signing,
        steps=tuple(step for step in steps if step.differs),
        unchanged=tuple((step.old, step.new) for step in steps if not step.differs),
        ended=tuple(
            (place.link(PATH), successor(found, place)) for place in replaced if successor_place(found, place) is None
        ),
    )


def _facts(project: Project, old: Api, new: Api) -> Iterator[tuple[str, str, str]]:
    """What every request has: its name, and its value in both versions."""
    pairs = {
        "The module of the client": (_module(project, old), _module(project, new)),
        "The base path": (old.base_path, new.base_path),
        "The header `Accept`": (old.accept, new.accept),
        "The token": tuple(f"{api.token.header}: {api.token.format}" if api.token else "" for api in (old, new)),
    }
    for name, (before, after) in pairs.items():
        if before != after:
            yield name, literal(before) if before else "not sent", literal(after) if after else "not sent"


def _module(project: Project, api: Api) -> str:
    return project.client if api is project.current else f"{project.client}.{api.name}"


def _step(project: Project, found: Places, place: Place, other: Place) -> Step:
    before, after = _line(place.operation), _line(other.operation)
    return Step(
        old=place.link(PATH),
        new=other.link(PATH),
        moved=f"{literal(before)} becomes {literal(after)}." if before != after else f"{literal(before)} stays.",
        has_other_method=_method(place.operation) != _method(other.operation),
        is_paged=other.operation.pagination is not None and place.operation.pagination is None,
        changes=tuple(list_sent_changes(found, place, other)),
        fields=tuple(list_received_changes(place, other)),
        before=_program(project, place),
        after=_program(project, other),
    )


def _program(project: Project, place: Place) -> Block:
    return python(project, place.api, place.operation, sample(place.api, place.operation))


def _line(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _method(operation: Operation) -> tuple[str, str]:
    """The method of the client that a program calls."""
    return operation.resource, operation.name
