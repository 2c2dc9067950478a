"""Raw responses: the methods of a resource, returning the response with its status, headers and bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from .._errors.exceptions import ProcwiseError
from .messages import Response

P = ParamSpec("P")
T = TypeVar("T")
_CAPTURED: ContextVar[list[Response[Any]] | None] = ContextVar("_CAPTURED", default=None)


def note_response(response: Response[Any]) -> None:
    """Keep a response for whoever captures it."""
    captured = _CAPTURED.get()
    if captured is not None:
        captured.append(response)


def raw(method: Callable[P, T]) -> Callable[P, Response[T]]:
    """The method, returning the response with its value."""

    def call(*args: P.args, **kwargs: P.kwargs) -> Response[T]:
        with _capture() as captured:
            value = method(*args, **kwargs)
        return _with_value(captured, value)

    return call


def async_raw(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[Response[T]]]:
    """The same for a method that is awaited."""

    async def call(*args: P.args, **kwargs: P.kwargs) -> Response[T]:
        with _capture() as captured:
            value = await method(*args, **kwargs)
        return _with_value(captured, value)

    return call


@contextmanager
def _capture() -> Iterator[list[Response[Any]]]:
    captured: list[Response[Any]] = []
    token = _CAPTURED.set(captured)
    try:
        yield captured
    finally:
        _CAPTURED.reset(token)


def _with_value(captured: list[Response[Any]], value: T) -> Response[T]:
    if not captured:
        raise ProcwiseError("no response was read")
    last = captured[-1]
    return Response(value, last.headers, last.status, last.content, last.attempts)
