"""Rules about the examples of filter and sort: what they name is what the list can do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from generator.errors import SpecError
from generator.lint.description import Description, Operation, example_values, join_names
from generator.lint.rule import Rule
from generator.load import Node

_DIRECTIONS = {"asc", "desc"}


def _examples(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        said = operation.node.get("x-filter")
        if said is None:
            continue
        columns = {column.text("name"): set(column.texts("operators")) for column in said.each("columns")}
        for value in _examples_of(operation, said.text("filter")):
            yield from _filter(operation, value, columns)
        for value in _examples_of(operation, said.text("sort")):
            yield from _sort(operation, value, dict.fromkeys(said.texts("sortable"), _DIRECTIONS))


def _examples_of(operation: Operation, name: str) -> Iterator[Node]:
    """The examples of the query parameter of that name."""
    for parameter in operation.listed_parameters():
        target = parameter.resolve()
        if (target.text("in"), target.text("name")) == ("query", name):
            yield from example_values(target)


def _filter(operation: Operation, value: Node, columns: Mapping[str, set[str]]) -> Iterator[SpecError]:
    data = _read(value)
    if not isinstance(data, dict) or not all(isinstance(conditions, dict) for conditions in data.values()):
        hint = 'write an object of columns, each with operators: {"name":{"eq":"x"}}'
        yield value.fault("the example of a filter is not of that form", hint)
        return
    for column, conditions in data.items():
        yield from _check_columns(operation, value, column, conditions, columns)


def _sort(operation: Operation, value: Node, columns: Mapping[str, set[str]]) -> Iterator[SpecError]:
    data = _read(value)
    if not isinstance(data, list) or not all(isinstance(one, dict) and len(one) == 1 for one in data):
        hint = 'write a list of one-column objects: [{"name":"asc"}]'
        yield value.fault("the example of a sort is not of that form", hint)
        return
    for column, direction in (pair for one in data for pair in one.items()):
        yield from _check_columns(operation, value, column, [direction], columns)


def _check_columns(
    operation: Operation, value: Node, column: str, words: object, columns: Mapping[str, set[str]]
) -> Iterator[SpecError]:
    if column not in columns:
        hint = f"its columns are: {join_names(columns)}; give it a parameter of its own if others can"
        yield value.fault(f"the example names {column!r}, which {operation.id} has not", hint)
        return
    for word in words if isinstance(words, dict | list) else ():
        if word not in columns[column]:
            hint = f"it takes: {join_names(columns[column])}"
            yield value.fault(f"the example has {word!r}, which {column!r} of {operation.id} does not take", hint)


def _read(value: Node) -> object:
    """The data of a JSON text; None where it is no such text."""
    try:
        return json.loads(str(value.value))
    except ValueError:
        return None


RULES = (
    Rule(
        name="filter-example",
        asks="the examples of filter and sort are JSON text that names columns of the list, and what they take",
        check=_examples,
    ),
)
