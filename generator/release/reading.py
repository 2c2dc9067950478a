"""How a program reads a member of a response, before and after a change that the call itself does not show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diff import Group, Spot
from generator.ir import Operation, Schema
from generator.names import snake
from generator.reports.wording import where
from generator.templates import comment

_DEEPEST = 4


def describe_change(group: Group, operation: Operation) -> tuple[str, str]:
    """A line of Python for the end of the program before, and one after; the first is empty where nothing is read."""
    spot = next((one for one in group.spots if operation.label in one.operations), group.spots[0])
    read = _expression(spot, operation) if "readers" in group.breaks else ""
    if not read:
        return "", comment(f"# {where(spot)}: {group.sentence}")
    if any("removed" in rule for rule in group.rules):
        return f"print({read})", f"# {comment(f'{read}: {group.sentence}')}"
    return f"print({read})", f"print({read})  # {comment(group.sentence)}"


def _expression(spot: Spot, operation: Operation) -> str:
    """The member as the program before reads it, or nothing where that is not known."""
    name = "item" if operation.pagination else "answer"
    status, _, path = spot.path.partition(" ")
    if spot.place.startswith("schema "):
        around = _find(operation, spot.place.removeprefix("schema "))
        return f"{name}{around}{_attributes(spot.path)}" if around is not None and spot.path else ""
    if status != str(operation.success.status) or not path or " " in path:
        return ""
    inside = re.sub(rf"^{re.escape(operation.wrapper)}(\.|$)", "", path) if operation.wrapper else path
    if operation.pagination:
        inside = re.sub(rf"^{re.escape(operation.wrapper)}\[\]\.?", "", path)
    return f"{name}{_attributes(inside)}" if inside else ""


def _attributes(path: str) -> str:
    """`teacher.pupils[].name` as attributes and items."""
    parts = path.replace("[]", ".[0]").replace("{}", '.["name"]').split(".")
    try:
        return "".join(part if part.startswith("[") else f".{snake(part)}" for part in parts if part)
    except ValueError:
        return ""


def _find(operation: Operation, name: str) -> str | None:
    """The attributes that lead from a response to an object of the schema."""
    start = operation.object if operation.pagination else operation.payload
    waiting: list[tuple[str, Schema, int]] = [("", start, 0)] if start else []
    while waiting:
        way, schema, depth = waiting.pop(0)
        if schema.reference == name or schema.resolve().name == name:
            return way
        if depth < _DEEPEST:
            waiting += [(f"{way}{step}", inner, depth + 1) for step, inner in _steps(schema.resolve())]
    return None


def _steps(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for member in schema.properties:
        yield _attributes(member.name), member.schema
    if schema.items is not None:
        yield "[0]", schema.items
    for variant in schema.variants:
        yield "", variant
