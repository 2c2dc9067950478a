"""What a description says, as the data that the sandbox runs on.

The generated modules of this package build these values; nothing here knows one API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from procwise.signing import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A signing scheme, and what is needed to explain why a signature is refused.

    `header` is the one that holds the token, and `names` are the placeholders of all paths.
    """

    scheme: Scheme
    header: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The header of the static token and its format, such as `Token token={token}`."""

    header: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of an answer.

    `epoch` says that a moment is written in whole seconds, `digits` that a number is written as text.
    `values` are all that the member can be, if they are enumerated; `fields` are the members of the
    described object inside it, or of each object where there are `many`.
    """

    name: str
    nullable: bool
    required: bool
    epoch: bool = False
    digits: bool = False
    values: tuple[object, ...] = ()
    fields: tuple[Field, ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A path placeholder that narrows an operation: the column it is stored in and its resource.

    `resource` is empty where the description has no such resource.
    """

    parameter: str
    column: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """The names of the two query parameters and of the four response headers, and the limits."""

    page: str
    limit: str
    default_limit: int
    max_limit: int
    item_count: str
    page_count: str
    page_header: str
    limit_header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Filter and sort: their query parameters, the operators of each column, sortable columns."""

    filter: str
    sort: str
    columns: Mapping[str, tuple[str, ...]]
    sortable: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One described operation.

    `kind` is list, show, create, update or destroy where method, path and answer have that shape,
    and empty otherwise. `item` is the placeholder that names the object, or empty. `needed` are the
    query parameters that must be sent, `files` the settings that are uploaded files.
    """

    id: str
    method: str
    path: str
    resource: str
    name: str
    kind: str
    role: str
    signed: bool
    item: str
    parents: tuple[Parent, ...]
    query: tuple[str, ...]
    needed: tuple[str, ...]
    body: tuple[str, ...]
    body_envelope: str
    files: tuple[str, ...]
    has_body: bool
    status: int
    media_type: str
    envelope: str
    fields: tuple[Field, ...]
    pagination: Pagination | None
    filter: Filter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One version of the API. `schemas` is a JSON text: see `validation`."""

    name: str
    base_path: str
    token: Token | None
    signing: Signing | None
    secrets: frozenset[str]
    operations: tuple[Operation, ...]
    schemas: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What is stored of a resource, and what a new object starts with.

    Keys are `numbered` by the database, or random texts. `initial` are the values of members that
    are never null; those in `now` start with the time of creation, those in `random` with a random text.
    """

    name: str
    title: str
    table: Table
    key: str
    numbered: bool
    initial: Mapping[str, object]
    now: tuple[str, ...]
    random: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that the sandbox serves: the versions of the API over one state. `client` is a package."""

    name: str
    client: str
    version: str
    apis: tuple[Api, ...]
    resources: tuple[Resource, ...]
    metadata: MetaData
