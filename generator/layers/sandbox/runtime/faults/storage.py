"""Faults of storage: changes that are lost, doubled, cut; jobs and links that never end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection

from ..api import Operation
from ..errors import ApiError
from ..http.context import Handler, HandlerResult, RequestContext
from ..http.request_parsing import Upload
from ..http.signed_links import Links
from ..storage.jobs import Jobs
from .fault import SETTINGS_WRITTEN, SHOULD, Fault

_LONGEST = 20
_LONG_LIVED = 1000
_CHANGES = ("update", "replace")


def _of_kind(*kinds: str) -> Callable[[Callable[[Operation, Handler], Handler]], Callable[..., Handler]]:
    """Applies a change to operations of these kinds only."""

    def only(change: Callable[[Operation, Handler], Handler]) -> Callable[[Operation, Handler], Handler]:
        return lambda operation, handler: change(operation, handler) if operation.kind in kinds else handler

    return only


def _roll_back(_operation: Operation, handler: Handler) -> Handler:
    """Responds with success, and rolls the change back."""

    def faulty(context: RequestContext) -> HandlerResult:
        with context.connection.begin_nested() as savepoint:
            result = handler(context)
            savepoint.rollback()
        return replace(result, after=None)

    return faulty


def _run_twice(_operation: Operation, handler: Handler) -> Handler:
    def faulty(context: RequestContext) -> HandlerResult:
        result = handler(context)
        with suppress(ApiError), context.connection.begin_nested():  # some objects are unique
            handler(context)
        return result

    return faulty


def _clear_unsent(operation: Operation, handler: Handler) -> Handler:
    """Sets nullable settings that were not sent to null."""
    nullable = {field.name for field in operation.fields if field.nullable}
    clearable = dict.fromkeys(name for name in operation.settable if name in nullable)
    return lambda context: handler(replace(context, body={**clearable, **context.body}))


def _texts(change: Callable[[str], str]) -> Callable[[Operation, Handler], Handler]:
    """Stores changed texts."""

    def wrap_handler(_operation: Operation, handler: Handler) -> Handler:
        return lambda context: handler(
            replace(context, body={name: _text(value) for name, value in context.body.items()})
        )

    def _text(value: object) -> object:
        return change(value) if isinstance(value, str) else value

    return _of_kind(*SETTINGS_WRITTEN)(wrap_handler)


def _cut(text: str) -> str:
    return text[:_LONGEST]


def _mangle(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _halve_uploads(operation: Operation, handler: Handler) -> Handler:
    def faulty(context: RequestContext) -> HandlerResult:
        return handler(replace(context, files={name: _half(upload) for name, upload in context.files.items()}))

    return faulty if operation.files else handler


def _half(upload: Upload) -> Upload:
    return replace(upload, content=upload.content[: len(upload.content) // 2])


def _fail_when(when: Callable[[str], bool]) -> Callable[[Operation, Handler], Handler]:
    def wrap_handler(_operation: Operation, handler: Handler) -> Handler:
        def faulty(context: RequestContext) -> HandlerResult:
            if any(
                isinstance(value, str) and when(value) for value in (*context.query.values(), *context.body.values())
            ):
                raise ApiError(500, "internal_error", "The sandbox fails, as it was asked to.")
            return handler(context)

        return faulty

    return wrap_handler


def _beyond_ascii(text: str) -> bool:
    return not text.isascii()


def _long(text: str) -> bool:
    return len(text) > 255


class EndlessJobs(Jobs):
    """Reports every started job as running."""

    def status(self, connection: Connection, name: str) -> str:
        return "never_run" if super().status(connection, name) == "never_run" else "running"


class FailingJobs(Jobs):
    """Reports every finished job as failed."""

    def status(self, connection: Connection, name: str) -> str:
        return super().status(connection, name).replace("success", "failure")


class LongLivedLinks(Links):
    """Makes links that expire far too late."""

    def make(self, base_url: str, name: str, *, seconds: int) -> str:
        return super().make(base_url, name, seconds=seconds * _LONG_LIVED)


FAULTS: Mapping[str, Fault] = {
    "create-forgotten": Fault(
        clause="responses.success",
        meaning="a new object is returned, but not stored",
        wrap_handler=_of_kind("create")(_roll_back),
    ),
    "create-doubled": Fault(
        clause="responses.success",
        meaning="one request makes two objects",
        wrap_handler=_of_kind("create")(_run_twice),
    ),
    "update-forgotten": Fault(
        clause="responses.success",
        meaning="a change is returned, but not stored",
        wrap_handler=_of_kind(*_CHANGES)(_roll_back),
    ),
    "update-clears-others": Fault(
        clause="requestBody",
        meaning="a change empties the settings that were not sent, where they can be null",
        wrap_handler=_of_kind(*_CHANGES)(_clear_unsent),
    ),
    "delete-forgotten": Fault(
        clause="responses.success",
        meaning="a deleted object is still there",
        wrap_handler=_of_kind("delete")(_roll_back),
    ),
    "text-cut": Fault(
        clause="requestBody", meaning=f"texts are stored up to their {_LONGEST}th character", wrap_handler=_texts(_cut)
    ),
    "non-ascii-mangled": Fault(
        clause="requestBody", meaning="characters other than ASCII are stored as ?", wrap_handler=_texts(_mangle)
    ),
    "upload-cut": Fault(
        clause="requestBody", meaning="half of an uploaded file is stored", wrap_handler=_halve_uploads
    ),
    "500-on-non-ascii": Fault(
        clause="responses",
        meaning="a parameter with other than ASCII characters is answered with 500",
        wrap_handler=_fail_when(_beyond_ascii),
    ),
    "500-on-long-text": Fault(
        clause="responses",
        meaning="a parameter of more than 255 characters is answered with 500",
        wrap_handler=_fail_when(_long),
    ),
    "job-never-ends": Fault(
        clause="x-job", level=SHOULD, meaning="a background job is running for ever", replaces=(Jobs, EndlessJobs)
    ),
    "job-always-fails": Fault(
        clause="x-job", level=SHOULD, meaning="every background job fails", replaces=(Jobs, FailingJobs)
    ),
    "expired-link-works": Fault(
        clause="responses.success",
        level=SHOULD,
        meaning=f"a link to a file lasts {_LONG_LIVED} times as long as described",
        replaces=(Links, LongLivedLinks),
    ),
}
