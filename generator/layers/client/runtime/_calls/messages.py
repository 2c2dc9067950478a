"""What passes between a call and the HTTP library: requests, responses, failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .._files.upload import Upload

T = TypeVar("T")


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
