"""The versions of the API, with their token and their signing scheme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from .closed_sets import (
    Algorithm,
    Applies,
    DigestForm,
    KeyEncoding,
    NonceType,
    Order,
    SigningPlace,
    SigningSource,
    Unit,
    ValueText,
)
from .frozen import Frozen
from .operations import Operation, SecurityScheme
from .resources import Resource
from .values import Schema, Source, SourceTitle, Tag, is_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The static token: the header it travels in and the header value's format."""

    scheme: str
    header: str
    format: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """The signed clock reading: `unit` is `ms` or `s`; accepted `window_seconds` either way."""

    parameter: str
    unit: Unit
    window_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce:
    """The signed nonce: `type` is `integer`, or `string` for any short text."""

    parameter: str
    type: NonceType
    unique_for_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """The signing scheme as data: the value of `x-signing`, clause by clause."""

    scheme: str
    parameter: str
    algorithm: Algorithm
    digest: DigestForm
    key_encoding: KeyEncoding
    sources: tuple[SigningSource, ...]
    exclude: tuple[str, ...]
    order: Order
    pair: str
    separator: str
    values: ValueText
    encoding: Literal["utf-8"]
    timestamp: Timestamp
    nonce: Nonce
    files: Literal["excluded"]
    send: SigningPlace
    accept: tuple[SigningPlace, ...]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureScheme:
    """A signing scheme of any kind, as written in the long form of `x-signing`.

    `scheme` is the name of the security scheme; `direction` is `request`, or `delivery` for what
    the server sends to a receiver's address.
    """

    scheme: str
    direction: Literal["request", "delivery"]
    value: Mapping[str, Frozen]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A base URL; `template` has its variables as `{name}`, `url` their defaults."""

    url: str
    description: str
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """A stable word for the reason of an error, and the statuses it comes with.

    `member` is the member of the response that holds it, empty where the catalogue stands on no
    member; `hint` is what the caller can do, empty where that is not said; `applies` narrows the
    operations that can send it, empty for all that have its status.
    """

    code: str
    member: str
    statuses: tuple[int, ...]
    meaning: str
    hint: str
    source: Source | None
    applies: Applies = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One version of the API. `name` is its folder's name, such as `v3`; `file` its first file.

    `signature_schemes` are all signing schemes; `signing` is the one that signs requests, if it signs
    one set of parameters.
    `source_titles` name the pages that facts come from; `tags` are those that are described.
    `workflow` are the ids of operations in the order in which they are usually called.
    `webhooks` are the requests that the API sends by itself; the `path` of each is its name.
    """

    name: str
    file: str
    title: str
    version: str
    description: str
    accept: str
    deprecated: bool
    servers: tuple[Server, ...]
    base_path: str
    token: Token | None
    signing: Signing | None
    signature_schemes: tuple[SignatureScheme, ...]
    security_schemes: tuple[SecurityScheme, ...]
    operations: tuple[Operation, ...]
    resources: tuple[Resource, ...]
    schemas: tuple[Schema, ...]
    errors: tuple[ErrorCode, ...]
    document: Mapping[str, Frozen]
    webhooks: tuple[Operation, ...] = ()
    workflow: tuple[str, ...] = ()
    source_titles: tuple[SourceTitle, ...] = ()
    tags: tuple[Tag, ...] = ()
    _schemas: dict[str, Schema] = field(init=False, repr=False, compare=False)
    _operations: dict[str, Operation] = field(init=False, repr=False, compare=False)
    _resources: dict[str, Resource] = field(init=False, repr=False, compare=False)

    _downloads: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_schemas", {schema.name: schema for schema in self.schemas})
        object.__setattr__(self, "_operations", {operation.id: operation for operation in self.operations})
        object.__setattr__(self, "_resources", {resource.name: resource for resource in self.resources})
        downloads = frozenset(operation.job.download_operation for operation in self.operations if operation.job)
        object.__setattr__(self, "_downloads", downloads)
        for schema in self.written_schemas():
            if schema.reference:
                object.__setattr__(schema, "target", self._schemas.get(schema.reference))

    def schema(self, name: str) -> Schema:
        """The component schema of that name; KeyError where there is none."""
        return self._schemas[name]

    def resolve(self, schema: Schema) -> Schema:
        """The schema itself, or the component it refers to."""
        return schema.resolve()

    def operation(self, operation_id: str) -> Operation:
        """The operation of that id; KeyError where there is none."""
        return self._operations[operation_id]

    def is_download(self, operation_id: str) -> bool:
        """Whether a job ends with this operation."""
        return operation_id in self._downloads

    def has_resource(self, name: str) -> bool:
        """Whether there is a resource of that name."""
        return name in self._resources

    def resource(self, name: str) -> Resource:
        """The resource of that name; KeyError where there is none."""
        return self._resources[name]

    def name_page(self, page: str) -> str:
        """What readers know a page by that facts come from: its title, or else the page as it is written."""
        return next(filter(None, (entry.name_page(page) for entry in self.source_titles)), page)

    def name_sources(self, source: Source | None) -> tuple[str, ...]:
        """What readers know the pages of a source by, each once; empty for no source."""
        return tuple(dict.fromkeys(self.name_page(page) for page in source.pages)) if source else ()

    def name_sources_in(self, text: str) -> str:
        """The text of a note, with the titles of the pages that it names without an address."""
        titles, named = _find_titles(self.source_titles)
        return named.sub(lambda found: titles[found[0]], text) if titles and text else text

    def written_schemas(self) -> Iterator[Schema]:
        """Every schema of the description, at any depth; references are not followed."""
        called = (*self.operations, *self.webhooks)
        sent = (*called, *(callback for one in called for callback in one.callbacks))
        waiting = [*self.schemas, *(schema for one in sent for schema in one.written_schemas())]
        waiting += (resource.object for resource in self.resources if resource.object is not None)
        while waiting:
            schema = waiting.pop()
            yield schema
            waiting += schema.parts()


@cache
def _find_titles(entries: tuple[SourceTitle, ...]) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """The titles of the pages without an address, and what finds the names of these pages in a text."""
    titles = {entry.page: entry.title for entry in entries if not is_address(entry.page)}
    names = "|".join(re.escape(page) for page in sorted(titles, key=len, reverse=True))
    return titles, re.compile(rf"(?<!\w)(?:{names})(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """All that is rendered in one run: the names of the packages and the versions of the API."""

    client: str
    sandbox: str
    conformance: str
    version: str
    apis: tuple[Api, ...]

    @property
    def current(self) -> Api:
        """The version that the client exports by default: the last that is not deprecated."""
        return max(self.apis, key=lambda api: (not api.deprecated, self.apis.index(api)))
