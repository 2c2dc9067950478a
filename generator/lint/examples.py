"""Rules about examples: that they are there, and that they are valid."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from urllib.parse import quote

import jsonschema_rs

from generator.errors import SpecError
from generator.lint.description import Description, example_values
from generator.lint.rule import Rule
from generator.load import Node
from generator.load.document import text_of

_LONGEST = 200
_WHOLE = "urn:description"


def _requests(description: Description) -> Iterator[SpecError]:
    for body in description.find_all("requestBody"):
        yield from _without(body, "the request body has no example")


def _successes(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        for status, response in operation.responses("2"):
            yield from _without(response, f"the response {status} of {operation.id} has no example")


def _errors(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        for status, response in operation.responses():
            if not status.startswith("2"):
                yield from _without(response, f"the error {status} has no example")


def _without(part: Node, message: str) -> Iterator[SpecError]:
    for _, media in part.fields("content"):
        if not any(example_values(media)):
            yield media.fault(message, "add one under `examples`, with a name")


def _parameters(description: Description) -> Iterator[SpecError]:
    for parameter in description.find_all("parameter"):
        if not any(example_values(parameter)) and not any(example_values(parameter.get("schema") or parameter)):
            yield parameter.fault(f"the parameter {parameter.text('name')!r} has no example", "add `example`")


class _Validation:
    """Checks values against schemas of one description."""

    def __init__(self, description: Description) -> None:
        self.description = description

    @cached_property
    def readable(self) -> bool:
        """The schemas of 3.0 are not JSON Schema 2020-12."""
        return self.description.root.text("openapi").startswith("3.1")

    @cached_property
    def registry(self) -> jsonschema_rs.Registry:
        """The whole description, read once for all its schemas."""
        whole = self.description.document.content
        return jsonschema_rs.Registry([(_WHOLE, whole)], draft=jsonschema_rs.Draft202012)

    def faults(self, schema: Node, value: Node, what: str = "example") -> Iterator[SpecError]:
        if not isinstance(schema.value, dict) or not self.readable:
            return
        place = {"$ref": f"{_WHOLE}#{quote(text_of(schema.pointer))}"}
        validator = jsonschema_rs.Draft202012Validator(place, validate_formats=True, registry=self.registry)
        for error in validator.iter_errors(value.value):
            blamed = (*value.pointer, *error.instance_path)
            message = f"the {what} does not fit its schema: {error.message.splitlines()[0][:_LONGEST]}"
            yield self.description.document.fault(blamed, message, f"mend the {what} or the schema")


def _valid(description: Description) -> Iterator[SpecError]:
    validation = _Validation(description)
    seen: set[tuple[object, ...]] = set()
    for schema, value in _examples_with_schema(description):
        key = (schema.reference() or schema.pointer, value.pointer)
        if key not in seen:
            seen.add(key)
            yield from validation.faults(schema, value)


def _examples_with_schema(description: Description) -> Iterator[tuple[Node, Node]]:
    """Every example with the schema that it shows."""
    for part in description.find_all("response", "requestBody"):
        for _, media in part.fields("content"):
            yield from _pairs(media)
    for part in description.find_all("parameter", "header"):
        yield from _pairs(part)
    for schema in description.find_all("schema"):
        yield from ((schema, value) for value in example_values(schema))


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    schema = node.get("schema")
    if schema is not None:
        yield from ((schema, value) for value in example_values(node))


def _codes(description: Description) -> Iterator[SpecError]:
    known = _catalogue(description)
    for operation in description.operations if known else ():
        for status, response in operation.responses():
            for _, media in response.fields("content"):
                for value in example_values(media):
                    yield from _code(value, status, known)


def _catalogue(description: Description) -> dict[str, set[str]]:
    """The statuses that each code of the error catalogue comes with."""
    known: dict[str, set[str]] = {}
    for schema in description.find_all("schema"):
        for entry in schema.each("x-error-catalogue"):
            statuses = entry.texts("status") or (entry.text("status"),)
            known.setdefault(entry.text("code"), set()).update(statuses)
    return known


def _code(value: Node, status: str, known: dict[str, set[str]]) -> Iterator[SpecError]:
    code = value.text("code")
    if status < "4" or not code:
        return
    if code not in known:
        yield value["code"].fault(f"the code {code!r} is not in the error catalogue", "add it there, or name another")
    elif status.isdecimal() and status not in known[code]:
        hint = f"it comes with {' or '.join(sorted(known[code]))}"
        yield value["code"].fault(f"the code {code!r} does not come with status {status}", hint)


def _check_codes(description: Description) -> Iterator[SpecError]:
    """The codes themselves: as the member that holds them allows, and with advice."""
    validation = _Validation(description)
    for schema in description.find_all("schema"):
        for entry in schema.each("x-error-catalogue"):
            yield from validation.faults(schema, entry["code"], "code")
            if not entry.has("hint"):
                yield entry.fault(f"the code {entry.text('code')!r} has no hint", "say what the caller can do")


RULES = (
    Rule(name="request-example", asks="every request body has an example", check=_requests),
    Rule(name="success-example", asks="every success has an example", check=_successes),
    Rule(name="error-example", asks="every error has an example", check=_errors),
    Rule(name="parameter-example", asks="every parameter has an example", check=_parameters),
    Rule(name="valid-example", asks="every example is valid against its schema", check=_valid),
    Rule(name="error-code", asks="the codes of example errors are in the error catalogue", check=_codes),
    Rule(
        name="error-catalogue",
        asks="every code of the error catalogue fits the member that holds it, and has a hint",
        check=_check_codes,
    ),
)
