"""The pages of the reference, as the templates want them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from generator.ir import Api, Operation, Project
from generator.layers.docs.answers import Answer, Content, answers, distinct_rows, request_content
from generator.layers.docs.calls import python
from generator.layers.docs.errors import errors_link, status_link
from generator.layers.docs.fields import Row, parameter_rows
from generator.layers.docs.notes import Note, notes
from generator.layers.docs.places import INDEX, Place, relative, resources, successor
from generator.layers.docs.prose import Line, Link, Origin, list_values, literal, one_line, origin, paragraphs
from generator.layers.docs.samples import Block, http, sample, shape, signed_names


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPage:
    """Everything that the page of one operation says; `deprecated` is None for one in use."""

    title: str
    request_line: str
    description: tuple[str, ...]
    deprecated: Line | None
    facts: tuple[tuple[str, str], ...]
    source: Origin
    python: Block
    request: Block
    signed: str
    shape: str
    parameters: tuple[Row, ...]
    body: Content | None
    notes: tuple[Note, ...]
    answers: tuple[Answer, ...]
    errors: tuple[Answer, ...]
    error_rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One operation in a table of operations."""

    link: Link
    request_line: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The operations of one resource, and a link to the page that lists them."""

    link: Link
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """What holds for every request of one version, and its operations by resource."""

    title: str
    description: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    signature: str
    errors: Link | None
    groups: tuple[Group, ...]


def operation_page(project: Project, found: tuple[Place, ...], place: Place) -> OperationPage:
    """The page of one operation."""
    api, operation = place.api, place.operation
    values = sample(api, operation)
    names = signed_names(api, operation, values)
    linked = partial(status_link, api, start=place.path)
    errors = answers(api, operation.errors, linked)
    pages = {other.operation.id: other for other in found if other.api is api}
    return OperationPage(
        title=place.title,
        request_line=_request_line(place),
        description=paragraphs(operation.description),
        deprecated=successor(found, place) if operation.deprecated else None,
        facts=_facts(operation),
        source=origin(operation.source),
        python=python(project, api, operation, values),
        request=http(api, operation, values),
        signed=list_values(names),
        shape=literal(shape(api.signing, names)) if api.signing else "",
        parameters=parameter_rows(api, operation.parameters),
        body=request_content(api, operation.body) if operation.body else None,
        notes=tuple(notes(operation, lambda wanted: pages[wanted].link(place.path))),
        answers=answers(api, tuple(r for r in operation.responses if r not in operation.errors), linked),
        errors=errors,
        error_rows=distinct_rows(errors),
    )


def version_page(api: Api, found: tuple[Place, ...]) -> VersionPage:
    """The index of one version."""
    start = f"{api.name}/{INDEX}"
    return VersionPage(
        title=one_line(f"{api.title} {api.name}"),
        description=paragraphs(api.description),
        facts=_version_facts(api),
        signature=api.signing.description if api.signing else "",
        errors=errors_link(api, start),
        groups=tuple(resource_group(api, name, group, start) for name, group in resources(api, found)),
    )


def resource_group(api: Api, name: str, group: tuple[Place, ...], start: str) -> Group:
    """The operations of one resource, with links that begin at the page `start`."""
    own = Link(one_line(group[0].operation.tag or name), relative(f"{api.name}/{name}/{INDEX}", start))
    return Group(link=own, entries=tuple(_entry(place, start) for place in group))


def _entry(place: Place, start: str) -> Entry:
    state = " (deprecated)" if place.operation.deprecated else ""
    return Entry(link=place.link(start), request_line=_request_line(place), state=state)


def _request_line(place: Place) -> str:
    return literal(f"{place.operation.method} {place.api.base_path}{place.operation.path}")


def _facts(operation: Operation) -> tuple[tuple[str, str], ...]:
    facts = (
        ("In the client", literal(f"{operation.resource}.{operation.name}")),
        ("Who may call it", operation.role),
        ("Signed", "yes" if operation.signed else "no"),
    )
    return tuple(fact for fact in facts if fact[1])


def _version_facts(api: Api) -> tuple[tuple[str, str], ...]:
    facts = (
        ("Base URL", list_values(server.url for server in api.servers)),
        ("Header `Accept`", literal(api.accept) if api.accept else ""),
        ("Token", api.token.description if api.token else ""),
    )
    return tuple(fact for fact in facts if fact[1])
