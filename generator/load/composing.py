"""Schemas that are composed of others: without end, or of so many that no program can take them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import inf

from generator.errors import SpecError
from generator.load.document import Document, Node, Pointer
from generator.load.places import Found

_MOST = 10_000
_COMPONENT = re.compile("#/components/schemas/[^/]*")
_HINT = "move it to `components/schemas`, and refer to it by its name there"
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


def check_copies(document: Document, found: Iterable[Found]) -> Iterator[SpecError]:
    """The first reference to a schema without a name that stands for copies without end, or for too many."""
    sizes: dict[Pointer, float] = {}
    for schema in found:
        if schema.what == "schema" and isinstance(schema.value.get("$ref"), str):
            size = _count_copies(document.node(*schema.pointer), sizes)
            if size > _MOST:
                many = "copies of itself" if size == inf else f"more than {_MOST:,} copies"
                yield document.fault(schema.pointer, f"the reference to a schema without a name is {many}", _HINT)
                return


def _count_copies(node: Node, sizes: dict[Pointer, float]) -> float:
    """How many copies are made for references inside a schema; infinite if one leads back to it."""
    if node.pointer not in sizes:
        sizes[node.pointer] = inf
        reference = node.reference()
        inside = [node.resolve()] if reference and not _COMPONENT.fullmatch(reference) else [*_parts(node)]
        sizes[node.pointer] = bool(reference) * len(inside) + sum(_count_copies(one, sizes) for one in inside)
    return sizes[node.pointer]


def _parts(node: Node) -> Iterator[Node]:
    """The schemas written inside this one."""
    yield from _members(node)
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
