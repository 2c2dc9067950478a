"""The operations of one version, with what is stored of their objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from procwise_sandbox.description import Api, Operation as Described, Parent, Property

from ..api import Field, Operation, ParentColumn
from ..storage.sql_types import Moment, Real, Whole
from .column_types import column_type, is_digits
from .tables import Stored, Tables

_NUMBERS = (Whole, Real)


def operations(api: Api, tables: Tables) -> tuple[Operation, ...]:
    """All operations of the version."""
    return tuple(_extend(api, operation, tables) for operation in api.operations)


def _extend(api: Api, operation: Described, tables: Tables) -> Operation:
    known: dict[str, Any] = {one.name: getattr(operation, one.name) for one in fields(operation) if one.init}
    query, table = operation.in_("query"), tables.build_table[operation.resource]
    forms = _Forms(api, tables.of_object(operation))
    return Operation(
        **known,
        query=tuple(parameter.name for parameter in query),
        needed=tuple(parameter.name for parameter in query if parameter.required),
        settable=tuple(member.name for member in operation.settings),
        files=tuple(member.name for member in operation.settings if member.schema.format == "binary"),
        fields=tuple(forms.fields(operation.members)),
        parent_columns=tuple(_parent_column(table, parent) for parent in operation.parents),
    )


def _parent_column(table: Stored, parent: Parent) -> ParentColumn:
    """A version without operations of the object above still narrows by the same column."""
    column = table.above.get(parent.resource, parent.placeholder) if parent.resource else parent.placeholder
    named = parent.resource or next((above for above, held in table.above.items() if held == column), "")
    return ParentColumn(parameter=parent.placeholder, column=column, resource=named)


class _Forms:
    """How one version writes what a table holds."""

    def __init__(self, api: Api, table: Stored) -> None:
        self._api = api
        self._table = table

    def fields(self, members: tuple[Property, ...], *, inside: bool = False) -> Iterator[Field]:
        """The members of a response; those of an object inside it, where that is of the same table."""
        for member in members:
            schema = member.schema.resolve()
            one = schema.element.resolve()
            within = one.properties if one.name == self._table.title and not inside else ()
            kind = self._table.columns.get(member.name)
            yield Field(
                name=member.name,
                nullable=member.schema.nullable
                or schema.nullable
                or not (schema.types or schema.variants or schema.enum),
                required=member.required,
                epoch=kind is Moment and self._is_in_seconds(member),
                digits=kind is Whole and is_digits(member.schema),
                values=schema.enum,
                fields=tuple(self.fields(within, inside=True)),
                many=bool(within) and schema.items is not None,
            )

    def _is_in_seconds(self, member: Property) -> bool:
        """Whether this version writes a moment as a number: by its schema, or else as it is set."""
        shown = column_type(member.schema)
        own = (one for one in self._api.operations if one.resource == self._table.name)
        set_as = {column_type(one.schema) for operation in own for one in operation.settings if one.name == member.name}
        return shown in _NUMBERS or (shown is None and set_as == {Whole})
