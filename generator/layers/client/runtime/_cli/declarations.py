"""The commands of one package, as the generated code describes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .._session.service import Service

Kind = Literal["value", "pages", "file", "job"]
Place = Literal["path", "query", "header", "body", ""]
ColumnType = Literal["string", "integer", "boolean", "date-time"]
ValueType = Literal["string", "integer", "number", "boolean", "json", "file", "bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One argument of an operation.

    `name` is its name in the client, `option` what it is called on the command line, `wire` in the
    request, and `place` where there; it is empty for a body without members. A field that is `many` may be
    repeated; a `secret` one is read from a file, never from the command line itself.
    """

    name: str
    option: str
    wire: str
    place: Place
    type: ValueType = "string"
    many: bool = False
    choices: tuple[str | int, ...] = ()
    required: bool = False
    secret: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The arguments that filter and sort a list, and its columns with their types; a name is empty without one."""

    filter: str = ""
    sort: str = ""
    columns: tuple[tuple[str, ColumnType], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One operation. `method` is its name in the client, `page` the argument that chooses the page.

    `members` are the names that its result has in a table; `notice` says what replaces it.
    """

    name: str
    method: str
    kind: Kind
    label: str
    fields: tuple[Field, ...] = ()
    filters: Filters = Filters()
    page: str = ""
    members: tuple[str, ...] = ()
    summary: str = ""
    details: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The commands of one resource, which is an attribute of the client."""

    name: str
    attribute: str
    load: Callable[[], tuple[Command, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the API: its client, its commands, and the call that `doctor` makes: group and command."""

    name: str
    title: str
    service: Service
    load_client: Callable[[], Any]
    groups: tuple[Group, ...]
    probe: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program: its name, and the versions, the current one first."""

    name: str
    version: str
    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        """The version whose commands need no prefix."""
        return self.versions[0]
