"""Checks parameters against the JSON Schemas of the description.

The schemas of one version are a JSON text with three members: `components`, and `query` and
`body` with a schema for each parameter, by operation; `whole` holds the schema of each body.
What is answered stands in `answers`, by operation and status, and beside it in `told`: see `self_check`.
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

from ..errors import invalid, missing, unreadable
from ..model import Api, Operation
from .request_parsing import Reading

_ROOT = "urn:description"
_INTEGER = re.compile(r"-?[0-9]{1,300}")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?")
_NUMBERS = re.compile(r'\[[-0-9," ]*\]')
_WORDS: Mapping[str, object] = {"true": True, "false": False, "": None}
_Reader = Callable[[object, Draft202012Validator], object]
_NO_FILE = "must be an uploaded file"
_BLANK = "can't be blank"


class Validation:
    """The validators of one version, compiled once."""

    def __init__(self, api: Api) -> None:
        schemas: dict[str, Any] = json.loads(api.schemas)
        registry = registry_of(schemas)
        self._query = {name: compiled(members, registry) for name, members in schemas["query"].items()}
        self._body = {name: compiled(members, registry) for name, members in schemas["body"].items()}
        self._whole = compiled(schemas["whole"], registry)
        self._required = {name: _required(whole, schemas["components"]) for name, whole in schemas["whole"].items()}

    def query(self, operation: Operation, reading: Reading) -> dict[str, object]:
        """The described query parameters that were sent, typed; they may stand in the body as well."""
        members = self._query[operation.id]
        sent = {**_texts(reading.body, members, _reader(reading)), **_texts(reading.query, members)}
        errors = {name: [_BLANK] for name in operation.needed if name not in sent}
        errors |= {name: _reasons(members[name], value) for name, value in sent.items()}
        _refuse({name: reasons for name, reasons in errors.items() if reasons})
        return sent

    def body(self, operation: Operation, reading: Reading, ignored: frozenset[str]) -> dict[str, object]:
        """The described settings that were sent, typed; they may stand in the query as well."""
        if not operation.has_body:
            return {}
        if reading.unwrapped:
            raise unreadable("The request body must be a JSON object.")
        members = self._body[operation.id]
        whole = self._whole[operation.id]
        if operation.body_envelope:
            inside = reading.body.get(operation.body_envelope)
            sent = dict(inside) if isinstance(inside, dict) else {}
            _refuse(_faults(whole, {operation.body_envelope: inside} if inside is not None else {}))
            return {name: value for name, value in sent.items() if name in members}
        beside = {name: value for name, value in reading.query.items() if name in members}
        sent = {**_texts(reading.body, members, _reader(reading)), **_texts(beside, members)}
        _refuse({name: [_NO_FILE] for name in operation.files if name in sent})
        empty = [name for name in self._required[operation.id] if sent.get(name, "") is None]
        sent = {name: value for name, value in sent.items() if name not in empty or members[name].is_valid(value)}
        sent |= {name: "" for name in operation.files if name in reading.files}  # there; its bytes are any
        extra = {name: value for name, value in reading.body.items() if name not in members and name not in ignored}
        _refuse(_faults(whole, {**extra, **sent}))
        return sent


def _required(schema: Mapping[str, Any], components: Mapping[str, Any]) -> frozenset[str]:
    """The settings that must be sent; a null for one is none."""
    _, _, name = str(schema.get("$ref", "")).rpartition("/")
    return frozenset(components.get("schemas", {}).get(name, schema).get("required", ()))


def registry_of(schemas: Mapping[str, Any]) -> Registry:
    """What the schemas of one version refer to."""
    return Registry([(_ROOT, {"components": schemas["components"]})])


def compiled(schemas: Mapping[str, Any], registry: Registry) -> dict[str, Draft202012Validator]:
    """A validator of each schema."""
    return {name: _validator(schema, registry) for name, schema in schemas.items()}


def _validator(schema: Any, registry: Registry) -> Draft202012Validator:
    absolute = json.loads(json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{_ROOT}#/'))
    return Draft202012Validator(absolute, registry=registry, validate_formats=True)


def _reader(reading: Reading) -> _Reader:
    """How the texts of the body are read."""
    return _numbered if reading.typed else typed


def _texts(
    values: Mapping[str, object], members: Mapping[str, Draft202012Validator], read: _Reader | None = None
) -> dict[str, object]:
    """The described ones of the values; a text of a query or form becomes the type that its schema takes."""
    made = read or typed
    return {name: made(value, members[name]) for name, value in values.items() if name in members}


def _numbered(value: object, validator: Draft202012Validator) -> object:
    """In JSON, only digits are read so: clients send ids as texts, and the pages ask for a number no more exactly."""
    return typed(value, validator) if isinstance(value, str) and _INTEGER.fullmatch(value) else value


def typed(value: object, validator: Draft202012Validator) -> object:
    """A text as the type that its schema takes, if only its size or form is wrong too: that is told then."""
    fitting = (reading for reading in _readings(value) if validator.is_valid(reading))
    near = (reading for reading in _readings(value) if not _is_of_another_type(reading, validator))
    return next(chain(fitting, near), value)


def _is_of_another_type(value: object, validator: Draft202012Validator) -> bool:
    return any(error.kind.name == "type" for error in validator.iter_errors(value))


def _readings(value: object) -> Iterator[object]:
    yield value
    if isinstance(value, list):
        yield [next(iter([*_readings(item)][1:]), item) for item in value]
    elif isinstance(value, str) and _INTEGER.fullmatch(value):
        yield int(value)
    elif isinstance(value, str) and _NUMBER.fullmatch(value):
        yield float(value)
    elif isinstance(value, str) and value in _WORDS:
        yield _WORDS[value]
    elif isinstance(value, str) and _NUMBERS.fullmatch(value):
        yield from _listed(value)


def _listed(text: str) -> Iterator[object]:
    """A list of numbers that was sent as it is signed: as JSON text."""
    with suppress(ValueError):
        yield from [*_readings(json.loads(text))]


def _reasons(validator: Draft202012Validator, value: object) -> list[str]:
    return [_sentence(error) for error in validator.iter_errors(value)]


def _faults(validator: Draft202012Validator, value: object) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    for error in validator.iter_errors(value):
        faults.setdefault(_name(error), []).append(_sentence(error))
    return faults


def _refuse(errors: Mapping[str, list[str]]) -> None:
    blank = next((name for name, reasons in errors.items() if _BLANK in reasons), None)
    if blank is not None:
        raise missing(blank, errors)
    if errors:
        raise invalid(errors)


def _name(error: jsonschema_rs.ValidationError) -> str:
    if error.instance_path:
        return str(error.instance_path[0])
    return str(getattr(error.kind, "property", "body"))


def _sentence(error: jsonschema_rs.ValidationError) -> str:
    """A reason that does not repeat the value, which may be secret."""
    kind, told = error.kind.name, error.kind.as_dict()
    limit = told.get("limit")
    if kind == "required" or (kind == "minLength" and error.instance == ""):
        return _BLANK
    if kind == "enum":
        return "is not included in the list"
    if kind == "type":
        return f"must be {' or '.join(map(str, told['types']))}" if "types" in told else "is of the wrong type"
    if kind in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
        return f"is beyond its {kind} {limit}"
    return "is invalid"
