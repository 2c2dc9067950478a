"""Rules about the style of names: one case for each kind of name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.errors import SpecError
from generator.lint.description import PLACEHOLDER, Description
from generator.lint.rule import Rule
from generator.load import is_derived

_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CAMEL = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*")
_PASCAL = re.compile(r"([A-Z][a-z0-9]*)+")
_PATH = re.compile(r"(/([a-z][a-z0-9]*(_[a-z0-9]+)*|\{[^}]*\}))+|/")
_ELSEWHERE = ("authorization", "accept", "content-type")


def _operation_ids(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        if not _CAMEL.fullmatch(operation.id):
            place = operation.node["operationId"]
            yield place.fault(f"the operationId {operation.id!r} is not written lowerCamel", "write it like listExams")


def _check_ids(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        if is_derived(description.document, operation.node.pointer):
            yield operation.node.fault("the operation has no operationId", "give it one, such as listExams")


def _components(description: Description) -> Iterator[SpecError]:
    for kind in ("schemas", "parameters", "responses", "headers", "requestBodies", "examples", "securitySchemes"):
        for name, node in description.components(kind):
            if not _PASCAL.fullmatch(name):
                yield node.fault(f"the component {name!r} is not written PascalCase", "write it like ExamStatus")


def _titles(description: Description) -> Iterator[SpecError]:
    if not any(schema.has("title") for _, schema in description.components("schemas")):
        return
    for name, schema in description.components("schemas"):
        if schema.text("title") != name:
            place = schema.get("title") or schema
            yield place.fault(f"the title of the schema {name} is not its name", f"write `title: {name}`")


def _properties(description: Description) -> Iterator[SpecError]:
    for name, node in description.properties():
        if not _SNAKE.fullmatch(name):
            yield node.fault(f"the property {name!r} is not written snake_case", "write it like start_time")


def _parameters(description: Description) -> Iterator[SpecError]:
    for parameter in description.find_all("parameter"):
        name = parameter.text("name")
        if parameter.text("in") in ("path", "query") and not _SNAKE.fullmatch(name):
            yield parameter["name"].fault(f"the parameter {name!r} is not written snake_case", "write it like exam_id")


def _paths(description: Description) -> Iterator[SpecError]:
    for path, item in description.root.fields("paths"):
        if not _PATH.fullmatch(path):
            hint = "write it like /student_sessions/{id}, without slash or query at the end"
            yield item.fault(f"the path {path!r} is not written snake_case", hint)


def _path_clashes(description: Description) -> Iterator[SpecError]:
    first: dict[str, str] = {}
    for path, item in description.root.fields("paths"):
        other = first.setdefault(PLACEHOLDER.sub("{}", path), path)
        if other != path:
            yield item.fault(f"the path differs from {other} in the names of placeholders only", "keep one of the two")


def _headers(description: Description) -> Iterator[SpecError]:
    for parameter in description.find_all("parameter"):
        name = parameter.text("name")
        if parameter.text("in") == "header" and name.lower() in _ELSEWHERE:
            hint = "describe it by a security scheme, the media types or x-accept; OpenAPI ignores such a parameter"
            yield parameter["name"].fault(f"a header parameter is named {name}", hint)


RULES = (
    Rule(name="operation-id", asks="every operation has an id of its own", check=_check_ids),
    Rule(name="operation-id-case", asks="operation ids are written lowerCamel", check=_operation_ids),
    Rule(name="component-case", asks="schemas and other components are written PascalCase", check=_components),
    Rule(name="schema-title", asks="schemas have their name as title, if any has a title", check=_titles),
    Rule(name="property-case", asks="properties are written snake_case", check=_properties),
    Rule(name="parameter-case", asks="parameters of path and query are written snake_case", check=_parameters),
    Rule(name="path-case", asks="paths are written snake_case, without slash or query at the end", check=_paths),
    Rule(name="path-clash", asks="no two paths differ in the names of placeholders only", check=_path_clashes),
    Rule(
        name="header-parameter",
        asks="no header parameter is named Authorization, Accept or Content-Type: OpenAPI ignores those",
        check=_headers,
    ),
)
