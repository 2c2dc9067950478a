"""The docstrings of the client's methods: meaning, units, errors and source."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from functools import cache

from generator.ir import Operation
from generator.layers.client.arguments import Argument

_WIDTH = 108


def docstring(operation: Operation, arguments: Iterable[Argument], instead: str, sources: Iterable[str]) -> str:
    """What the operation does, its arguments, its errors, and the source of these facts.

    `instead` is what to use in place of a deprecated operation, `sources` are the titles of the pages it is known from.
    """
    parts = [
        wrap(operation.summary or operation.id).rstrip(".") + ".",
        wrap(operation.description),
        "\n".join(_arguments(arguments)),
        "\n".join(_filters(operation)),
        "\n".join(_notes(operation, instead, sources)),
    ]
    return "\n\n".join(part for part in parts if part.strip())


def _arguments(arguments: Iterable[Argument]) -> Iterator[str]:
    listed = list(arguments)
    if listed:
        yield "Args:"
    for argument in listed:
        yield wrap(f"{argument.name}: {argument.description or argument.wire}", "    ", "        ")


def _filters(operation: Operation) -> Iterator[str]:
    if operation.filter is None:
        return
    yield "Columns that can be filtered by:"
    for column in operation.filter.columns:
        yield wrap(f"{column.name} ({column.type}): {', '.join(column.operators)}", "    ", "        ")
    if operation.filter.sortable:
        yield wrap(f"Columns that can be sorted by: {', '.join(operation.filter.sortable)}.")


def _notes(operation: Operation, instead: str, sources: Iterable[str]) -> Iterator[str]:
    if instead:
        yield wrap(f"Deprecated: {instead}.")
    if operation.method == "DELETE" and operation.wrapper and operation.retry.policy == "safe":
        yield wrap("Returns None if the response was lost and a retry finds that the deletion is done.")
    if operation.role:
        yield wrap(f"May be called by: {operation.role}.")
    statuses = ", ".join(f"{error.status} {error.name}" for error in operation.errors)
    if statuses:
        yield wrap(f"Errors: {statuses}.")
    if operation.source is not None:
        yield wrap(f"Source ({operation.source.confidence}): {'; '.join(sources) or 'no page'}.")


@cache
def wrap(text: str, first: str = "", later: str = "") -> str:
    """The text in lines that fit a docstring."""
    return textwrap.fill(
        " ".join(text.split()),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
