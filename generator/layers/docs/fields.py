"""Parameters, headers and schemas as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ir import Api, Parameter, Property, Schema
from generator.layers.docs.prose import Origin, literal, origin
from generator.layers.docs.wording import explain_words, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table; `state` says where the value is sent and whether it must be."""

    name: str
    state: str
    value: str
    meaning: str
    source: Origin


def parameter_rows(api: Api, parameters: tuple[Parameter, ...]) -> tuple[Row, ...]:
    """One row for each parameter."""
    return tuple(_row(api, parameter, parameter.name, f"{parameter.location}, ") for parameter in parameters)


def header_rows(api: Api, headers: tuple[Parameter, ...]) -> tuple[Row, ...]:
    """One row for each header of an answer."""
    return tuple(_row(api, header, header.name, "") for header in headers)


def schema_rows(api: Api, schema: Schema) -> tuple[Row, ...]:
    """One row for each member at any depth, named `exam.id` or `exams[].id`."""
    return tuple(_members(api, schema, "", frozenset()))


def _members(api: Api, schema: Schema, prefix: str, above: frozenset[str]) -> Iterator[Row]:
    meant = api.resolve(schema)
    if meant.name and meant.name in above:
        return
    below = above | {meant.name}
    for member in meant.properties:
        name = f"{prefix}.{member.name}" if prefix else member.name
        yield _row(api, member, name, "")
        yield from _members(api, member.schema, name, below)
    for variant in meant.variants:
        yield from _members(api, variant, prefix, below)
    if meant.items:
        yield from _members(api, meant.items, f"{prefix}[]", below)


def _row(api: Api, fact: Parameter | Property, name: str, place: str) -> Row:
    return Row(
        name=literal(name),
        state=place + ("required" if fact.required else "optional"),
        value=value_of(api, fact.schema),
        meaning=" ".join(_sentences(api, fact)),
        source=origin(fact.source),
    )


def _sentences(api: Api, fact: Parameter | Property) -> Iterator[str]:
    own = fact.description or api.resolve(fact.schema).description
    words = explain_words(api, fact.schema)
    yield own
    if words != own:
        yield words
    if fact.deprecated:
        yield "Deprecated."
    if fact.secret:
        yield "A secret: clients never print or log it."
    if fact.pii:
        yield "Personal data: clients never print or log it."
