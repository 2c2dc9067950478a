"""Names that must become Python names: each on its own, and beside its siblings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from generator.errors import SpecError
from generator.load.document import Document, Pointer
from generator.load.places import Found
from generator.names import constant, pascal, snake


def name_faults(document: Document, found: Iterable[Found]) -> Iterator[SpecError]:
    """Operation ids, parameters, properties, schemas and error codes that cannot be distinguished or named."""
    ids: dict[str, str] = {}
    codes: dict[str, str] = {}
    for place in found:
        value = place.value
        if place.what == "operation" and isinstance(value.get("operationId"), str):
            named = [(str(value["operationId"]), (*place.pointer, "operationId"))]
            yield from _twins(document, "operationId", snake, named, ids)
        if place.what == "parameter" and isinstance(value.get("name"), str):
            yield from _twins(document, "parameter", snake, [(str(value["name"]), (*place.pointer, "name"))], {})
        if place.what == "schema":
            yield from _twins(document, "property", snake, _members(place.pointer, "properties", value), {})
            yield from _twins(document, "error code", constant, _codes(place.pointer, value), codes)
        if place.pointer == ("components",):
            yield from _twins(document, "schema", pascal, _members(place.pointer, "schemas", value), {})


def _members(pointer: Pointer, key: str, value: dict[str, object]) -> list[tuple[str, Pointer]]:
    members = value.get(key)
    return [(name, (*pointer, key, name)) for name in members] if isinstance(members, dict) else []


def _codes(pointer: Pointer, value: dict[str, object]) -> list[tuple[str, Pointer]]:
    entries = value.get("x-error-catalogue")
    listed = enumerate(entries if isinstance(entries, list) else ())
    codes = (
        (entry.get("code"), (*pointer, "x-error-catalogue", n, "code"))
        for n, entry in listed
        if isinstance(entry, dict)
    )
    return [(code, place) for code, place in codes if isinstance(code, str)]


def _twins(
    document: Document,
    what: str,
    make: Callable[[str], str],
    named: Iterable[tuple[str, Pointer]],
    taken: dict[str, str],
) -> Iterator[SpecError]:
    for text, pointer in named:
        try:
            name = make(text)
        except ValueError as error:
            yield document.fault(pointer, f"the {what} name {error}", "use letters and digits")
            continue
        other = taken.setdefault(name, text)
        apart = what == "property" and other.lower() == text.lower()  # `m` and `M` keep their letters
        if other != text and not apart:
            message = f"the {what} names {other!r} and {text!r} would both become {name}"
            yield document.fault(pointer, message, "rename one of them")
