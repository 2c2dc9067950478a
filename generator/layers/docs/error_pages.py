"""The page of a version's error codes: what each means, what to do, and which operations send its status."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ir import Api, ErrorCode
from generator.layers.docs.page_paths import BOOST, INDEX, Place, errors_path, relative, resources
from generator.layers.docs.prose import Link, Origin, literal, one_line
from generator.layers.docs.sources import origin
from generator.names import snake


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code: its anchor on the page, its text, and the statuses it comes with."""

    anchor: str
    text: str
    statuses: tuple[Link, ...]
    meaning: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Senders:
    """The operations of one resource that send a status."""

    resource: Link
    operations: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status: its anchor, its codes, and what sends it. `rule` says so where no list is needed."""

    anchor: str
    number: int
    codes: tuple[Link, ...]
    rule: str
    senders: tuple[Senders, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsPage:
    """All codes of one version, and all their statuses; `where` a response has them."""

    title: str
    boost: float
    where: str
    index: Link
    sources: tuple[Origin, ...]
    codes: tuple[Code, ...]
    statuses: tuple[Status, ...]


def errors_page(api: Api, found: tuple[Place, ...]) -> ErrorsPage:
    """The page of a version that has a catalogue."""
    own = tuple(place for place in found if place.api is api)
    return ErrorsPage(
        title=f"Errors of {api.name}",
        boost=BOOST[api.deprecated],
        where=_where(api),
        index=Link("this version", INDEX),
        sources=tuple(dict.fromkeys(origin(api, error.source, errors_path(api)) for error in api.errors)),
        codes=tuple(_code(error) for error in api.errors),
        statuses=tuple(_status(api, own, number) for number in sorted(_numbers(api))),
    )


def _where(api: Api) -> str:
    members = dict.fromkeys(literal(error.member) for error in api.errors if error.member)
    return f"in the member {' or '.join(members)} of its body" if members else "in its body"


def errors_link(api: Api, start: str) -> Link | None:
    """A link to that page; None where the version has none."""
    return Link("The codes of errors", relative(errors_path(api), start)) if api.errors else None


def status_link(api: Api, number: int, start: str) -> Link:
    """A status, linked to what it may mean where that is known."""
    known = number in _numbers(api)
    return Link(str(number), f"{relative(errors_path(api), start)}#{_status_anchor(number)}" if known else "")


def code_link(api: Api, error: ErrorCode, start: str) -> Link:
    """A code, linked to its row on the page of the errors."""
    return Link(literal(error.code), f"{relative(errors_path(api), start)}#{_code_anchor(error)}")


def _numbers(api: Api) -> set[int]:
    return {number for error in api.errors for number in error.statuses}


def _code(error: ErrorCode) -> Code:
    return Code(
        anchor=_code_anchor(error),
        text=literal(error.code),
        statuses=tuple(Link(str(number), f"#{_status_anchor(number)}") for number in error.statuses),
        meaning=error.meaning,
        hint=error.hint,
    )


def _status(api: Api, own: tuple[Place, ...], number: int) -> Status:
    senders = tuple(place for place in own if number in {error.status for error in place.operation.errors})
    rule = {0: "No operation describes it, yet any request may get it.", len(own): "Every operation has it."}
    return Status(
        anchor=_status_anchor(number),
        number=number,
        codes=tuple(Link(literal(e.code), f"#{_code_anchor(e)}") for e in api.errors if number in e.statuses),
        rule=rule.get(len(senders), ""),
        senders=() if len(senders) in rule else tuple(_group_by_resource(api, senders)),
    )


def _group_by_resource(api: Api, places: tuple[Place, ...]) -> Iterator[Senders]:
    start = errors_path(api)
    for name, group in resources(api, places):
        resource = Link(one_line(group[0].operation.tag or name), relative(f"{api.name}/{name}/{INDEX}", start))
        yield Senders(resource=resource, operations=tuple(place.link(start) for place in group))


def _code_anchor(error: ErrorCode) -> str:
    """Names of codes are distinct: that is checked when the description is loaded."""
    return f"code-{snake(error.code)}"


def _status_anchor(number: int) -> str:
    return f"status-{number}"
