"""What the templates need, worked out from the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from generator.ir import Api, Frozen, Operation, Parameter, Project, Schema, thaw
from generator.layers.conformance.bodies import SettingView, examples, references, settings, tenant
from generator.layers.conformance.lists import filters, narrowing, pagination

_SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView:
    """The project's names: `imports` are import packages, `distribution` the name to install."""

    name: str
    distribution: str
    client: str
    client_distribution: str
    version: str
    apis: tuple[str, ...]
    current: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceholderView:
    """A `{name}` of a path, and the operations that create and list what it names."""

    name: str
    integer: bool
    creator: str
    lister: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """An operation as the suite calls it."""

    id: str
    resource: str
    method: str
    path: str
    signed: bool
    restricted: bool
    placeholders: tuple[PlaceholderView, ...]
    query: tuple[tuple[str, object], ...]
    body: object
    media_types: tuple[str, ...]
    statuses: tuple[int, ...]
    envelope: str
    identity: str
    destroyer: str
    role: str
    replaced_by: str
    settings: tuple[SettingView, ...]
    references: tuple[tuple[str, str], ...]
    tenant: str
    pagination: Mapping[str, object] | None
    filter: Mapping[str, object] | None
    narrowing: tuple[tuple[str, tuple[Frozen, ...]], ...]
    job: Mapping[str, object] | None
    expiring: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiView:
    """A version of the API as data."""

    name: str
    title: str
    base_path: str
    accept: str
    token_header: str
    token_format: str
    other_formats: tuple[str, ...]
    signed: bool
    headers: tuple[str, ...]
    secret: tuple[str, ...]
    pii: tuple[str, ...]
    code_member: str
    codes: Mapping[int, tuple[str, ...]]
    classes: tuple[str, ...]
    operations: tuple[OperationView, ...]


def package_view(project: Project) -> PackageView:
    """The project's names as the templates need them."""
    return PackageView(
        name=project.conformance,
        distribution=project.conformance.replace("_", "-"),
        client=project.client,
        client_distribution=project.client.replace("_", "-"),
        version=project.version,
        apis=tuple(api.name for api in project.apis),
        current=project.current.name,
        title=project.current.title,
    )


def api_view(project: Project, api: Api) -> ApiView:
    """One version as data."""
    found = tuple(_operation(api, operation) for operation in api.operations)
    return ApiView(
        name=api.name,
        title=api.title,
        base_path=api.base_path,
        accept=api.accept,
        token_header=api.token.header if api.token else "",
        token_format=api.token.format if api.token else "",
        other_formats=_other_formats(project, api),
        signed=api.signing is not None,
        headers=tuple(sorted({p.name for operation in api.operations for p in operation.in_("header")})),
        secret=tuple(sorted({name for name, secret, _ in _marked(api) if secret})),
        pii=tuple(sorted({name for name, _, pii in _marked(api) if pii})),
        code_member=next((error.member for error in api.errors), ""),
        codes=_codes(api),
        classes=tuple(sorted(_classes(found))),
        operations=found,
    )


def _other_formats(project: Project, api: Api) -> tuple[str, ...]:
    """How the token is written for other versions, where it travels in the same header."""
    tokens = [other.token for other in project.apis if api.token and other.token]
    same = [token.format for token in tokens if api.token and token.header == api.token.header]
    return tuple(sorted({text for text in same if api.token and text != api.token.format}))


def _classes(operations: tuple[OperationView, ...]) -> Iterator[str]:
    """What the module of a version is written with."""
    yield from ("Api", "Operation", "bundled")
    yield from ("Placeholder",) if any(o.placeholders for o in operations) else ()
    yield from ("Setting",) if any(o.settings for o in operations) else ()
    yield from ("Pagination",) if any(o.pagination for o in operations) else ()
    yield from ("Column", "Filter") if any(o.filter for o in operations) else ()
    yield from ("Job",) if any(o.job for o in operations) else ()


def _codes(api: Api) -> dict[int, tuple[str, ...]]:
    """The words of the catalogue by status."""
    statuses = sorted({status for error in api.errors for status in error.statuses})
    return {s: tuple(error.code for error in api.errors if s in error.statuses) for s in statuses}


def _operation(api: Api, operation: Operation) -> OperationView:
    body, members, resource = operation.body, operation.members, api.resource(operation.resource)
    return OperationView(
        id=operation.id,
        resource=operation.resource,
        method=operation.method,
        path=operation.path,
        signed=operation.signed,
        restricted=bool(operation.role),
        placeholders=tuple(_placeholder(api, operation, name, resource) for name, resource in _named(operation)),
        query=tuple((p.name, _sample(api, p)) for p in operation.in_("query") if p.required),
        body=examples(operation) if body else None,
        media_types=body.media_types if body else (),
        statuses=tuple(response.status for response in operation.responses),
        envelope=operation.wrapper,
        identity=resource.identity,
        destroyer=resource.destroyer if operation.kind == "create" else "",
        role=operation.role,
        replaced_by=operation.replaced_by,
        settings=tuple(settings(api, operation, members)),
        references=tuple(references(api, operation)),
        tenant=tenant(api, members),
        pagination=pagination(api, operation),
        filter=filters(operation),
        narrowing=tuple(narrowing(api, operation, members)),
        job=asdict(operation.job) if operation.job else None,
        expiring=tuple((member.name, member.expires_in) for member in members if member.expires_in),
    )


def _named(operation: Operation) -> Iterator[tuple[str, str]]:
    """The placeholders of a path, with the resources that they name."""
    yield from ((parent.placeholder, parent.resource) for parent in operation.parents)
    if operation.item:
        yield operation.item, operation.resource


def _placeholder(api: Api, operation: Operation, name: str, resource: str) -> PlaceholderView:
    known = api.resource(resource) if resource else None
    collection = operation.path.partition(f"/{{{name}}}")[0]
    listers = known.listers if known else ()
    schema = next((p.schema for p in operation.in_("path") if p.name == name), None)
    return PlaceholderView(
        name=name,
        integer=schema is not None and schema.resolve().types == ("integer",),
        creator=known.creator if known else "",
        lister=next((id_ for id_ in listers if api.operation(id_).path == collection), ""),
    )


def _sample(api: Api, parameter: Parameter) -> object:
    """A value for a required query parameter: its example, or the plainest value of its type."""
    schema = api.resolve(parameter.schema)
    known: list[Frozen] = [example.value for example in parameter.examples]
    known += [*schema.examples, *schema.enum]
    return thaw(known[0]) if known else (1 if "integer" in schema.types else "1")


def _marked(api: Api) -> Iterator[tuple[str, bool, bool]]:
    """Every named value with whether it is secret, and whether personal."""
    for schema in _schemas(api):
        yield from ((p.name, p.secret, p.pii) for p in schema.properties)
    for operation in api.operations:
        yield from ((p.name, p.secret, p.pii) for p in operation.parameters)


def _schemas(api: Api) -> Iterator[Schema]:
    roots = [*api.schemas]
    roots += [o.body.schema for o in api.operations if o.body]
    roots += [r.schema for o in api.operations for r in o.responses if r.schema]
    for root in roots:
        yield from _inside(root)


def _inside(schema: Schema) -> Iterator[Schema]:
    yield schema
    inner = [*(p.schema for p in schema.properties), *schema.variants, *([schema.items] if schema.items else [])]
    for one in inner:
        yield from _inside(one)
