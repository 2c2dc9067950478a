"""What the generated code tells the runtime: the API, and each operation of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from procwise.signing import Scheme

from .catalogue import Code
from .exceptions import APIStatusError
from .upload import Upload

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One version of the API: where it lives and how its requests look.

    `token_format` holds `{token}`; `scheme` is None where requests are not signed;
    `errors` maps statuses to exceptions; `codes` are the words for the reasons of refusals,
    None where there is no list of them, and `code_members` the members of an answer that may
    hold one; `secrets` and `personal` are names whose values
    are not shown; `example` is what a base URL looks like; `signing` is the module that
    explains signatures.
    """

    name: str
    base_path: str
    accept: str
    token_header: str
    token_format: str
    scheme: Scheme | None
    errors: Mapping[int, type[APIStatusError]]
    codes: type[Code] | None
    code_members: tuple[str, ...]
    secrets: frozenset[str]
    personal: frozenset[str]
    example: str
    signing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Whether a failed try may be repeated: `safe`, `never`, or `verify` by a look-up first."""

    policy: str
    lookup: str = ""
    match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[T]):
    """One operation: how its answer is decoded, and how it may be treated.

    `parse` decodes the JSON data of a successful status; `unwrap` is the attribute of the
    result that holds the value; `sends` is the media type of the body, empty where there is
    none; `accepts` is the media type of an answer that is a file.
    """

    id: str
    signed: bool
    retry: Retry
    parse: Callable[[int, Any], Any]
    unwrap: str = ""
    sends: str = ""
    accepts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a list is paged: the names of its response headers, and the largest page."""

    item_count: str
    page_count: str
    page: str
    limit: str
    max_limit: int


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form: the names of its parts, and their texts or files."""

    parts: tuple[tuple[str, str | Upload], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wire:
    """A request, signed and ready to be sent. Its parts hold secrets and are not shown."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | Form | None = field(repr=False)
    file: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `content` is empty where it was streamed to a file."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer: `kind` is `unreachable`, `timeout`, `broken` or `unsendable`.

    `sent` says whether the request may have arrived.
    """

    kind: str
    reason: str
    sent: bool


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A decoded answer and its headers."""

    value: T
    headers: Mapping[str, str] = field(repr=False)
