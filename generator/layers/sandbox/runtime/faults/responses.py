"""Faults of answers: members that do not fit the schema, and wrong statuses, types and errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..http.context import Answer, Call, Handler
from ..model import Field, Operation
from .fault import SHOULD, Fault

_JSON = "application/json"
_UTC = "+00:00"
_SCHEMA = "responses.schema"
Members = dict[str, Any]


def _members(change: Callable[[tuple[Field, ...], Members], Members]) -> Callable[[Operation, Handler], Handler]:
    """A fault in every object that is answered; `change` gets the described members beside the told ones."""

    def behaves(operation: Operation, handler: Handler) -> Handler:
        def changed(value: Any) -> Any:
            if isinstance(value, list):
                return [changed(item) for item in value]
            return change(operation.fields, value) if isinstance(value, dict) else value

        def careless(call: Call) -> Answer:
            answer = handler(call)
            content: Any = answer.content
            if operation.envelope and isinstance(content, dict):
                return replace(answer, content={name: changed(value) for name, value in content.items()})
            return replace(answer, content=changed(content))

        return careless if operation.fields else handler

    return behaves


def _wrong_words(fields: tuple[Field, ...], members: Members) -> Members:
    enumerated = {told.name for told in fields if told.values} & members.keys()
    return {**members, **dict.fromkeys(enumerated, "no_such_word")}


def _lacking(fields: tuple[Field, ...], members: Members) -> Members:
    last = next((told.name for told in reversed(fields) if told.required and told.name in members), "")
    return {name: value for name, value in members.items() if name != last}


def _empty(fields: tuple[Field, ...], members: Members) -> Members:
    last = [told.name for told in fields if not told.nullable and told.name in members][-1:]
    return {**members, **dict.fromkeys(last)}


def _numbers_as_text(_fields: tuple[Field, ...], members: Members) -> Members:
    return {name: str(value) if type(value) in (int, float) else value for name, value in members.items()}


def _without_offset(_fields: tuple[Field, ...], members: Members) -> Members:
    return {name: value.removesuffix(_UTC) if isinstance(value, str) else value for name, value in members.items()}


def _in_another_envelope(operation: Operation, handler: Handler) -> Handler:
    def careless(call: Call) -> Answer:
        answer = handler(call)
        content: Any = answer.content
        return replace(answer, content={"data": content.get(operation.envelope)})

    return careless if operation.envelope else handler


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole answer, as it would go over the socket."""

    status: int
    media_type: str
    headers: Mapping[str, str]
    content: bytes


def _whole(change: Callable[[Whole], Whole]) -> Callable[[ASGIApp], ASGIApp]:
    """A fault of whole answers, refused requests among them."""

    def answers(app: ASGIApp) -> ASGIApp:
        async def careless(scope: Scope, receive: Receive, send: Send) -> None:
            start: Message = {}
            content = bytearray()

            async def held(message: Message) -> None:
                start.update(message if message["type"] == "http.response.start" else {})
                content.extend(message.get("body", b""))

            await app(scope, receive, held)
            if start:  # a client that has gone is not answered
                await _response(change(_read(start, bytes(content))))(scope, receive, send)

        return careless

    return answers


def _read(start: Message, content: bytes) -> Whole:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    media_type = headers.pop("content-type", "")
    headers.pop("content-length", None)
    return Whole(start["status"], media_type, headers, content)


def _response(whole: Whole) -> Response:
    headers = {**whole.headers, **({"content-type": whole.media_type} if whole.media_type else {})}
    return Response(whole.content, whole.status, headers)


def _with_status(given: int, answered: int) -> Callable[[Whole], Whole]:
    return lambda whole: replace(whole, status=answered) if whole.status == given else whole


def _as_text(whole: Whole) -> Whole:
    return replace(whole, media_type="text/plain; charset=utf-8") if whole.media_type == _JSON else whole


def _as_page(whole: Whole) -> Whole:
    if whole.status < 400:
        return whole
    page = f"<!DOCTYPE html><title>{whole.status}</title><h1>{whole.status}</h1>\n"
    return replace(whole, media_type="text/html; charset=utf-8", content=page.encode())


def _error_without(member: str) -> Callable[[Whole], Whole]:
    def change(whole: Whole) -> Whole:
        if whole.status < 400 or whole.media_type != _JSON:
            return whole
        told = {name: value for name, value in json.loads(whole.content).items() if name != member}
        return replace(whole, content=json.dumps(told).encode())

    return change


FAULTS: Mapping[str, Fault] = {
    "wrong-enum-value": Fault(
        clause=f"{_SCHEMA}.enum", meaning="enumerated members have a value of no list", behaves=_members(_wrong_words)
    ),
    "missing-member": Fault(
        clause=f"{_SCHEMA}.required", meaning="objects lack their last required member", behaves=_members(_lacking)
    ),
    "null-for-required": Fault(
        clause=f"{_SCHEMA}.type",
        meaning="the last member that is never null is null",
        behaves=_members(_empty),
    ),
    "number-as-text": Fault(
        clause=f"{_SCHEMA}.type", meaning="numbers are written as texts", behaves=_members(_numbers_as_text)
    ),
    "moment-without-offset": Fault(
        clause=f"{_SCHEMA}.format", meaning="moments have no offset from UTC", behaves=_members(_without_offset)
    ),
    "wrong-envelope": Fault(
        clause="x-envelope", meaning="what is answered lies under the key data", behaves=_in_another_envelope
    ),
    "wrong-content-type": Fault(
        clause="responses.content", meaning="JSON is called plain text", answers=_whole(_as_text)
    ),
    "html-error-page": Fault(clause="responses.content", meaning="an error is an HTML page", answers=_whole(_as_page)),
    "error-without-code": Fault(
        clause="x-error-catalogue",
        level=SHOULD,
        meaning="an error has no code",
        answers=_whole(_error_without("code")),
    ),
    "200-for-missing-object": Fault(
        clause="responses.404", meaning="what is not there is answered with 200", answers=_whole(_with_status(404, 200))
    ),
    "400-for-invalid": Fault(
        clause="responses.422",
        level=SHOULD,
        meaning="invalid parameters are answered with 400",
        answers=_whole(_with_status(422, 400)),
    ),
    "202-for-success": Fault(
        clause="responses.success", meaning="a success is answered with 202", answers=_whole(_with_status(200, 202))
    ),
}
