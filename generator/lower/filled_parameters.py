"""Parameters that a description declares and the signature fills in: nobody passes them, and nobody makes them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.ir import SignatureScheme
from generator.load import Document, Node, Pointer, Position
from generator.load.places import HTTP_METHODS


def without_filled_parameters(document: Document, schemes: tuple[SignatureScheme, ...]) -> Document:
    """The document without the parameters of signed operations that are fields of the signature's placement."""
    filled = {(place, name) for scheme in schemes for place, name in _fields(scheme)}
    gone = dict(_filled_lists(document, {scheme.scheme for scheme in schemes}, filled)) if filled else {}
    if not any(gone.values()):
        return document
    paths: dict[str, Any] = dict(document.content["paths"])  # type: ignore[call-overload]  # a mapping: there are operations
    for (_, path, method, _), numbers in gone.items():
        operation = paths[path][method]
        kept = [one for number, one in enumerate(operation["parameters"]) if number not in numbers]
        paths[path] = {**paths[path], method: {**operation, "parameters": kept}}
    content = {**document.content, "paths": paths}
    return replace(document, content=content, positions=_move_positions(document.positions, gone))


def _fields(scheme: SignatureScheme) -> list[tuple[str, str]]:
    placements: Any = scheme.value["placement"] if scheme.direction == "request" else ()
    return [
        (placement["in"], name.lower() if placement["in"] == "header" else name)
        for placement in placements
        for name in placement["fields"]
    ]


def _filled_lists(
    document: Document, signers: set[str], filled: set[tuple[str, str]]
) -> list[tuple[tuple[str, str, str, str], list[int]]]:
    """The lists of parameters, with the numbers of those that are filled in."""
    found = []
    root = document.node()
    for path, item in root.fields("paths"):
        for method, operation in item.members():
            if method in HTTP_METHODS and is_signed(root, operation, signers):
                numbers = [n for n, one in enumerate(operation.each("parameters")) if _key(one.resolve()) in filled]
                found.append((("paths", path, method, "parameters"), numbers))
    return [one for one in found if one[1]]


def _key(parameter: Node) -> tuple[str, str]:
    place, name = parameter.text("in"), parameter.text("name")
    return place, name.lower() if place == "header" else name


def is_signed(root: Node, operation: Node, signers: set[str]) -> bool:
    """Whether the operation asks for one of these security schemes."""
    place = operation if operation.has("security") else root
    alternatives = [one.value for one in place.each("security") if isinstance(one.value, dict)]
    return any(signers & {*alternative} for alternative in alternatives)


def _move_positions(
    positions: Mapping[Pointer, Position], gone: Mapping[tuple[str, str, str, str], list[int]]
) -> dict[Pointer, Position]:
    """The positions, those behind a parameter that is gone moved up."""
    by_place: dict[Pointer, list[int]] = dict(gone.items())
    moved: dict[Pointer, Position] = {}
    for pointer, position in positions.items():
        numbers = by_place.get(pointer[:4]) if len(pointer) > 4 else None
        if not numbers:
            moved[pointer] = position
        elif pointer[4] not in numbers:
            before = sum(number < int(pointer[4]) for number in numbers)
            moved[(*pointer[:4], int(pointer[4]) - before, *pointer[5:])] = position
    return moved
