"""Values of a path, a query, a form or a header, held to their schemas: a text may be meant as a number or a flag."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procwise_conformance.description import Parameter, Schema, thaw

from ..api import Api, Json
from ..stateful.response_schemas import find_schema_error

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,40})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_SEPARATORS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def find_fault(api: Api, schema: Schema, values: Sequence[Json]) -> str:
    """Why none of these readings of one value fits its schema; empty if one does."""
    definition: Any = thaw(schema.definition)
    faults = [find_schema_error(api, definition, value) for value in values]
    return "" if not faults or "" in faults else min(faults, key=lambda one: one.endswith("type"))


def read_parameter(parameter: Parameter, texts: Sequence[str]) -> Sequence[Json]:
    """What the texts of a parameter may mean."""
    schema, (style, _, exploded) = parameter.schema.canonical, parameter.style.partition(" ")
    if "/" in parameter.style:
        return [*_parse_json(texts[-1])] or [texts[-1]]
    if "array" in schema.types:
        items = texts if exploded or len(texts) > 1 else texts[-1].split(_SEPARATORS.get(style, ","))
        lists: list[Json] = [_convert_items(schema, items)]
        return [*lists, *_parse_json(texts[-1]), *list_readings(texts[-1])]
    if "object" in schema.types:
        return ()  # its members stand alone, or in a style of the vendor's own
    return [*list_readings(texts[-1]), *_parse_json(texts[-1])] if not schema.types else [*list_readings(texts[-1])]


def list_readings(text: str) -> Iterator[Json]:
    """The text, and the number, the flag or the nothing that it may stand for."""
    yield text
    if _INTEGER.fullmatch(text):
        yield int(text)
    elif _NUMBER.fullmatch(text):
        yield float(text)
    elif text in ("true", "false"):
        yield text == "true"
    elif text in ("", "null"):
        yield None


def read_form(api: Api, schema: Schema, fields: Mapping[str, Sequence[str]]) -> dict[str, Json]:
    """The members of a form, each as its schema asks for it if its text can be read so."""
    described = {member.name: member.schema for member in schema.resolve().properties}
    return {name: _read_field(api, described.get(name.removesuffix("[]")), texts) for name, texts in fields.items()}


def _read_field(api: Api, schema: Schema | None, texts: Sequence[str]) -> Json:
    if schema is None:
        return texts[-1]
    readings: list[Json] = [*list_readings(texts[-1])]
    if "array" in schema.canonical.types:
        readings = [_convert_items(schema.canonical, texts), *readings]
    if not set(schema.canonical.types) <= {"string", "integer", "number", "boolean"}:
        readings += _parse_json(texts[-1])
    return next((one for one in readings if not find_fault(api, schema, [one])), readings[0])


def _convert_items(schema: Schema, texts: Sequence[str]) -> list[Json]:
    types = schema.items.canonical.types if schema.items is not None else ()
    if not types or "string" in types:
        return [*texts]
    return [[*list_readings(text)][-1] for text in texts]


def _parse_json(text: str) -> Iterator[Json]:
    try:
        yield json.loads(text)
    except (ValueError, RecursionError):
        return
