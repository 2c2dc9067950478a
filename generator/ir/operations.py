"""Operations: what is sent, what comes back, and what the extensions say of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .closed_sets import ColumnType, Kind, Location, Method, Operator, RetryPolicy, SecurityType
from .frozen import Frozen
from .messages import Body, Parameter, Response
from .resources import Parent, Reference
from .values import Property, Schema, Source

_UNDOCUMENTED = Response(
    status=200, name="OK", description="", contents=(), envelope="", headers=(), examples=(), source=None
)


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
    type: ColumnType
    operators: tuple[Operator, ...]


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

    @property
    def words(self) -> tuple[str, ...]:
        """All that its status can be."""
        return (*self.idle, *self.pending, *self.success, *self.failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Whether a failed try may be repeated: `safe`, `never`, or `verify` by a look-up first.

    For `verify`, `lookup` is the list operation that shows whether the first try took
    effect, `match` are the body fields that identify the object there, and `created` is the
    field that says since when it exists, empty if there is none.
    """

    policy: RetryPolicy
    lookup: str
    match: tuple[str, ...]
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """One way to show credentials: where they travel. `scheme` is that of HTTP, such as `bearer`.

    `settings` are its other keywords and its extensions, ours and other people's, by name.
    """

    name: str
    type: SecurityType
    location: Location | Literal[""]
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
    `formerly` are earlier names, which the client keeps as aliases.

    `kind` is what the operation does to the objects of its resource; `item` is the placeholder that names the
    object, and empty where the path names none; `parents` are the placeholders above, outermost first.
    `success` is the response of the lowest 2xx status, the lowest of all where there is none.
    `toggles` is the member that a toggle sets, to `true` unless it is among those that `clears`.
    """

    id: str
    method: Method
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
    kind: Kind
    item: str
    parents: tuple[Parent, ...]
    references: tuple[Reference, ...]
    toggles: str
    clears: bool
    scopes: tuple[tuple[tuple[str, str], ...], ...] = ()
    servers: tuple[str, ...] = ()
    ranges: tuple[tuple[str, Response], ...] = ()
    callbacks: tuple[Operation, ...] = ()
    formerly: tuple[str, ...] = ()
    success: Response = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        lowest = min(self.responses, key=lambda one: (not one.is_success, one.status), default=_UNDOCUMENTED)
        object.__setattr__(self, "success", lowest)

    def __hash__(self) -> int:
        return hash((self.id, self.method, self.path))

    @property
    def label(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def errors(self) -> tuple[Response, ...]:
        """The documented responses that are not a success, by status."""
        return tuple(response for response in self.responses if not response.is_success)

    def in_(self, location: Location) -> tuple[Parameter, ...]:
        """The parameters sent in `path`, `query` or `header`."""
        return tuple(p for p in self.parameters if p.location == location)

    @property
    def wrapper(self) -> str:
        """The key that a success is wrapped in, or nothing."""
        return self.pagination.items if self.pagination is not None else self.success.envelope

    @property
    def payload(self) -> Schema | None:
        """What a success sends in JSON, out of its wrapper: an object, a list, or anything else."""
        response = self.success
        if response.schema is None or "json" not in response.media_type:
            return None
        return response.schema.unwrap(self.wrapper)

    @property
    def is_list(self) -> bool:
        """Whether a success sends many objects."""
        return self.pagination is not None or (self.payload is not None and self.payload.resolve().items is not None)

    @property
    def object(self) -> Schema | None:
        """The object that a success sends, or each one of a list."""
        return self.payload.element if self.payload is not None else None

    @property
    def members(self) -> tuple[Property, ...]:
        """The members of that object."""
        return self.object.resolve().properties if self.object is not None else ()

    @property
    def default_limit(self) -> int:
        """How many items a page has where the request does not say so; 0 for what is not paged."""
        if self.pagination is None:
            return 0
        said = (one.schema.canonical.default for one in self.in_("query") if one.name == self.pagination.limit)
        default = next(said, "")
        return int(default) if default.isdecimal() else self.pagination.max_limit

    @property
    def removes(self) -> bool:
        """Whether a second request finds nothing after a success: the object, a part or a relation of it is gone."""
        return self.kind == "delete" or self.method == "DELETE"

    @property
    def settings(self) -> tuple[Property, ...]:
        """What the body can set, out of its wrapper."""
        return self.body.members if self.body is not None else ()

    def written_schemas(self) -> Iterator[Schema]:
        """The schemas written in the operation, the outermost alone."""
        yield from (parameter.schema for parameter in self.parameters)
        yield from (content.schema for content in self.body.contents) if self.body is not None else ()
        for response in self.responses:
            yield from (content.schema for content in response.contents)
            yield from (header.schema for header in response.headers)
