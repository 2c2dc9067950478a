"""The errors that an operation can send: each with its causes, and an object that fits this operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ir import Api, Operation, Response, Schema
from generator.layers.docs.error_examples import applies
from generator.layers.docs.error_pages import code_link
from generator.layers.docs.fields import Group, Rows
from generator.layers.docs.prose import Link
from generator.layers.docs.responses import ResponseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A code of the catalogue that the operation can send."""

    code: Link
    meaning: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error of the operation: the documented response, and what causes it."""

    response: ResponseView
    causes: tuple[Cause, ...]


def failures(api: Api, operation: Operation, errors: tuple[ResponseView, ...], start: str) -> tuple[Failure, ...]:
    """The errors, each with the causes that apply to the operation; `start` is the path of its page."""
    return tuple(
        Failure(response=response, causes=tuple(_causes(api, operation, response, start))) for response in errors
    )


def error_groups(rows: Rows, errors: tuple[Response, ...]) -> tuple[Group, ...]:
    """The members of the bodies of all errors, each body once."""
    schemas: list[Schema] = []
    for response in errors:
        if response.schema is not None and response.schema not in schemas:
            schemas.append(response.schema)
    return tuple(group for schema in schemas for group in rows.of_response("error", schema))


def _causes(api: Api, operation: Operation, response: ResponseView, start: str) -> Iterator[Cause]:
    statuses = {int(link.title) for link in response.links}
    for error in api.errors:
        if statuses & {*error.statuses} and applies(api, operation, error):
            yield Cause(code=code_link(api, error, start), meaning=error.meaning, hint=error.hint)
