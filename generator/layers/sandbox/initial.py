"""What a member that is never null starts with, where the request says nothing about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from jsonschema_rs import Draft202012Validator

from generator.ir import Api, Operation, Property, thaw
from generator.layers.sandbox.schemas import standard

_EMPTY: tuple[object, ...] = (False, 0, [], {})


def initial_value(api: Api, operation: Operation, member: Property) -> object:
    """The first value that the member's schema accepts: default, first of an enum, zero, example."""
    components = {schema.name: standard(schema.definition) for schema in api.schemas}
    definition = standard(member.schema.definition)
    validator = Draft202012Validator({"components": {"schemas": components}, "allOf": [definition]})
    return next((value for value in _candidates(api, operation, member) if validator.is_valid(value)), None)


def _candidates(api: Api, operation: Operation, member: Property) -> Iterator[object]:
    schema = api.resolve(member.schema)
    if schema.default:
        yield json.loads(schema.default)
    yield from (thaw(value) for value in schema.enum)
    yield from _EMPTY
    yield from (thaw(value) for value in (*member.schema.examples, *schema.examples))
    yield from _from_answers(operation, member.name)
    yield from ("", 1)


def _from_answers(operation: Operation, name: str) -> Iterator[object]:
    for example in operation.success.examples:
        told = thaw(example.value)
        if isinstance(told, dict):
            told = told.get(operation.wrapper, told)
        for one in told if isinstance(told, list) else [told]:
            if isinstance(one, Mapping) and name in one:
                yield one[name]
