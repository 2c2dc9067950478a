"""What a member that is never null starts with, where the request says nothing about it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from jsonschema_rs import Draft202012Validator

from procwise_sandbox.description import Operation, Property, Schema, thaw
from procwise_sandbox.description.samples import sample_of

_EMPTY: tuple[object, ...] = (False, 0, [], {})
_DEEPEST = 10


def initial_value(operation: Operation, member: Property) -> object:
    """The first value that the member's schema accepts: default, first of an enum, zero, example."""
    validator = Draft202012Validator(_json_schema(member.schema))
    return next((value for value in _candidates(operation, member) if validator.is_valid(value)), None)


def _json_schema(schema: Schema, depth: int = 0) -> dict[str, object]:
    """What the value itself must be; nothing about what lies inside it."""
    schema = schema.resolve()
    asked: dict[str, object] = {name: thaw(value) for name, value in schema.limits}
    if schema.types:
        asked["type"] = [*schema.types, "null"] if schema.nullable else [*schema.types]
    if schema.enum:
        asked["enum"] = thaw(schema.enum)
    if schema.variants and depth < _DEEPEST:
        asked["anyOf"] = [_json_schema(variant, depth + 1) for variant in schema.variants]
    return asked | {"required": [member.name for member in schema.properties if member.required]}


def _candidates(operation: Operation, member: Property) -> Iterator[object]:
    schema = member.schema.resolve()
    if schema.default:
        yield json.loads(schema.default)
    yield from (thaw(value) for value in schema.enum)
    yield from _EMPTY
    yield from (thaw(value) for value in (*member.schema.examples, *schema.examples))
    yield from _values_in_examples(operation, member.name)
    yield from ("", 1)
    yield sample_of(member.schema)


def _values_in_examples(operation: Operation, name: str) -> Iterator[object]:
    for example in operation.success.examples:
        shown = thaw(example.value)
        if isinstance(shown, dict):
            shown = shown.get(operation.wrapper, shown)
        for one in shown if isinstance(shown, list) else [shown]:
            if isinstance(one, Mapping) and name in one:
                yield one[name]
