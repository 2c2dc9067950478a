"""Faults of what is kept: changes that are forgotten, doubled, cut; jobs and links that never end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from ..errors import Refusal
from ..http.context import Answer, Call, Handler
from ..http.links import Links
from ..http.request_parsing import Upload
from ..model import Api, Description, Operation
from ..storage.jobs import Jobs
from .fault import SHOULD, Fault
from .schemas import with_schemas, without

_LONGEST = 20
_LONG_LIVED = 1000
_SETTINGS = ("create", "update")


def _of_kind(*kinds: str) -> Callable[[Callable[[Operation, Handler], Handler]], Callable[..., Handler]]:
    """Leaves the operations of other kinds as they are."""

    def only(change: Callable[[Operation, Handler], Handler]) -> Callable[[Operation, Handler], Handler]:
        return lambda operation, handler: change(operation, handler) if operation.kind in kinds else handler

    return only


def _forgetting(_operation: Operation, handler: Handler) -> Handler:
    """Answers as if it had happened, and takes it back."""

    def careless(call: Call) -> Answer:
        with call.connection.begin_nested() as happened:
            answer = handler(call)
            happened.rollback()
        return replace(answer, after=None)

    return careless


def _doubling(_operation: Operation, handler: Handler) -> Handler:
    def careless(call: Call) -> Answer:
        answer = handler(call)
        with suppress(Refusal), call.connection.begin_nested():  # not every object can be there twice
            handler(call)
        return answer

    return careless


def _clearing(operation: Operation, handler: Handler) -> Handler:
    """Empties the settings that were not sent, where an object can be without them."""
    nullable = {told.name for told in operation.fields if told.nullable}
    clearable = dict.fromkeys(name for name in operation.body if name in nullable)
    return lambda call: handler(replace(call, body={**clearable, **call.body}))


def _texts(change: Callable[[str], str]) -> Callable[[Operation, Handler], Handler]:
    """Stores other texts than those that were sent."""

    def behaves(_operation: Operation, handler: Handler) -> Handler:
        return lambda call: handler(replace(call, body={name: _text(value) for name, value in call.body.items()}))

    def _text(value: object) -> object:
        return change(value) if isinstance(value, str) else value

    return _of_kind(*_SETTINGS)(behaves)


def _cut(text: str) -> str:
    return text[:_LONGEST]


def _mangled(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _halving(operation: Operation, handler: Handler) -> Handler:
    def careless(call: Call) -> Answer:
        return handler(replace(call, files={name: _half(upload) for name, upload in call.files.items()}))

    return careless if operation.files else handler


def _half(upload: Upload) -> Upload:
    return replace(upload, content=upload.content[: len(upload.content) // 2])


def _crashing(when: Callable[[str], bool]) -> Callable[[Operation, Handler], Handler]:
    def behaves(_operation: Operation, handler: Handler) -> Handler:
        def careless(call: Call) -> Answer:
            if any(isinstance(value, str) and when(value) for value in (*call.query.values(), *call.body.values())):
                raise Refusal(500, "internal_error", "The sandbox fails, as it was asked to.")
            return handler(call)

        return careless

    return behaves


def _beyond_ascii(text: str) -> bool:
    return not text.isascii()


def _long(text: str) -> bool:
    return len(text) > 255


def _unchecked(*keywords: str) -> Callable[[Description], Description]:
    """Takes settings that these keywords of the schemas would refuse."""

    def change(schemas: dict[str, Any], operations: tuple[Operation, ...]) -> None:
        schemas["components"] = {"schemas": _each(schemas["components"]["schemas"])}
        for operation in operations:
            if operation.kind in _SETTINGS and operation.has_body:
                schemas["body"][operation.id] = _each(schemas["body"][operation.id])
                schemas["whole"][operation.id] = without(schemas["whole"][operation.id], *keywords)

    def _each(schemas: Mapping[str, Any]) -> dict[str, Any]:
        return {name: without(schema, *keywords) for name, schema in schemas.items()}

    def describes(description: Description) -> Description:
        return replace(description, apis=tuple(unchecked(api) for api in description.apis))

    def unchecked(api: Api) -> Api:
        return with_schemas(api, lambda schemas: change(schemas, api.operations))

    return describes


class EndlessJobs(Jobs):
    """Tells of every job that was started that it is running."""

    def status(self, connection: Connection, name: str) -> str:
        return "never_run" if super().status(connection, name) == "never_run" else "running"


class FailingJobs(Jobs):
    """Tells of every job that has ended well that it has failed."""

    def status(self, connection: Connection, name: str) -> str:
        return super().status(connection, name).replace("success", "failure")


class LongLivedLinks(Links):
    """Makes links that last far longer than they should."""

    def make(self, base_url: str, name: str, *, seconds: int) -> str:
        return super().make(base_url, name, seconds=seconds * _LONG_LIVED)


FAULTS: Mapping[str, Fault] = {
    "create-forgotten": Fault(
        clause="responses.success",
        meaning="a new object is answered, and not kept",
        behaves=_of_kind("create")(_forgetting),
    ),
    "create-doubled": Fault(
        clause="responses.success",
        meaning="one request makes two objects",
        behaves=_of_kind("create")(_doubling),
    ),
    "update-forgotten": Fault(
        clause="responses.success",
        meaning="a change is answered, and not kept",
        behaves=_of_kind("update")(_forgetting),
    ),
    "update-clears-others": Fault(
        clause="requestBody",
        meaning="a change empties the settings that were not sent, where they can be null",
        behaves=_of_kind("update")(_clearing),
    ),
    "delete-forgotten": Fault(
        clause="responses.success",
        meaning="a deleted object is still there",
        behaves=_of_kind("destroy")(_forgetting),
    ),
    "text-cut": Fault(
        clause="requestBody", meaning=f"texts are stored up to their {_LONGEST}th character", behaves=_texts(_cut)
    ),
    "non-ascii-mangled": Fault(
        clause="requestBody", meaning="characters other than ASCII are stored as ?", behaves=_texts(_mangled)
    ),
    "upload-cut": Fault(clause="requestBody", meaning="half of an uploaded file is stored", behaves=_halving),
    "500-on-non-ascii": Fault(
        clause="responses",
        meaning="a parameter with other than ASCII characters is answered with 500",
        behaves=_crashing(_beyond_ascii),
    ),
    "500-on-long-text": Fault(
        clause="responses",
        meaning="a parameter of more than 255 characters is answered with 500",
        behaves=_crashing(_long),
    ),
    "required-not-checked": Fault(
        clause="requestBody.schema.required",
        meaning="required settings may be missing",
        describes=_unchecked("required"),
    ),
    "enum-not-checked": Fault(
        clause="requestBody.schema.enum", meaning="enumerated settings take any value", describes=_unchecked("enum")
    ),
    "length-not-checked": Fault(
        clause="requestBody.schema.minLength",
        meaning="texts may be as short and as long as they like",
        describes=_unchecked("minLength", "maxLength"),
    ),
    "job-never-ends": Fault(
        clause="x-job", level=SHOULD, meaning="a background job is running for ever", instead=(Jobs, EndlessJobs)
    ),
    "job-always-fails": Fault(
        clause="x-job", level=SHOULD, meaning="every background job fails", instead=(Jobs, FailingJobs)
    ),
    "expired-link-works": Fault(
        clause="responses.success",
        level=SHOULD,
        meaning=f"a link to a file lasts {_LONG_LIVED} times as long as described",
        instead=(Links, LongLivedLinks),
    ),
}
