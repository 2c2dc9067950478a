"""What must hold of a bundled description before it is lowered; every fault has its place."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema_rs

from generator.errors import SpecError, ToolkitError, first_line
from generator.load.addresses import check_addresses
from generator.load.composing import check_composition, check_copies
from generator.load.document import Document, Pointer
from generator.load.naming import name_faults
from generator.load.parameters import check_parameters
from generator.load.places import Found, objects

EXTENSIONS = (
    Path(__file__).parent.parent / "extensions.schema.json",  # in the wheel
    Path(__file__).parents[2] / "spec" / "extensions.schema.json",  # in the checkout
)


def check(document: Document, *, whole: bool) -> list[SpecError]:
    """All faults of the bundled document; without `whole`, only those that need no reference."""
    if not document.content:
        return []
    version = str(document.content.get("openapi", ""))
    if faults := list(check_version(document)):
        return faults
    found = objects(document.content)
    faults = [*_extensions(document, found), *_operation_ids(document, found), *name_faults(document, found)]
    faults += check_addresses(document, found)
    if not whole:
        return faults
    from generator.load.structure import check_structure  # its library is dear to import, and comparisons need none

    faults += check_structure(document, version)
    if version.startswith("3.1."):  # the schemas of 3.0 are not JSON Schema 2020-12
        faults += list(_schemas(document, found)) or _defaults(document, found)
    composed = [*check_composition(document, found), *check_copies(document, found)]
    return [*faults, *composed, *check_parameters(document)]


def check_version(document: Document) -> Iterator[SpecError]:
    """The fault of a description in another version of OpenAPI."""
    version = str(document.content.get("openapi", ""))
    if not version.startswith(("3.0.", "3.1.")):
        said = f"version {version!r}" if version else "no version"
        hint = "write `openapi: 3.1.0` (3.0 is read too)"
        yield document.fault(("openapi",), f"the description names {said}", hint)


def _schemas(document: Document, found: list[Found]) -> Iterator[SpecError]:
    meta = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
    validator = jsonschema_rs.Draft202012Validator(meta, validate_formats=True)
    outer: Pointer = ("",)
    for schema in found:
        if schema.what != "schema" or schema.pointer[: len(outer)] == outer:
            continue
        outer = schema.pointer  # what lies inside is checked with it
        for error in validator.iter_errors(schema.value):
            pointer = (*schema.pointer, *error.instance_path)
            yield document.fault(pointer, first_line(error.message), "a schema follows JSON Schema 2020-12")


def _defaults(document: Document, found: list[Found]) -> Iterator[SpecError]:
    """Faults of the defaults, held against their schemas all at once: each compilation reads all components."""
    schemas = [schema for schema in found if schema.what == "schema" and "default" in schema.value]
    if not schemas:
        return
    around: dict[str, object] = {
        key: document.content[key] for key in ("paths", "components") if key in document.content
    }
    validator = jsonschema_rs.Draft202012Validator({**around, "prefixItems": [schema.value for schema in schemas]})
    for error in validator.iter_errors([schema.value["default"] for schema in schemas]):
        pointer = schemas[int(error.instance_path[0])].pointer
        message = f"the default is not valid: {first_line(error.message)}"
        yield document.fault((*pointer, "default"), message, "write a value that the schema allows")


def _extensions(document: Document, found: list[Found]) -> Iterator[SpecError]:
    known = _extension_schemas()
    for place in found:
        for key, value in place.value.items():
            if not key.startswith("x-"):
                continue
            pointer = (*place.pointer, key)
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"
                yield document.fault(pointer, f"unknown extension {key}", hint)
            elif place.what not in _allowed_places(key):
                where = " or ".join(_allowed_places(key))
                yield document.fault(pointer, f"{key} does not belong on this {place.what}", f"it stands on: {where}")
            else:
                yield from _extension(document, pointer, key, value)


def is_ours(key: str) -> bool:
    """Whether an extension has a name of ours."""
    return key in _extension_schemas()


def is_extension(what: str, key: str, value: object) -> bool:
    """Whether this is one of our extensions, at a place of its own and with a value that it may have."""
    return key in _extension_schemas() and what in _allowed_places(key) and _validators()[key].is_valid(value)


def _extension(document: Document, pointer: Pointer, key: str, value: object) -> Iterator[SpecError]:
    for error in _validators()[key].iter_errors(value):
        inside = (*pointer, *error.instance_path)
        yield document.fault(inside, f"{key}: {first_line(error.message)}", "see extensions.schema.json for its shape")


def _operation_ids(document: Document, found: list[Found]) -> Iterator[SpecError]:
    first: dict[str, Pointer] = {}
    for place in found:
        name = place.value.get("operationId")
        if place.what != "operation":
            continue
        if not isinstance(name, str):
            yield document.fault(place.pointer, "the operation has no operationId", "give it one, such as listExams")
        elif name in first:
            other = document.position(first[name])
            message = f"the operationId {name!r} is used twice; first at {other.file}:{other.line}"
            yield document.fault((*place.pointer, "operationId"), message, "every operation needs its own")
        else:
            first[name] = (*place.pointer, "operationId")


@cache
def _extension_schemas() -> dict[str, dict[str, object]]:
    for path in EXTENSIONS:
        if path.is_file():
            properties: dict[str, dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))["properties"]
            return properties
    raise ToolkitError("extensions.schema.json is missing from the installation (install procwise-toolkit again)")


@cache
def _allowed_places(key: str) -> tuple[str, ...]:
    on = _extension_schemas()[key]["on"]
    return tuple(map(str, on)) if isinstance(on, list) else ()


@cache
def _validators() -> dict[str, jsonschema_rs.Draft202012Validator]:
    path = next(path for path in EXTENSIONS if path.is_file())
    definitions = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return {
        key: jsonschema_rs.Draft202012Validator({**schema, "$defs": definitions})
        for key, schema in _extension_schemas().items()
    }


def forget_extensions() -> None:
    """Read the schema of the extensions anew when it is needed next."""
    for kept in (_extension_schemas, _allowed_places, _validators):
        kept.cache_clear()
