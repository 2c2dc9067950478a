"""Operations: what is sent, what comes back, and what the extensions say of them."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ir.frozen import Frozen
from generator.ir.values import Example, Schema, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A path, query or header parameter; also used for response headers.

    `style` is how lists and objects are written: OpenAPI's word, with `exploded` behind it
    where each item stands alone, or the media type of a text.
    """

    name: str
    location: str
    style: str
    schema: Schema
    required: bool
    description: str
    deprecated: bool
    secret: bool
    pii: bool
    examples: tuple[Example, ...]
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One form of a body or an answer: its media type and what it holds."""

    media_type: str
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body; `media_types` in the order written, the first one is sent and is `schema`."""

    media_types: tuple[str, ...]
    contents: tuple[Content, ...]
    schema: Schema
    required: bool
    envelope: str
    description: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One documented answer. `name` is the component's name, or the status' phrase.

    `media_type` and `schema` are the first of `contents`, and empty for an answer without a
    body; `envelope` is the wrapper key.
    """

    status: int
    name: str
    description: str
    media_type: str
    schema: Schema | None
    contents: tuple[Content, ...]
    envelope: str
    headers: tuple[Parameter, ...]
    examples: tuple[Example, ...]
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """How a list is paged: two query parameters, the item key, four response headers."""

    page: str
    limit: str
    items: str
    max_limit: int
    item_count: str
    page_count: str
    page_header: str
    limit_header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that a list can be filtered by; `type` is string, integer, boolean or date-time."""

    name: str
    type: str
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Filter and sort of a list: their query parameters, columns and sortable columns."""

    filter: str
    sort: str
    columns: tuple[Column, ...]
    sortable: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A background job: started by this operation, polled and downloaded by two others."""

    status_operation: str
    download_operation: str
    field: str
    success: tuple[str, ...]
    failure: tuple[str, ...]
    pending: tuple[str, ...]
    idle: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Whether a failed try may be repeated: `safe`, `never`, or `verify` by a look-up first.

    For `verify`, `lookup` is the list operation that shows whether the first try took
    effect, and `match` are the body fields that identify the object there.
    """

    policy: str
    lookup: str
    match: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """One way to show credentials: where they travel. `scheme` is that of HTTP, such as `bearer`.

    `settings` are its other keywords and its extensions, ours and other people's, by name.
    """

    name: str
    type: str
    location: str
    parameter: str
    scheme: str
    description: str = ""
    settings: tuple[tuple[str, Frozen], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path. `resource` and `name` are its place in the client.

    `security` are the alternatives, each the names of the schemes that are asked for together;
    no alternative, or an empty one, lets everybody in. `scopes` are what each alternative asks for
    within its schemes. `servers` are the addresses of the operation's or its path's own, none where
    those of the description hold. `ranges` are the responses of `default` and of ranges such as `4XX`.
    `callbacks` are the requests that the API sends because of this one: `path` is the address of each.
    """

    id: str
    method: str
    path: str
    tag: str
    resource: str
    name: str
    summary: str
    description: str
    deprecated: bool
    replaced_by: str
    role: str
    signed: bool
    security: tuple[tuple[str, ...], ...]
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    pagination: Pagination | None
    filter: Filter | None
    job: Job | None
    retry: Retry
    source: Source | None
    file: str
    line: int
    scopes: tuple[tuple[tuple[str, str], ...], ...] = ()
    servers: tuple[str, ...] = ()
    ranges: tuple[tuple[str, Response], ...] = ()
    callbacks: tuple[Operation, ...] = ()

    @property
    def success(self) -> Response:
        """The answer of the lowest 2xx status (the lowest of all where there is none)."""
        return min(self.responses, key=lambda r: (not 200 <= r.status < 300, r.status))

    @property
    def errors(self) -> tuple[Response, ...]:
        """The documented answers that are not a success, by status."""
        return tuple(r for r in self.responses if not 200 <= r.status < 300)

    def in_(self, location: str) -> tuple[Parameter, ...]:
        """The parameters sent in `path`, `query` or `header`."""
        return tuple(p for p in self.parameters if p.location == location)
