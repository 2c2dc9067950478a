"""What a handler receives and returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from ..api import Operation
from .accounts import User
from .request_parsing import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """One verified request, with its parameters typed by the description.

    `base_url` is the address that the client used, with a slash at its end.
    """

    connection: Connection
    user: User
    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Mapping[str, object]
    files: Mapping[str, Upload]
    base_url: str
    now_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerResult:
    """What a handler returns: a JSON object, or a file.

    Once the transaction is committed, `after` runs, and then `confirm`: a slow check that may raise an error. It runs
    beside the event loop, and not beside another one.
    """

    content: object = None
    file: Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after: Callable[[], None] | None = None
    confirm: Callable[[], None] | None = None


Handler = Callable[[RequestContext], HandlerResult]


def wrap_content(operation: Operation, content: object, headers: Mapping[str, str] | None = None) -> HandlerResult:
    """The result with its content under the envelope of the operation, if it has one."""
    return HandlerResult(content={operation.wrapper: content} if operation.wrapper else content, headers=headers or {})
