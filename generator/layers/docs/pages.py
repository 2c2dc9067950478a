"""The pages of the reference, as the templates want them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from generator.ir import Api, Operation, Project, Schema
from generator.layers.docs.calls import program
from generator.layers.docs.error_examples import fit_examples
from generator.layers.docs.error_pages import errors_link, status_link
from generator.layers.docs.failures import Failure, error_groups, failures
from generator.layers.docs.fields import Group, Rows, value_anchor
from generator.layers.docs.neighbours import SeeAlso, see_also, versions
from generator.layers.docs.notes import Note, notes
from generator.layers.docs.page_paths import INDEX, Place, Places, relative, resources, successor
from generator.layers.docs.programs import programs
from generator.layers.docs.prose import Line, Link, Origin, list_values, literal, one_line, paragraphs, split_lead
from generator.layers.docs.responses import Content, ResponseView, list_responses, request_content
from generator.layers.docs.samples import Block, Sample, http, sample
from generator.layers.docs.schema_text import forms_of, is_shared
from generator.layers.docs.search_words import boost, search_words
from generator.layers.docs.signed import SignedExamples, sign_examples
from generator.layers.docs.signers import request_scheme
from generator.layers.docs.sources import explained_sources, origin, source_anchors
from generator.layers.docs.workbench import workbench_name

_REPEATABLE = {"safe": "repeatable", "never": "never repeat", "verify": "look, then repeat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """The example request in one language."""

    label: str
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPage:
    """Everything that the page of one operation says; `deprecated` is None for one in use."""

    title: str
    method: str
    version: str
    status: str
    boost: float
    search_words: str
    address: str
    versions: tuple[Link, ...]
    lead: str
    description: tuple[str, ...]
    deprecated: Line | None
    facts: tuple[str, ...]
    source: Origin
    samples: tuple[Tab, ...]
    signs: bool
    signed: SignedExamples | None
    workbench: str
    parameters: tuple[Group, ...]
    body: Content | None
    notes: tuple[Note, ...]
    responses: tuple[ResponseView, ...]
    failures: tuple[Failure, ...]
    error_groups: tuple[Group, ...]
    see_also: SeeAlso


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One operation in a table of operations."""

    link: Link
    method: str
    path: str
    deprecated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The operations of one resource, what they are about, and a link to the page that lists them."""

    link: Link
    description: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedValue:
    """A kind of value that has several forms, explained once for all members that have it."""

    anchor: str
    name: str
    forms: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSource:
    """A source without an address: its title, and what it is."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOperation:
    """An operation with the example of its signature."""

    link: Link
    signed: SignedExamples


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """What holds for every request of one version, and its operations by resource."""

    name: str
    title: str
    signs: bool
    description: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    signature: str
    signed_operation: SignedOperation | None
    errors: Link | None
    values: tuple[SharedValue, ...]
    groups: tuple[Resource, ...]
    sources: tuple[ExplainedSource, ...]


def operation_page(project: Project, found: Places, place: Place) -> OperationPage:
    """The page of one operation."""
    api, operation = place.api, fit_examples(place.api, place.operation, found.error_words[place.api.name])
    values = sample(api, operation)
    rows = Rows(api=api, start=place.path)
    linked = partial(status_link, api, start=place.path)
    pages = found.by_version[api.name]
    parameters = rows.of_parameters(operation.parameters)
    body = request_content(rows, operation.body) if operation.body else None
    received = list_responses(rows, tuple(r for r in operation.responses if r not in operation.errors), linked)
    errors = list_responses(rows, operation.errors, linked)
    lead, description = split_lead(operation.description)
    return OperationPage(
        title=place.title,
        method=operation.method,
        version=api.name,
        status=operation.method.lower() + ("-deprecated" if operation.deprecated else ""),
        boost=boost(api, operation),
        search_words=search_words(operation),
        address=_address(place),
        versions=versions(project.apis, found, place),
        lead=lead,
        description=description,
        deprecated=successor(found, place) if operation.deprecated else None,
        facts=_facts(operation),
        source=origin(api, operation.source, place.path),
        samples=_list_programs(project, api, operation, values),
        signed=sign_examples(api, operation, values),
        signs=operation.signed,
        workbench=workbench_name(place),
        parameters=parameters,
        body=body,
        notes=tuple(notes(operation, lambda wanted: pages[wanted].link(place.path))),
        responses=received,
        failures=failures(api, operation, errors, place.path),
        error_groups=error_groups(rows, operation.errors),
        see_also=see_also(found, place),
    )


