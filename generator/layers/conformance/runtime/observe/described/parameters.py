"""Values of a path, a query, a form or a header, held to their schemas: a text may be meant as a number or a flag."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procwise_conformance.description import Parameter, Schema

from ...api import Api, Json
from ...stateful.response_schemas import find_schema_error
from .schemas import find_member_schemas

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,40})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,40})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_SEPARATORS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def find_fault(api: Api, schema: Any, values: Sequence[Json]) -> str:
    """Why none of these readings of one value fits its JSON Schema; empty if one does."""
    faults = [find_schema_error(api, schema, value) for value in values]
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


def read_form(api: Api, schema: Any, fields: Mapping[str, Sequence[str]]) -> dict[str, Json]:
    """The members of a form, each as its JSON Schema asks for it if its text can be read so."""
    described = find_member_schemas(api, schema)
    return {
        name: _read_field(api, described[stem], texts) if (stem := name.removesuffix("[]")) in described else texts[-1]
        for name, texts in fields.items()
    }


def _read_field(api: Api, schema: Any, texts: Sequence[str]) -> Json:
    plain: list[Json] = [*list_readings(texts[-1])]
    lists: list[Json] = [[*texts], [[*list_readings(text)][-1] for text in texts]]
    readings = [*plain, *lists, *_parse_json(texts[-1])]
    return next((one for one in readings if not find_fault(api, schema, [one])), plain[0])


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
