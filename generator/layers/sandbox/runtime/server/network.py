"""Network trouble for tests of clients: slow, lost, truncated and refused responses. The same seed repeats it."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import ApiError, SandboxError
from ..settings.durations import parse_duration

CUT = "sandbox.cut"  # the key in the scope of a function that closes the connection
_SHARE = re.compile(r"(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?|(?P<first>\d{1,9})x)", re.ASCII)
_ERRORS: Mapping[str, tuple[str, str]] = {
    "429": ("too_many_requests", "There were too many requests; try again later."),
    "503": ("unavailable", "The sandbox is not available; try again later."),
}
_TROUBLES = ("drop", "lose", "truncate", *_ERRORS)
_MEASURES: Mapping[str, tuple[Callable[[str], float], str]] = {
    "latency": (parse_duration, "0s"),
    "retry-after": (parse_duration, "1s"),
    "seed": (lambda text: int(text) if re.fullmatch(r"[0-9]{1,18}", text) else _invalid(f"{text!r} is no seed"), "0"),
}
_FORM = f"write {', '.join(f'{name}=SHARE' for name in _TROUBLES)}, latency=200ms, retry-after=2s or seed=7"


class Chance:
    """Whether a trouble happens to a request: to a share of them such as `0.1`, or to the first few such as `3x`."""

    def __init__(self, text: str, seed: str) -> None:
        """SandboxError where the text is neither."""
        match = _SHARE.fullmatch(text)
        if match is None:
            raise SandboxError(f"{text!r} is no share of requests: write 0.1 for a tenth, or 3x for the first three")
        first = match["first"]
        self._left = int(first or 0)
        self._share = 0.0 if first else float(text)
        self._random = random.Random(seed)  # noqa: S311  # repeatable is what it has to be

    def happens(self) -> bool:
        self._left -= 1
        return self._left >= 0 or self._random.random() < self._share


class ChangeableNetwork:
    """A network whose troubles may be changed at any time, from any thread; requests under way keep theirs."""

    def __init__(self, app: ASGIApp, words: Iterable[str]) -> None:
        self._app = app
        self.change(words)

    def change(self, words: Iterable[str]) -> None:
        """From now on these troubles, none of the former ones; SandboxError where the words are none of a network."""
        given = tuple(words)
        self._current = Network(self._app, given) if given else self._app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._current(scope, receive, send)


class Network:
    """The troubles between a client and an application; each has its own chances, in a fixed order."""

    def __init__(self, app: ASGIApp, words: Iterable[str]) -> None:
        """SandboxError where the words are none of a network."""
        settings = dict(map(_parse_setting, words))
        measures = {name: read(settings.pop(name, default)) for name, (read, default) in _MEASURES.items()}
        self._app = app
        self._latency = measures["latency"]
        self._wait = measures["retry-after"]
        seed = int(measures["seed"])
        self._chances = {name: Chance(settings[name], f"{seed} {name}") for name in _TROUBLES if name in settings}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._latency)
        trouble = next((name for name in [*self._due_troubles()][:1]), "")
        if trouble in _ERRORS:
            await self._error_response(trouble)(scope, receive, send)
        elif trouble == "drop":
            await _close_connection(scope, receive)
        elif trouble == "lose":
            await self._app(scope, receive, _discard)
            await _close_connection(scope, receive)
        elif trouble == "truncate":
            await self._truncate(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _due_troubles(self) -> Iterator[str]:
        """The troubles of this request; every chance is drawn each time, so that none depends on another."""
        return (name for name, falls in [(name, chance.happens()) for name, chance in self._chances.items()] if falls)

    def _error_response(self, status: str) -> JSONResponse:
        code, sentence = _ERRORS[status]
        error = ApiError(int(status), code, sentence, headers={"Retry-After": str(-int(-self._wait // 1))})
        return JSONResponse(error.content, error.status, error.headers)

    async def _truncate(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends half of the announced body; a response without a body is sent unchanged."""
        left = -1

        async def half(message: Message) -> None:
            nonlocal left
            if message["type"] == "http.response.start":
                left = _content_length(message) // 2
                await send(message)
            elif left > 0:
                part = message.get("body", b"")[:left]
                left -= len(part)
                await send({"type": "http.response.body", "body": part, "more_body": True})

        await self._app(scope, receive, half)
        if left >= 0:
            await _close_connection(scope, receive)


def with_close(app: ASGIApp, close: Callable[[], None]) -> ASGIApp:
    """The application of one connection, which it can close: ASGI has no word for that."""

    async def app_with_close(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, CUT: close}, receive, send)

    return app_with_close


async def _close_connection(scope: Scope, receive: Receive) -> None:
    """Closes the connection, and waits until the server knows."""
    scope[CUT]()
    while (await receive())["type"] != "http.disconnect":
        continue


async def _discard(_message: Message) -> None:
    return None


def _content_length(message: Message) -> int:
    headers = {name.lower(): value for name, value in message["headers"]}
    return int(headers.get(b"content-length", b"0"))


def _parse_setting(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or name not in (*_TROUBLES, *_MEASURES):
        raise SandboxError(f"{word!r} says nothing of a network: {_FORM}")
    return name, value


def _invalid(message: str) -> Any:
    raise SandboxError(message)
