"""What passes between a call and the HTTP library: requests, responses, failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from .._files.upload import Upload

T = TypeVar("T")
_MOST_DIGITS = 18
FailureKind = Literal["unreachable", "timeout", "broken", "unsendable", "oversized"]


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form: the names of its parts, and their texts or files."""

    parts: tuple[tuple[str, str | Upload], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """A request, signed and ready to be sent. Its parts hold secrets, so `repr` leaves them out.

    `file` says that the response is a file; `timeout` is how many seconds it may take until it is read whole.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | Form | None = field(repr=False)
    file: bool
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """The call goes on in so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class RawResponse:
    """A response as it came; `content` is empty if it was streamed to a file."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """No response: `kind` is `unreachable`, `timeout`, `broken`, `unsendable` or `oversized`.

    `sent` says whether the request may have reached the server, `progressed` that more of a file came
    than with any attempt before.
    """

    kind: FailureKind
    reason: str
    sent: bool
    progressed: bool = False


@dataclass(frozen=True, slots=True)
class Response(Generic[T]):
    """The decoded value of a response, and the response as it came.

    `content` is empty for a file, which was written while it came; `attempts` counts the requests.
    """

    value: T = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    status: int = 200
    content: bytes = field(default=b"", repr=False)
    attempts: int = 1

    @property
    def request_id(self) -> str:
        """The server's id of the request; empty if it sent none."""
        return self.headers.get("x-request-id", "")


def read_count(headers: Mapping[str, str], name: str) -> int | None:
    """The whole number in a header; None if there is none, or one that counts nothing on earth."""
    value = headers.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS else None


def is_json(media: str) -> bool:
    """Whether a media type is that of JSON."""
    return media.partition("/")[2] == "json" or media.endswith("+json")


def media_type(headers: Mapping[str, str]) -> str:
    """The media type of a response, without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