def _list_programs(project: Project, api: Api, operation: Operation, values: Sample) -> tuple[Tab, ...]:
    return (
        Tab(label="Python client", block=program(project, api, operation, values)),
        *(Tab(label=label, block=block) for label, block in programs(api, operation, values)),
        Tab(label="HTTP", block=http(api, operation, values)),
    )


def version_page(api: Api, found: tuple[Place, ...]) -> VersionPage:
    """The index of one version."""
    start, signature = f"{api.name}/{INDEX}", request_scheme(api)
    return VersionPage(
        name=api.name,
        signs=any(operation.signed for operation in api.operations),
        title=one_line(f"{api.title} {api.name}"),
        description=paragraphs(api.description),
        facts=_version_facts(api),
        signature=signature.description if signature else "",
        signed_operation=next(_signed_operations(api, found, start), None),
        errors=errors_link(api, start),
        values=tuple(_shared_value(api, schema) for schema in api.schemas if is_shared(schema)),
        groups=tuple(resource_group(api, name, group, start) for name, group in resources(api, found)),
        sources=tuple(
            ExplainedSource(anchor=source_anchors(api)[entry.page], title=entry.title, text=entry.description)
            for entry in explained_sources(api)
        ),
    )


def _signed_operations(api: Api, found: tuple[Place, ...], start: str) -> Iterator[SignedOperation]:
    for place in found:
        if place.api is api and not place.operation.deprecated:
            signed = sign_examples(api, place.operation, sample(api, place.operation))
            if signed is not None:
                yield SignedOperation(link=place.link(start), signed=signed)


def resource_group(api: Api, name: str, group: tuple[Place, ...], start: str) -> Resource:
    """The operations of one resource, with links that begin at the page `start`."""
    tag = group[0].operation.tag
    own = Link(one_line(tag or name), relative(f"{api.name}/{name}/{INDEX}", start))
    text = next((one.description for one in api.tags if one.name == tag), "")
    return Resource(link=own, description=paragraphs(text), entries=tuple(_entry(place, start) for place in group))


def _entry(place: Place, start: str) -> Entry:
    return Entry(
        link=place.link(start), method=place.operation.method, path=_path(place), deprecated=place.operation.deprecated
    )


def _path(place: Place) -> str:
    return literal(f"{place.api.base_path}{place.operation.path}")


def _address(place: Place) -> str:
    """The address with its variables, such as `https://{institute}.example/api/exams`."""
    servers = place.api.servers
    return literal(f"{servers[0].template.rstrip('/') if servers else place.api.base_path}{place.operation.path}")


def _facts(operation: Operation) -> tuple[str, ...]:
    """Few words each: they share a line of half a screen."""
    facts = (
        "signed" if operation.signed else "not signed",
        f"{operation.role} only" if operation.role else "",
        _REPEATABLE[operation.retry.policy],
        f"client {literal(f'{operation.resource}.{operation.name}')}",
        f"id {literal(operation.id)}",
    )
    return tuple(fact for fact in facts if fact)


def _shared_value(api: Api, schema: Schema) -> SharedValue:
    return SharedValue(
        anchor=value_anchor(schema.name),
        name=literal(schema.name),
        forms=forms_of(api, schema),
        meaning=schema.description,
    )


def _version_facts(api: Api) -> tuple[tuple[str, str], ...]:
    facts = (
        ("Base URL", list_values(server.url for server in api.servers)),
        ("Header `Accept`", literal(api.accept) if api.accept else ""),
        ("Token", api.token.description if api.token else ""),
    )
    return tuple(fact for fact in facts if fact[1])
