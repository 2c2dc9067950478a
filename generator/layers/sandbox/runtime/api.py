"""What the sandbox runs on: the description's own classes, with what is stored of their objects.

Nothing here knows one API; `loading` builds these values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from procwise.signing.language import SigningScheme
from procwise.signing.scheme import Scheme
from procwise_sandbox import description
from procwise_sandbox.description import Filter, Pagination, Token

__all__ = ["ParentColumn", "Api", "Description", "Field", "Filter", "Operation", "Pagination", "Resource", "Token"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of a response.

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
class ParentColumn:
    """A path placeholder that narrows an operation: the column it is stored in and its resource.

    `resource` is empty where the description has no such resource.
    """

    parameter: str
    column: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(description.Operation):
    """An operation with what every request of it asks for.

    `query` and `settable` are the names of what can be sent, `needed` the query parameters that must be, `files` the
    settings that are uploaded; `fields` are what a success sends; `parent_columns` hold the keys of the objects above
    in the path.
    """

    query: tuple[str, ...]
    needed: tuple[str, ...]
    settable: tuple[str, ...]
    files: tuple[str, ...]
    fields: tuple[Field, ...]
    parent_columns: tuple[ParentColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api(description.Api):
    """One version of the API.

    `scheme` signs one set of parameters, `request_scheme` whole requests.
    `placeholders` are those of all paths, `secrets` the names whose values are never shown, `validators` is a JSON
    text: see `http.validation`.
    """

    operations: tuple[Operation, ...]
    scheme: Scheme | None
    request_scheme: SigningScheme | None
    placeholders: tuple[str, ...]
    secrets: frozenset[str]
    validators: str


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
