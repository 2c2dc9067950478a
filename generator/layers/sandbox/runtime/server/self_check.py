"""Validates every response against the description while the sandbox runs, with `--self-check`."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsonschema_rs import Draft202012Validator, ValidationError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..api import Api, Operation
from ..errors import ApiError
from ..http.routing import Router
from ..http.validation import compile_validators, parse_typed
from ..loading.schema_values import read_schemas, schema_registry

_LOG = logging.getLogger("procwise_sandbox")
_JSON = "application/json"
_BEYOND = (408, 413, 416, 500, 503, 507)  # limits and failures of the sandbox itself, which no description has
_PARTIAL = 206


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Where a response differs from the description, and how; never a value of it, which may be secret."""

    pointer: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExpectedResponse:
    """One described response; `needed` are its required headers."""

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
        wrong = (
            name
            for name, schema in self.headers.items()
            if name in headers and not _is_valid_header(headers[name], schema)
        )
        name = next(wrong, None)
        return None if name is None else Deviation(pointer=f"#{name}", reason="is not as described")


class SelfCheck:
    """Answers 500 where the application deviates from the description, and logs where."""

    def __init__(self, app: ASGIApp, apis: Iterable[Api]) -> None:
        self._app = app
        self._router = Router(apis)
        self._expected = {(api.name, *key): response for api in apis for key, response in _find_expected(api).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            api, operation, _ = self._router.match(scope["method"], scope.get("raw_path") or scope["path"].encode())
        except ApiError:
            await self._app(scope, receive, send)
            return
        response = _HeldResponse(send)
        await self._app(scope, receive, response.collect)
        if response.start is None:
            return
        deviation = self.deviation(api, operation, response.start, bytes(response.body))
        if deviation is None:
            await response.release()
            return
        name, status = f"{api.name} {operation.id}", response.start["status"]
        _LOG.error("self-check: %s answered %d: %s %s", name, status, deviation.pointer, deviation.reason)
        await _failure_response(name, status, deviation)(scope, receive, send)

    def deviation(self, api: Api, operation: Operation, start: Message, body: bytes) -> Deviation | None:
        """The first deviation of a response, or None."""
        status = start["status"]
        if status in _BEYOND:
            return None
        described = self._expected.get((api.name, operation.id, 200 if status == _PARTIAL else status))
        if described is None:
            return Deviation(pointer="#status", reason="is not described")
        deviation = described.deviation(Headers(raw=start["headers"]))
        return deviation or _content_deviation(described.content, body)


class _HeldResponse:
    """Holds a response back until it is complete, so that an error can still be sent instead."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.start: Message | None = None
        self.body = bytearray()
        self._rest: list[Message] = []

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")
            self._rest.append(message)

    async def release(self) -> None:
        if self.start is not None:
            for message in (self.start, *self._rest):
                await self._send(message)


def _find_expected(api: Api) -> dict[tuple[str, int], _ExpectedResponse]:
    schemas = read_schemas(api.validators)
    registry = schema_registry(schemas)
    expected: dict[tuple[str, int], _ExpectedResponse] = {}
    for operation, responses in schemas["details"].items():
        contents = compile_validators(schemas["responses"][operation], registry)
        for status, response in responses.items():
            expected[operation, int(status)] = _ExpectedResponse(
                media_type=response["media_type"],
                content=contents.get(status),
                headers=compile_validators(response["headers"], registry),
                needed=frozenset(response["needed"]),
            )
    return expected


def _content_deviation(schema: Draft202012Validator | None, body: bytes) -> Deviation | None:
    if schema is None:
        return None
    error = next(iter(schema.iter_errors(json.loads(body))), None)
    return None if error is None else Deviation(pointer=_pointer(error), reason=_reason(error))


def _reason(error: ValidationError) -> str:
    member = getattr(error.kind, "property", "")
    return f"breaks {error.kind.name}" + (f": {member} is missing" if member else "")


def _pointer(error: ValidationError) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.instance_path)


def _is_valid_header(value: str, schema: Draft202012Validator) -> bool:
    return schema.is_valid(parse_typed(value, schema))


def _failure_response(operation: str, status: int, deviation: Deviation) -> JSONResponse:
    where = {"operation": operation, "status": status, "pointer": deviation.pointer, "reason": deviation.reason}
    sentence = f"The sandbox sent what {operation} does not describe: {deviation.pointer} {deviation.reason}."
    error = ApiError(500, "self_check_failed", sentence, more={"deviation": where})
    return JSONResponse(error.content, error.status)
