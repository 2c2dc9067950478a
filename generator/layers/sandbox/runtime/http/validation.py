"""Validates parameters against the JSON Schemas of the description.

The schemas of one version are a JSON text with three members: `components`, and `query` and
`body` with a schema for each parameter, by operation; `whole` holds the schema of each body.
The schemas of responses are in `responses`, by operation and status, their headers in `details`: see `self_check`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

import jsonschema_rs
from jsonschema_rs import Draft202012Validator, Registry

from ..api import Api, Operation
from ..errors import parameter_missing, unreadable, validation_failed
from ..loading.schema_values import compile_schema, read_schemas, schema_registry
from .request_parsing import RequestParameters

_INTEGER = re.compile(r"-?[0-9]{1,300}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?")
_NUMBERS = re.compile(r'\[[-0-9," ]*\]')
_WORDS: Mapping[str, object] = {
    "": None,
    **dict.fromkeys(("true", "True", "TRUE", "t", "T", "on", "ON", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "f", "F", "off", "OFF", "0"), False),
}
_Reader = Callable[[object, Draft202012Validator], object]
_NO_FILE = "must be an uploaded file"
_BLANK = "can't be blank"


class RequestValidator:
    """The validators of one version, compiled once."""

    def __init__(self, api: Api) -> None:
        schemas = read_schemas(api.validators)
        registry = schema_registry(schemas)
        self._query = {name: compile_validators(members, registry) for name, members in schemas["query"].items()}
        self._body = {name: compile_validators(members, registry) for name, members in schemas["body"].items()}
        self._whole = compile_validators(schemas["whole"], registry)
        self._required_names = {
            name: _required_names(whole, schemas["components"]) for name, whole in schemas["whole"].items()
        }

    def query(self, operation: Operation, parameters: RequestParameters) -> dict[str, object]:
        """The described query parameters of a request, typed; they may be in the body as well."""
        members = self._query[operation.id]
        sent = {
            **_parse_texts(parameters.body, members, _parse_number if parameters.parse_typed else parse_typed),
            **_parse_texts(parameters.query, members),
        }
        errors = {name: [_BLANK] for name in operation.needed if name not in sent}
        errors |= {name: _messages(members[name], value) for name, value in sent.items()}
        _raise_errors({name: reasons for name, reasons in errors.items() if reasons})
        return sent

    def body(self, operation: Operation, parameters: RequestParameters, ignored: frozenset[str]) -> dict[str, object]:
        """The described body members of a request, typed; they may be in the query as well."""
        if operation.body is None:
            return {}
        if parameters.unwrapped:
            raise unreadable("The request body must be a JSON object.")
        members = self._body[operation.id]
        whole = self._whole[operation.id]
        if wrapper := operation.body.envelope:
            inside = parameters.body.get(wrapper)
            sent = dict(inside) if isinstance(inside, dict) else {}
            _raise_errors(_errors_by_name(whole, {wrapper: inside} if inside is not None else {}))
            return {name: value for name, value in sent.items() if name in members}
        beside = {name: value for name, value in parameters.query.items() if name in members}
        sent = {**_parse_texts(parameters.body, members, _text_parser(parameters)), **_parse_texts(beside, members)}
        _raise_errors({name: [_NO_FILE] for name in operation.files if name in sent})
        empty = [name for name in self._required_names[operation.id] if sent.get(name, "") is None]
        sent = {name: value for name, value in sent.items() if name not in empty or members[name].is_valid(value)}
        sent |= {name: "" for name in operation.files if name in parameters.files}  # there; its bytes are any
        extra = {name: value for name, value in parameters.body.items() if name not in members and name not in ignored}
        _raise_errors(_errors_by_name(whole, {**extra, **sent}))
        return sent


def _required_names(schema: Mapping[str, Any], components: Mapping[str, Any]) -> frozenset[str]:
    """The required members; null counts as missing."""
    _, _, name = str(schema.get("$ref", "")).rpartition("/")
    return frozenset(components.get("schemas", {}).get(name, schema).get("required", ()))


def compile_validators(schemas: Mapping[str, Any], registry: Registry) -> dict[str, Draft202012Validator]:
    """A validator for each schema."""
    return {name: compile_schema(schema, registry) for name, schema in schemas.items()}


def _text_parser(parameters: RequestParameters) -> _Reader:
    """How texts in the body are parsed."""
    return _parse_digits if parameters.parse_typed else parse_typed


def _parse_texts(
    values: Mapping[str, object], members: Mapping[str, Draft202012Validator], read: _Reader | None = None
) -> dict[str, object]:
    """The described values; a text of a query or form becomes the type that its schema takes."""
    parse = read or parse_typed
    return {name: parse(value, members[name]) for name, value in values.items() if name in members}


def _parse_digits(value: object, validator: Draft202012Validator) -> object:
    """In JSON, only digits are converted: clients send ids as texts, and the vendor's pages are no more precise."""
    return parse_typed(value, validator) if isinstance(value, str) and _INTEGER.fullmatch(value) else value


