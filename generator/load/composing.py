"""Schemas that are composed of others: without end, or of so many that no program can take them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.errors import SpecError
from generator.load.document import Document, Node, Pointer
from generator.load.places import Found

_MOST = 10_000
_COMPOSING = ("allOf", "oneOf", "anyOf")


def check_composition(document: Document, found: Iterable[Found]) -> Iterator[SpecError]:
    """Faults of schemas that are made of themselves, or double with every level."""
    circles: dict[Pointer, bool] = {}
    sizes: dict[Pointer, int] = {}
    for schema in found:
        if schema.what != "schema" or not any(key in schema.value for key in _COMPOSING):
            continue
        node = document.node(*schema.pointer)
        if "allOf" in schema.value and _returns(node, circles):
            hint = "take the reference out of `allOf`, or name it under a property or `items`"
            yield document.fault((*schema.pointer, "allOf"), "the schema is made of itself", hint)
        elif _count_parts(node, sizes) > _MOST >= max(_count_parts(member, sizes) for member in _members(node)):
            message = f"the schema is composed of more than {_MOST:,} others, counted as often as they are met"
            yield document.fault(schema.pointer, message, "compose it of fewer, or name the differences by properties")


def _returns(node: Node, circles: dict[Pointer, bool]) -> bool:
    """Whether `allOf` leads into a circle."""
    target = node.resolve()
    if target.pointer not in circles:
        circles[target.pointer] = True  # until all below it has been seen
        circles[target.pointer] = any(_returns(member, circles) for member in target.each("allOf"))
    return circles[target.pointer]


def _count_parts(node: Node, sizes: dict[Pointer, int]) -> int:
    target = node.resolve()
    if target.pointer not in sizes:
        sizes[target.pointer] = 1  # what holds itself as an alternative
        sizes[target.pointer] = 1 + sum(_count_parts(member, sizes) for member in _members(target))
    return sizes[target.pointer]


def _members(node: Node) -> Iterator[Node]:
    return (member for key in _COMPOSING for member in node.each(key))
