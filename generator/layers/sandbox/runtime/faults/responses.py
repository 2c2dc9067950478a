"""Faults of responses: members that break the schema, and wrong statuses, media types and errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..api import Field, Operation
from ..http.context import Handler, HandlerResult, RequestContext
from .fault import SHOULD, Fault

_JSON = "application/json"
_UTC = "+00:00"
_SCHEMA = "responses.schema"
Members = dict[str, Any]


def change_members(change: Callable[[tuple[Field, ...], Members], Members]) -> Callable[[Operation, Handler], Handler]:
    """A fault in every object of a response; `change` gets the described fields and the members."""

    def wrap_handler(operation: Operation, handler: Handler) -> Handler:
        def change_all(value: Any) -> Any:
            if isinstance(value, list):
                return [change_all(item) for item in value]
            return change(operation.fields, value) if isinstance(value, dict) else value

        def faulty(context: RequestContext) -> HandlerResult:
            result = handler(context)
            content: Any = result.content
            if operation.wrapper and isinstance(content, dict):
                return replace(result, content={name: change_all(value) for name, value in content.items()})
            return replace(result, content=change_all(content))

        return faulty if operation.fields else handler

    return wrap_handler


def _with_unknown_enum_value(fields: tuple[Field, ...], members: Members) -> Members:
    enumerated = {field.name for field in fields if field.values} & members.keys()
    return {**members, **dict.fromkeys(enumerated, "no_such_word")}


def _without_last_required(fields: tuple[Field, ...], members: Members) -> Members:
    last = next((field.name for field in reversed(fields) if field.required and field.name in members), "")
    return {name: value for name, value in members.items() if name != last}


def _with_null(fields: tuple[Field, ...], members: Members) -> Members:
    last = [field.name for field in fields if not field.nullable and field.name in members][-1:]
    return {**members, **dict.fromkeys(last)}


def _numbers_as_text(_fields: tuple[Field, ...], members: Members) -> Members:
    return {name: str(value) if type(value) in (int, float) else value for name, value in members.items()}


def _without_offset(_fields: tuple[Field, ...], members: Members) -> Members:
    return {name: value.removesuffix(_UTC) if isinstance(value, str) else value for name, value in members.items()}


def _in_another_envelope(operation: Operation, handler: Handler) -> Handler:
    def faulty(context: RequestContext) -> HandlerResult:
        result = handler(context)
        content: Any = result.content
        return replace(result, content={"data": content.get(operation.wrapper)})

    return faulty if operation.wrapper else handler


@dataclass(frozen=True, slots=True)
class WholeResponse:
    """A complete response, as sent."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    content: bytes


def _change_response(change: Callable[[WholeResponse], WholeResponse]) -> Callable[[ASGIApp], ASGIApp]:
    """A fault of complete responses, error responses included."""

    def wrap_app(app: ASGIApp) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            start: Message = {}
            content = bytearray()

            async def collect(message: Message) -> None:
                start.update(message if message["type"] == "http.response.start" else {})
                content.extend(message.get("body", b""))

            await app(scope, receive, collect)
            if start:  # the client may have disconnected
                await to_response(change(to_whole_response(start, bytes(content))))(scope, receive, send)

        return faulty

    return wrap_app


def to_whole_response(start: Message, content: bytes) -> WholeResponse:
    """The response that the messages of the application make."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    media_type = headers.pop("content-type", "")
    headers.pop("content-length", None)
    return WholeResponse(start["status"], media_type, headers, content)


def to_response(response: WholeResponse) -> Response:
    """The response to send."""
    headers = {**response.headers, **({"content-type": response.media_type} if response.media_type else {})}
    return Response(response.content, response.status, headers)


def change_status(given: int, answered: int) -> Callable[[ASGIApp], ASGIApp]:
    """A fault of responses with one status, which get another one."""
    return _change_response(
        lambda response: replace(response, status=answered) if response.status == given else response
    )


def _as_text(response: WholeResponse) -> WholeResponse:
    return replace(response, media_type="text/plain; charset=utf-8") if response.media_type == _JSON else response


def _as_page(response: WholeResponse) -> WholeResponse:
    if response.status < 400:
        return response
    page = f"<!DOCTYPE html><title>{response.status}</title><h1>{response.status}</h1>\n"
    return replace(response, media_type="text/html; charset=utf-8", content=page.encode())


def _error_without(member: str) -> Callable[[WholeResponse], WholeResponse]:
    def change(response: WholeResponse) -> WholeResponse:
        if response.status < 400 or response.media_type != _JSON:
            return response
        field = {name: value for name, value in json.loads(response.content).items() if name != member}
        return replace(response, content=json.dumps(field).encode())

    return change


FAULTS: Mapping[str, Fault] = {
    "wrong-enum-value": Fault(
        clause=f"{_SCHEMA}.enum",
        meaning="enumerated members have a value of no list",
        wrap_handler=change_members(_with_unknown_enum_value),
    ),
    "missing-member": Fault(
        clause=f"{_SCHEMA}.required",
        meaning="objects lack their last required member",
        wrap_handler=change_members(_without_last_required),
    ),
    "null-for-required": Fault(
        clause=f"{_SCHEMA}.type",
        meaning="the last member that is never null is null",
        wrap_handler=change_members(_with_null),
    ),
    "number-as-text": Fault(
        clause=f"{_SCHEMA}.type", meaning="numbers are written as texts", wrap_handler=change_members(_numbers_as_text)
    ),
    "moment-without-offset": Fault(
        clause=f"{_SCHEMA}.format",
        meaning="moments have no offset from UTC",
        wrap_handler=change_members(_without_offset),
    ),
    "wrong-envelope": Fault(
        clause="x-envelope", meaning="the response lies under the key data", wrap_handler=_in_another_envelope
    ),
    "wrong-content-type": Fault(
        clause="responses.content", meaning="JSON is called plain text", wrap_app=_change_response(_as_text)
    ),
    "html-error-page": Fault(
        clause="responses.content", meaning="an error is an HTML page", wrap_app=_change_response(_as_page)
    ),
    "error-without-code": Fault(
        clause="x-error-catalogue",
        level=SHOULD,
        meaning="an error has no code",
        wrap_app=_change_response(_error_without("code")),
    ),
    "200-for-missing-object": Fault(
        clause="responses.404",
        meaning="a missing object is answered with 200",
        wrap_app=change_status(404, 200),
    ),
    "400-for-invalid": Fault(
        clause="responses.422",
        level=SHOULD,
        meaning="invalid parameters are answered with 400",
        wrap_app=change_status(422, 400),
    ),
    "202-for-success": Fault(
        clause="responses.success",
        meaning="a success is answered with 202",
        wrap_app=change_status(200, 202),
    ),
}
