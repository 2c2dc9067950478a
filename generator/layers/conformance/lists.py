"""How a list is paged, filtered and sorted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from generator.ir import Api, Frozen, Operation, Property
from generator.layers.conformance.bodies import canonical


def pagination(api: Api, operation: Operation) -> Mapping[str, object] | None:
    """The clauses of `x-pagination`, with the limit that holds where none is sent."""
    paging = operation.pagination
    if paging is None:
        return None
    told = next((p.schema for p in operation.in_("query") if p.name == paging.limit), None)
    default = canonical(api, told).default if told else ""
    return {**asdict(paging), "default_limit": json.loads(default) if default else paging.max_limit}


def filters(operation: Operation) -> Mapping[str, object] | None:
    """The clauses of `x-filter`; a column is its name, type and operators."""
    filters = operation.filter
    if filters is None:
        return None
    columns = tuple((column.name, column.type, column.operators) for column in filters.columns)
    return {"filter": filters.filter, "sort": filters.sort, "columns": columns, "sortable": filters.sortable}


def narrowing(
    api: Api, operation: Operation, members: tuple[Property, ...]
) -> Iterator[tuple[str, tuple[Frozen, ...]]]:
    """The query parameters that ask for one word of a member, with all its words."""
    words = {member.name: canonical(api, member.schema).enum for member in members}
    for parameter in operation.in_("query"):
        enum = canonical(api, parameter.schema).enum
        if enum and enum == words.get(parameter.name):
            yield parameter.name, enum
