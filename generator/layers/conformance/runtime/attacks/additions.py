"""Mutations: what an attack adds to a request before it is signed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from requests import PreparedRequest

from ..api import Operation
from ..http.unknown_ids import UNKNOWN_NUMBER
from ..http.wire import MULTIPART, NotApplicable, Parts, is_json, place_parameters, with_form, with_members

Mutation = Callable[[PreparedRequest, Parts], PreparedRequest]


def add_parameters(query: Mapping[str, object] | None = None, body: Mapping[str, object] | None = None) -> Mutation:
    """Add parameters that the API does not know."""

    def add(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
        if query:
            request = place_parameters(request, query, "query")
        return with_members(request, body) if body else request

    return add


def add_path_names(place: str) -> Mutation:
    """Add parameters named like the path's placeholders, with an id that no server gives out.

    A server that confuses them with the path's must not find an object of somebody else.
    """

    def add(request: PreparedRequest, parts: Parts) -> PreparedRequest:
        if not parts.path:
            raise NotApplicable
        others = dict.fromkeys(parts.path, str(UNKNOWN_NUMBER))
        return add_parameters(**{place: others})(request, parts)

    return add


def send_as_form(request: PreparedRequest, parts: Parts) -> PreparedRequest:
    """Send the members of a JSON body as the fields of a form, if they can be written as texts."""
    fields = {name: value for name, value in parts.body.items() if isinstance(value, str | int)}
    if not fields or len(fields) < len(parts.body):
        raise NotApplicable
    return with_form(request, {name: json.dumps(v) if isinstance(v, bool) else str(v) for name, v in fields.items()})


def has_path(operation: Operation) -> bool:
    """Whether its path has placeholders."""
    return bool(operation.placeholders)


def has_body(operation: Operation) -> bool:
    """Whether a body is described."""
    return bool(operation.media_types)


def takes_json(operation: Operation) -> bool:
    """Whether a JSON body is described."""
    return bool(operation.media_types) and is_json(operation.media_types[0])


def takes_no_body(operation: Operation) -> bool:
    """Whether no body is described."""
    return not operation.media_types


def takes_files(operation: Operation) -> bool:
    """Whether files are uploaded."""
    return operation.media_types[:1] == (MULTIPART,) and bool(operation.files)


def removes(operation: Operation) -> bool:
    """Whether a second request finds nothing after a success."""
    return operation.removes
