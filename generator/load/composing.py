"""Schemas that are composed of others: without end, or of so many that no program can take them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf

from generator.errors import SpecError
from generator.load.components import component_name, only_component
from generator.load.document import Document, Node, Pointer
from generator.load.places import Found

_MOST = 10_000
_MOST_COPIES = 1_000  # of one schema; each costs every layer some milliseconds
_HINT = "move this schema to `components/schemas`, and refer to it by its name there"
_COMPOSING = ("allOf", "oneOf", "anyOf")
_CIRCLES = (("allOf",), ("oneOf", "anyOf"))  # a mixed one is a class with its kinds, each of which inherits from it


def check_composition(document: Document, found: Iterable[Found]) -> Iterator[SpecError]:
    """Faults of schemas that are made of themselves, or double with every level."""
    circles: dict[tuple[Pointer, str], bool] = {}
    sizes: dict[Pointer, int] = {}
    for schema in found:
        if schema.what != "schema" or not any(key in schema.value for key in _COMPOSING):
            continue
        node = document.node(*schema.pointer)
        if key := next((keys[0] for keys in _CIRCLES if _returns(node, keys, circles)), ""):
            key = key if key in schema.value else "anyOf"
            hint = f"take the reference out of `{key}`, or name it under a property or `items`"
            yield document.fault((*schema.pointer, key), "the schema is made of itself", hint)
        elif _count_parts(node, sizes) > _MOST >= max(_count_parts(member, sizes) for member in _members(node)):
            message = f"the schema is composed of more than {_MOST:,} others, counted as often as they are met"
            yield document.fault(schema.pointer, message, "compose it of fewer, or name the differences by properties")


def check_copies(document: Document, found: Iterable[Found], of_itself: float = inf) -> Iterator[SpecError]:
    """The first place where a schema without a name of its own is copied without end, or too often.

    `of_itself` says how many copies are made of a schema inside itself: without end, unless the reader cuts them off.
    """
    sizes: dict[Pointer, float] = {}
    for schema in found:
        if schema.what != "schema" or not ("$ref" in schema.value or "allOf" in schema.value):
            continue
        node = document.node(*schema.pointer)
        size = _count_copies(node, sizes, of_itself)
        if size > _MOST_COPIES:
            many = "copies of itself" if size == inf else f"more than {_MOST_COPIES:,} copies"
            if node.reference():
                yield document.fault(schema.pointer, f"the reference to a schema without a name is {many}", _HINT)
            else:
                message = f"what the allOf refers to is merged into {many}"
                yield document.fault((*schema.pointer, "allOf"), message, _HINT)
            return


def _count_copies(node: Node, sizes: dict[Pointer, float], of_itself: float) -> float:
    """How many copies are made for a schema."""
    if component_name(node) or only_component(node):
        return 0
    return bool(node.reference()) + _count_inside(node.resolve(), sizes, of_itself)


def _count_inside(node: Node, sizes: dict[Pointer, float], of_itself: float) -> float:
    """How many copies are made inside a schema: of the members of its allOf, and of schemas without a name."""
    if node.pointer not in sizes:
        sizes[node.pointer] = of_itself  # until all inside has been counted
        merged = _find_merged(node)
        parts = (part for one in merged.values() for part in _parts(one))
        sizes[node.pointer] = len(merged) - 1 + sum(_count_copies(part, sizes, of_itself) for part in parts)
    return sizes[node.pointer]


def _find_merged(node: Node) -> dict[Pointer, Node]:
    """The schema and all that is merged into it by allOf, each once; what is merged twice makes one copy."""
    found = {node.pointer: node}
    waiting = [node]
    while waiting:
        for member in waiting.pop().each("allOf"):
            target = member.resolve()
            if target.pointer not in found:
                found[target.pointer] = target
                waiting.append(target)
    return found


def _parts(node: Node) -> Iterator[Node]:
    """The schemas written inside this one, but for those that are merged into it."""
    yield from _members(node, ("oneOf", "anyOf"))
    yield from (one for _, one in node.fields("properties"))
    yield from (node[key] for key in ("items", "additionalProperties") if node.has(key))


def _returns(node: Node, keys: tuple[str, ...], circles: dict[tuple[Pointer, str], bool]) -> bool:
    """Whether these keywords lead into a circle, so that nothing is said but itself."""
    target = node.resolve()
    place = (target.pointer, keys[0])
    if place not in circles:
        circles[place] = True  # until all below it has been seen
        circles[place] = any(_returns(member, keys, circles) for member in _members(target, keys))
    return circles[place]


def _count_parts(node: Node, sizes: dict[Pointer, int]) -> int:
    target = node.resolve()
    if target.pointer not in sizes:
        sizes[target.pointer] = 1
        sizes[target.pointer] = 1 + sum(_count_parts(member, sizes) for member in _members(target))
    return sizes[target.pointer]


def _members(node: Node, keys: tuple[str, ...] = _COMPOSING) -> Iterator[Node]:
    return (member for key in keys for member in node.each(key))