def _parse_number(value: object, validator: Draft202012Validator) -> object:
    """A number in JSON also stands for a text that belongs into the query: Rails casts it for the search."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return parse_typed(value, validator) if is_number else _parse_digits(value, validator)


def parse_typed(value: object, validator: Draft202012Validator) -> object:
    """A text as the type that its schema takes; also if only its size or format is wrong."""
    fitting = (candidate for candidate in _candidates(value) if validator.is_valid(candidate))
    near = (candidate for candidate in _candidates(value) if not _has_type_error(candidate, validator))
    return next(chain(fitting, near), value)


def _has_type_error(value: object, validator: Draft202012Validator) -> bool:
    return any(error.kind.name == "type" for error in validator.iter_errors(value))


def _candidates(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, list):
        yield [next(iter([*_candidates(item)][1:]), item) for item in value]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, str) and value in _WORDS:
        yield from (int(value), _WORDS[value]) if value.isdigit() else (_WORDS[value],)
    elif isinstance(value, str) and _INTEGER.fullmatch(value):
        yield int(value)
    elif isinstance(value, str) and _NUMBER.fullmatch(value):
        yield float(value)
    elif isinstance(value, str) and _NUMBERS.fullmatch(value):
        yield from _parse_number_list(value)


def _parse_number_list(text: str) -> Iterator[object]:
    """A list of numbers that was sent as it is signed: as JSON text."""
    with suppress(ValueError):
        yield from [*_candidates(json.loads(text))]


def _messages(validator: Draft202012Validator, value: object) -> list[str]:
    return [_message(error) for error in validator.iter_errors(value)]


def _errors_by_name(validator: Draft202012Validator, value: object) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    for error in validator.iter_errors(value):
        faults.setdefault(_parameter_name(error), []).append(_message(error))
    return faults


def _raise_errors(errors: Mapping[str, list[str]]) -> None:
    blank = next((name for name, reasons in errors.items() if _BLANK in reasons), None)
    if blank is not None:
        raise parameter_missing(blank, errors)
    if errors:
        raise validation_failed(errors)


def _parameter_name(error: jsonschema_rs.ValidationError) -> str:
    if error.instance_path:
        return str(error.instance_path[0])
    return str(getattr(error.kind, "property", "body"))


def _message(error: jsonschema_rs.ValidationError) -> str:
    """A message that does not repeat the value, which may be secret."""
    kind, details = error.kind.name, error.kind.as_dict()
    limit = details.get("limit")
    if kind == "required" or (kind == "minLength" and error.instance == ""):
        return _BLANK
    if kind == "enum":
        return "is not included in the list"
    if kind == "type":
        return f"must be {' or '.join(map(str, details['types']))}" if "types" in details else "is of the wrong type"
    if kind in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        return f"is beyond its {kind} {limit}"
    return "is invalid"
