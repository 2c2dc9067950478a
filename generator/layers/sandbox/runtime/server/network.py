"""Trouble on the way: slow, lost, cut and refused answers, for tests of clients. The same seed, the same trouble."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import Refusal, SandboxError
from ..settings.durations import seconds

CUT = "sandbox.cut"  # the key in the scope of a function that closes the connection
_SHARE = re.compile(r"(?:0(?:\.\d{1,9})?|1(?:\.0{1,9})?|(?P<first>\d{1,9})x)", re.ASCII)
_REFUSALS: Mapping[str, tuple[str, str]] = {
    "429": ("too_many_requests", "There were too many requests; try again later."),
    "503": ("unavailable", "The sandbox is not available; try again later."),
}
_TROUBLES = ("drop", "lose", "truncate", *_REFUSALS)
_MEASURES: Mapping[str, tuple[Callable[[str], float], str]] = {
    "latency": (seconds, "0s"),
    "retry-after": (seconds, "1s"),
    "seed": (lambda text: int(text) if re.fullmatch(r"[0-9]{1,18}", text) else _no(f"{text!r} is no seed"), "0"),
}
_FORM = f"write {', '.join(f'{name}=SHARE' for name in _TROUBLES)}, latency=200ms, retry-after=2s or seed=7"


class Chance:
    """Whether a trouble befalls a request: a share of all such as `0.1`, or the first so many such as `3x`."""

    def __init__(self, text: str, seed: str) -> None:
        """SandboxError where the text is neither."""
        found = _SHARE.fullmatch(text)
        if found is None:
            raise SandboxError(f"{text!r} is no share of requests: write 0.1 for a tenth, or 3x for the first three")
        first = found["first"]
        self._left = int(first or 0)
        self._share = 0.0 if first else float(text)
        self._random = random.Random(seed)  # noqa: S311  # repeatable is what it has to be

    def falls(self) -> bool:
        self._left -= 1
        return self._left >= 0 or self._random.random() < self._share


class Network:
    """The troubles between a client and an application; each has its own chances, in a fixed order."""

    def __init__(self, app: ASGIApp, words: Iterable[str]) -> None:
        """SandboxError where the words are none of a network."""
        told = dict(map(_pair, words))
        measures = {name: read(told.pop(name, default)) for name, (read, default) in _MEASURES.items()}
        self._app = app
        self._latency = measures["latency"]
        self._wait = measures["retry-after"]
        seed = int(measures["seed"])
        self._chances = {name: Chance(told[name], f"{seed} {name}") for name in _TROUBLES if name in told}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self._latency)
        trouble = next((name for name in [*self._fallen()][:1]), "")
        if trouble in _REFUSALS:
            await self._refusal(trouble)(scope, receive, send)
        elif trouble == "drop":
            await _cut(scope, receive)
        elif trouble == "lose":
            await self._app(scope, receive, _unsent)
            await _cut(scope, receive)
        elif trouble == "truncate":
            await self._truncated(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _fallen(self) -> Iterator[str]:
        """What befalls the request; every chance is taken each time, so that none depends on another."""
        return (name for name, falls in [(name, chance.falls()) for name, chance in self._chances.items()] if falls)

    def _refusal(self, status: str) -> JSONResponse:
        code, sentence = _REFUSALS[status]
        refusal = Refusal(int(status), code, sentence, headers={"Retry-After": str(-int(-self._wait // 1))})
        return JSONResponse(refusal.content, refusal.status, refusal.headers)

    async def _truncated(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends half of what is announced; an answer without a body is sent as it is."""
        left = -1

        async def half(message: Message) -> None:
            nonlocal left
            if message["type"] == "http.response.start":
                left = _announced(message) // 2
                await send(message)
            elif left > 0:
                part = message.get("body", b"")[:left]
                left -= len(part)
                await send({"type": "http.response.body", "body": part, "more_body": True})

        await self._app(scope, receive, half)
        if left >= 0:
            await _cut(scope, receive)


def cuttable(app: ASGIApp, close: Callable[[], None]) -> ASGIApp:
    """The application of one connection, which it can close: ASGI has no word for that."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, CUT: close}, receive, send)

    return served


async def _cut(scope: Scope, receive: Receive) -> None:
    """Closes the connection, and waits until the server knows."""
    scope[CUT]()
    while (await receive())["type"] != "http.disconnect":
        continue


async def _unsent(_message: Message) -> None:
    return None


def _announced(message: Message) -> int:
    headers = {name.lower(): value for name, value in message["headers"]}
    return int(headers.get(b"content-length", b"0"))


def _pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or name not in (*_TROUBLES, *_MEASURES):
        raise SandboxError(f"{word!r} says nothing of a network: {_FORM}")
    return name, value


def _no(message: str) -> Any:
    raise SandboxError(message)
