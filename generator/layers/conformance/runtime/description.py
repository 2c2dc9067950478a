"""What the suite knows about one API: data written from the description, never about one server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from procwise.signing import Scheme

Json = object  # str, int, float, bool, None, list or dict of Json

SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user's token and secret key; neither shows in a repr."""

    token: str
    secret_key: str

    def __repr__(self) -> str:
        return "Credentials(***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A `{name}` of a path. `creator` and `lister` are the ids of the operations that make and list what it names."""

    name: str
    integer: bool
    creator: str
    lister: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A property of a request body.

    `kind` is text, word (one of `words`), flag, integer, number, moment, file or other; `limits`
    are the bounds of its schema, such as ("minLength", 1); `shown` says that the answer tells it back.
    """

    name: str
    required: bool
    kind: str
    words: tuple[Json, ...]
    limits: tuple[tuple[str, Json], ...]
    nullable: bool
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """How a list is paged: `page` and `limit` are query parameters, the last four response headers."""

    page: str
    limit: str
    items: str
    max_limit: int
    default_limit: int
    item_count: str
    page_count: str
    page_header: str
    limit_header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a list can be filtered by; `type` is string, integer, boolean or date-time."""

    name: str
    type: str
    operators: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The query parameters that filter and sort a list, and by which columns."""

    filter: str
    sort: str
    columns: tuple[Column, ...]
    sortable: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A background job: which operations tell its state and its result, in which `field`, in which words."""

    status_operation: str
    download_operation: str
    field: str
    success: tuple[str, ...]
    failure: tuple[str, ...]
    pending: tuple[str, ...]
    idle: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.idle, *self.pending, *self.success, *self.failure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path, with all the suite needs to call it rightly.

    `query` are the required query parameters, `body` the first example of the request body, sent as
    the first of `media_types`; `envelope` is the key around the object of an answer, `identity`
    the name of its id there; `destroyer` is the operation that removes what this one creates;
    `restricted` says that only some roles may call it, namely `role`. `replaced_by` is the successor, with
    the version in front of another one. `settings` are what the body can hold; `references` are settings
    and query parameters that name objects, with what creates such, or nothing; `tenant`
    is the member of the answered object that names whose it is, such as its institute; `narrowing`
    are query parameters that ask for one of the words of a member, and these words; `expiring` are members of the
    answer that hold an address, and the seconds that it works.
    """

    id: str
    method: str
    path: str
    signed: bool
    restricted: bool
    placeholders: tuple[Placeholder, ...]
    query: tuple[tuple[str, Json], ...]
    body: Json
    media_types: tuple[str, ...]
    statuses: tuple[int, ...]
    envelope: str
    identity: str
    destroyer: str
    resource: str = ""
    role: str = ""
    replaced_by: str = ""
    settings: tuple[Setting, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    tenant: str = ""
    pagination: Pagination | None = None
    filter: Filter | None = None
    narrowing: tuple[tuple[str, tuple[Json, ...]], ...] = ()
    job: Job | None = None
    expiring: tuple[tuple[str, int], ...] = ()

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def safe(self) -> bool:
        return self.method in SAFE_METHODS

    @property
    def files(self) -> tuple[str, ...]:
        """The settings that are uploaded as files."""
        return tuple(setting.name for setting in self.settings if setting.kind == "file")

    @property
    def successes(self) -> tuple[int, ...]:
        """The documented statuses of a success."""
        return tuple(status for status in self.statuses if status < 300)

    @property
    def segments(self) -> tuple[str, ...]:
        return _segments(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One version of the API. `scheme` is its signing scheme; `secret` and `pii` are names never shown;
    `other_formats` are how the other versions write the token.

    `document` is the bundled OpenAPI description, for what reads OpenAPI or JSON Schema itself. `codes` are
    the words that an error tells in its `code_member`, by status.
    """

    name: str
    title: str
    base_path: str
    accept: str
    token_header: str
    token_format: str
    other_formats: tuple[str, ...]
    scheme: Scheme | None
    headers: tuple[str, ...]
    secret: frozenset[str]
    pii: frozenset[str]
    document: Mapping[str, Json]
    operations: tuple[Operation, ...]
    code_member: str = ""
    codes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def operation(self, operation_id: str) -> Operation | None:
        return next((operation for operation in self.operations if operation.id == operation_id), None)

    def is_superusers(self, operation: Operation) -> bool:
        """Whether only some may call the operation, or create what its path names or lies below."""
        creators = (self.operation(placeholder.creator) for placeholder in operation.placeholders)
        return operation.restricted or any(creator is not None and self.is_superusers(creator) for creator in creators)

    def labelled(self, label: str) -> Operation | None:
        return next((operation for operation in self.operations if operation.label == label), None)

    def at(self, method: str, segments: list[str]) -> Operation | None:
        """The operation whose path fits; a literal segment is preferred to a placeholder."""
        fitting = [o for o in self.operations if o.method == method and _fits(o.segments, segments)]
        return min(fitting, key=lambda o: [s.startswith("{") for s in o.segments], default=None)


def bundled(name: str) -> Mapping[str, Json]:
    """The description of that version, as it lies in this package."""
    text = resources.files(__package__).joinpath("descriptions", f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Json] = json.loads(text)
    return document


def source_of(api: Api, operation: Operation) -> str:
    """Where the description has an operation from, as its `x-source` says; empty where it does not."""
    paths: Any = api.document["paths"]
    told = paths[operation.path][operation.method.lower()].get("x-source", {})
    return ", ".join([*told.get("pages", ()), *(str(told[word]) for word in ("status", "note") if word in told)])


def label_of(operation: Operation) -> Setting | None:
    """The setting that people know an object by: the first required text that is told back."""
    texts = [s for s in operation.settings if s.kind == "text" and s.shown]
    return next((s for s in texts if s.required), texts[0] if texts else None)


@cache
def _segments(path: str) -> tuple[str, ...]:
    return tuple(segment for segment in path.split("/") if segment)


def _fits(template: tuple[str, ...], segments: list[str]) -> bool:
    if len(template) != len(segments):
        return False
    return all(t == s or t.startswith("{") for t, s in zip(template, segments, strict=True))
