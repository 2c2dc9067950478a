"""The columns of the lists of one version: a class for each set of them, named after the items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.ir import Api, Filter, Operation
from generator.ir.closed_sets import ColumnType
from generator.layers.client.codec.naming import class_name
from generator.names import distinct, pascal, snake

_TYPES: Mapping[ColumnType, str] = {"string": "str", "integer": "int", "boolean": "bool", "date-time": "Moment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column as an attribute. `type` is the Python type of its values."""

    attribute: str
    name: str
    type: str
    operators: tuple[str, ...]
    is_sortable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnClass:
    """The columns of one or more lists."""

    name: str
    lists: tuple[str, ...]
    columns: tuple[ColumnView, ...]


def column_classes(api: Api) -> dict[str, ColumnClass]:
    """The class of columns of each list that can be filtered, by the id of its operation."""
    sets: dict[str, dict[Filter, list[Operation]]] = defaultdict(lambda: defaultdict(list))
    for operation in api.operations:
        if operation.filter is not None:
            sets[_item_name(api, operation)][operation.filter].append(operation)
    groups = [
        (item if item and len(filters) == 1 else pascal(f"{operations[0].resource} {operations[0].name}"), operations)
        for item, filters in sets.items()
        for operations in filters.values()
    ]
    names = distinct([f"{name}Columns" for name, _ in groups])
    return {
        operation.id: _column_class(name, operations)
        for name, (_, operations) in zip(names, groups, strict=True)
        for operation in operations
    }


def _item_name(api: Api, operation: Operation) -> str:
    """The class of the items of the list, or nothing if they have none."""
    item = operation.object if operation.is_list else None
    return class_name(api, item.reference) if item and item.reference else ""


def _column_class(name: str, operations: list[Operation]) -> ColumnClass:
    chosen = operations[0].filter
    assert chosen is not None  # noqa: S101  # only lists with columns are grouped
    lists = tuple(f"{snake(one.resource)}.{snake(one.name)}" for one in operations)
    return ColumnClass(name=name, lists=lists, columns=tuple(_views(chosen)))


def _views(chosen: Filter) -> Iterator[ColumnView]:
    filtered = {column.name: column for column in chosen.columns}
    named = list(dict.fromkeys((*filtered, *chosen.sortable)))
    attributes = distinct(map(snake, named))
    for attribute, name in zip(attributes, named, strict=True):
        column = filtered.get(name)
        yield ColumnView(
            attribute=attribute,
            name=name,
            type=_TYPES[column.type] if column else "object",
            operators=tuple(column.operators) if column else (),
            is_sortable=name in chosen.sortable,
        )
