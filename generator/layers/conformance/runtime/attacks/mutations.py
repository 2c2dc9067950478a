"""What an attack adds to a request so that it has something to be wrong about."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from requests import PreparedRequest

from ..description import Operation
from ..http.unknown_ids import ABSENT_NUMBER
from ..http.wire import FORM, JSON, MULTIPART, Parts, Pointless, placed, with_form, with_members

Dressing = Callable[[PreparedRequest, Parts], PreparedRequest]


def adding(query: Mapping[str, object] | None = None, body: Mapping[str, object] | None = None) -> Dressing:
    """More parameters, which the API does not know."""

    def dressed(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
        if query:
            request = placed(request, query, "query")
        return with_members(request, body) if body else request

    return dressed


def posing_as_path(place: str) -> Dressing:
    """Parameters with the names of the path's placeholders, and an id that no server gives out.

    A server that takes them for the path's must not meet an object of somebody else.
    """

    def dressed(request: PreparedRequest, parts: Parts) -> PreparedRequest:
        if not parts.path:
            raise Pointless
        others = dict.fromkeys(parts.path, str(ABSENT_NUMBER))
        return adding(**{place: others})(request, parts)

    return dressed


def as_form(request: PreparedRequest, parts: Parts) -> PreparedRequest:
    """The members of a JSON body as the fields of a form, where texts can stand for them."""
    fields = {name: value for name, value in parts.body.items() if isinstance(value, str | int)}
    if not fields or len(fields) < len(parts.body):
        raise Pointless
    return with_form(request, {name: json.dumps(v) if isinstance(v, bool) else str(v) for name, v in fields.items()})


def has_path(operation: Operation) -> bool:
    """Whether an object is named in the path."""
    return bool(operation.placeholders)


def has_body(operation: Operation) -> bool:
    """Whether a body is described."""
    return bool(operation.media_types)


def takes_json(operation: Operation) -> bool:
    """Whether a JSON body is described."""
    return operation.media_types[:1] == (JSON,)


def takes_members(operation: Operation) -> bool:
    """Whether a body is described that can have more members than it needs."""
    return operation.media_types[:1] in ((JSON,), (FORM,))


def takes_no_body(operation: Operation) -> bool:
    """Whether no body is described."""
    return not operation.media_types


def takes_files(operation: Operation) -> bool:
    """Whether files are uploaded."""
    return operation.media_types[:1] == (MULTIPART,) and bool(operation.files)


def deletes(operation: Operation) -> bool:
    return operation.method == "DELETE"
