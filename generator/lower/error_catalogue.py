"""The error catalogue: every code that `x-error-catalogue` lists on a schema."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import SpecError
from generator.ir import APPLIES, ErrorCode
from generator.load import Node
from generator.load.places import objects
from generator.lower.closed_sets import word
from generator.lower.schemas import source


def errors(root: Node, faults: list[SpecError]) -> tuple[ErrorCode, ...]:
    """The codes in the order written; a code that is listed twice is a fault."""
    by_code: dict[str, ErrorCode] = {}
    for member, schema, entry in _entries(root):
        code = entry.text("code")
        if code in by_code:
            hint = "keep one; a code that comes with several statuses lists them: `status: [404, 410]`"
            faults.append(entry.fault(f"the code {code!r} stands in the error catalogue twice", hint))
        by_code.setdefault(code, _error(member, schema, entry))
    return tuple(by_code.values())


def _entries(root: Node) -> Iterator[tuple[str, Node, Node]]:
    """Each entry, with the schema that lists it and the name of the member that has this schema."""
    for place in objects(root.document.content):
        if place.what != "schema" or "x-error-catalogue" not in place.value:
            continue
        member = str(place.pointer[-1]) if place.pointer[-2:-1] == ("properties",) else ""
        schema = root.document.node(*place.pointer)
        yield from ((member, schema, entry) for entry in schema.each("x-error-catalogue"))


def _error(member: str, schema: Node, entry: Node) -> ErrorCode:
    status = entry["status"].value
    return ErrorCode(
        code=entry.text("code"),
        member=member,
        statuses=tuple(map(int, status)) if isinstance(status, list) else (int(entry.text("status")),),
        meaning=entry.text("meaning"),
        hint=entry.text("hint"),
        source=source(schema),
        applies=word(entry, "applies", APPLIES),
    )
