"""The errors that an operation can send: each with its causes, and an object that fits this operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.ir import Api, ErrorCode, Example, Frozen, Operation, Parameter, Property, Response, Schema, freeze
from generator.layers.docs.error_pages import code_link
from generator.layers.docs.fields import Group, Rows
from generator.layers.docs.prose import Link
from generator.layers.docs.responses import ResponseView

_OTHERS = "errors"  # the member that has one entry for each parameter that failed


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


def fit_examples(operation: Operation) -> Operation:
    """The operation with errors whose examples name its own parameters."""
    names = _own_names(operation)
    responses = (
        response if response.is_success else replace(response, examples=tuple(_fit(response.examples, names)))
        for response in operation.responses
    )
    return replace(operation, responses=tuple(responses))


def _causes(api: Api, operation: Operation, response: ResponseView, start: str) -> Iterator[Cause]:
    statuses = {int(link.title) for link in response.links}
    for error in api.errors:
        if statuses & {*error.statuses} and _applies(api, operation, error):
            yield Cause(code=code_link(api, error, start), meaning=error.meaning, hint=error.hint)


def _applies(api: Api, operation: Operation, error: ErrorCode) -> bool:
    return {
        "": True,
        "signed": operation.signed,
        "path": bool(operation.in_("path")),
        "body": operation.body is not None,
        "required": any(fact.required for fact in _sent_facts(operation)),
        "download": api.is_download(operation.id),
        "no-operation": False,
    }[error.applies]


def _sent_facts(operation: Operation) -> list[Property | Parameter]:
    members = operation.body.members if operation.body else ()
    return [*members, *operation.in_("query")]


def _own_names(operation: Operation) -> list[str]:
    """What can fail: required parameters first."""
    return [fact.name for fact in sorted(_sent_facts(operation), key=lambda fact: not fact.required)]


def _fit(examples: tuple[Example, ...], names: list[str]) -> Iterator[Example]:
    """The examples; one about a parameter that the operation lacks is about the first of its own instead."""
    for example in examples:
        value = example.value
        failed = value.get(_OTHERS) if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping) or not isinstance(failed, Mapping) or {*failed} <= {*names}:
            yield example
        elif names:
            own: Frozen = freeze({**value, _OTHERS: {names[0]: ["is invalid"]}})
            yield replace(example, summary=f"`{names[0]}` is not valid", value=own)
