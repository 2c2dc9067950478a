"""Is every answer as the description says? Asked in operation, where `--self-check` is on."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import Refusal
from ..http.routing import Router
from ..http.validation import compiled, registry_of, typed
from ..model import Api, Operation

_LOG = logging.getLogger("procwise_sandbox")
_JSON = "application/json"
_BEYOND = (408, 413, 416, 500, 503)  # limits and failures of the sandbox itself, which no description has
_PARTIAL = 206


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """What an answer has that is not described; never a value of it, which may be secret."""

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """One described answer; `needed` are the headers that it must have."""

    media_type: str
    content: Draft202012Validator | None
    headers: Mapping[str, Draft202012Validator]
    needed: frozenset[str]

    def deviation(self, headers: Headers) -> Deviation | None:
        media_type = headers.get("content-type", "").partition(";")[0]
        if self.media_type and media_type != self.media_type:
            return Deviation(pointer="#content-type", reason=f"is not {self.media_type}")
        lacking = next((name for name in sorted(self.needed) if name not in headers), None)
        if lacking is not None:
            return Deviation(pointer=f"#{lacking}", reason="is missing")
        wrong = (name for name, schema in self.headers.items() if name in headers and not _fits(headers[name], schema))
        name = next(wrong, None)
        return None if name is None else Deviation(pointer=f"#{name}", reason="is not as described")


class SelfChecked:
    """Answers 500 where the application deviates from the description, and logs where."""

    def __init__(self, app: ASGIApp, apis: Iterable[Api]) -> None:
        self._app = app
        self._router = Router(apis)
        self._described = {(api.name, *key): told for api in apis for key, told in _described(api).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            api, operation, _ = self._router.match(scope["method"], scope.get("raw_path") or scope["path"].encode())
        except Refusal:
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        await self._app(scope, receive, answer.note)
        if answer.held is None:
            return
        deviation = self.deviation(api, operation, answer.held, bytes(answer.body))
        if deviation is None:
            await answer.release()
            return
        name, status = f"{api.name} {operation.id}", answer.held["status"]
        _LOG.error("self-check: %s answered %d: %s %s", name, status, deviation.pointer, deviation.reason)
        await _failed(name, status, deviation)(scope, receive, send)

    def deviation(self, api: Api, operation: Operation, start: Message, body: bytes) -> Deviation | None:
        """The first deviation of an answer, if it has any."""
        status = start["status"]
        if status in _BEYOND:
            return None
        described = self._described.get((api.name, operation.id, 200 if status == _PARTIAL else status))
        if described is None:
            return Deviation(pointer="#status", reason="is not described")
        found = described.deviation(Headers(raw=start["headers"]))
        return found or _in_content(described.content, body)


class _Answer:
    """Holds an answer back until it is complete, so that another one can still be given."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.held: Message | None = None
        self.body = bytearray()
        self._rest: list[Message] = []

    async def note(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.held = message
        else:
            self.body += message.get("body", b"")
            self._rest.append(message)

    async def release(self) -> None:
        if self.held is not None:
            for message in (self.held, *self._rest):
                await self._send(message)


def _described(api: Api) -> dict[tuple[str, int], _Described]:
    schemas: dict[str, Any] = json.loads(api.schemas)
    registry = registry_of(schemas)
    found: dict[tuple[str, int], _Described] = {}
    for operation, answers in schemas["told"].items():
        contents = compiled(schemas["answers"][operation], registry)
        for status, told in answers.items():
            found[operation, int(status)] = _Described(
                media_type=told["media_type"],
                content=contents.get(status),
                headers=compiled(told["headers"], registry),
                needed=frozenset(told["needed"]),
            )
    return found


def _in_content(schema: Draft202012Validator | None, body: bytes) -> Deviation | None:
    if schema is None:
        return None
    error = next(iter(schema.iter_errors(json.loads(body))), None)
    return None if error is None else Deviation(pointer=_pointer(error), reason=_reason(error))


def _reason(error: ValidationError) -> str:
    member = getattr(error.kind, "property", "")
    return f"breaks {error.kind.name}" + (f": {member} is missing" if member else "")


def _pointer(error: ValidationError) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.instance_path)


def _fits(value: str, schema: Draft202012Validator) -> bool:
    return schema.is_valid(typed(value, schema))


def _failed(operation: str, status: int, deviation: Deviation) -> JSONResponse:
    where = {"operation": operation, "status": status, "pointer": deviation.pointer, "reason": deviation.reason}
    sentence = f"The sandbox answered what {operation} does not describe: {deviation.pointer} {deviation.reason}."
    refusal = Refusal(500, "self_check_failed", sentence, more={"deviation": where})
    return JSONResponse(refusal.content, refusal.status)
