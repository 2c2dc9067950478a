"""Descriptions read for a comparison, which asks for less than a client does.

What cannot be read at all is raised. Everything else that `load` would refuse is handed back beside the documents:
what is not valid, and references over the network, for which nothing stands. Extensions are kept where they are ours
and right, and on security schemes, where other people's say how requests are signed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import jsonschema_rs

from generator.errors import SpecError, SpecErrors, first_line
from generator.load.bundling import outline
from generator.load.checking import check_version, is_extension, is_ours
from generator.load.composing import check_composition, check_copies
from generator.load.document import Document
from generator.load.filling import fill
from generator.load.overlays import apply_overlays, read_overlays
from generator.load.places import WEBHOOKS, Found, objects
from generator.load.reading import descriptions


def outlines(
    paths: Iterable[Path], overlays: Iterable[Path] = ()
) -> tuple[tuple[Document, ...], tuple[SpecError, ...]]:
    """The descriptions under the paths by name, and the faults that hinder no comparison; raises SpecErrors."""
    read = [outline(root) for path in paths for root in descriptions(path)]
    actions, hindering = read_overlays(overlays)
    documents = [document for document, _, _ in read]
    changed, missed = apply_overlays(documents, actions) if actions else (documents, [])
    hindering += missed
    others: list[SpecError] = []
    by_name: dict[str, Document] = {}
    for document, (_, faults, unread) in zip(changed, read, strict=True):
        found = objects(document.content)
        wrong = [] if faults else [*check_version(document), *check_composition(document, found)]
        wrong += [] if faults else check_copies(document, found, of_itself=0)  # lowering cuts them off
        hindering += [*faults, *wrong]
        others += unread if faults or wrong else [*unread, *_invalid(document)]
        _drop_extensions(found)
        by_name.setdefault(document.name, fill(document))
    if hindering:
        raise SpecErrors(hindering)
    return tuple(by_name[name] for name in sorted(by_name)), tuple(others)


def _invalid(document: Document) -> Iterator[SpecError]:
    version = str(document.content["openapi"])[:3]
    for error in _validator(version).iter_errors(document.content):
        hint = "see the OpenAPI specification for this object"
        yield document.fault(tuple(error.instance_path), first_line(error.message), hint)


@cache
def _validator(version: str) -> jsonschema_rs.Validator:
    package = find_spec("openapi_spec_validator")  # its import is dear, its files are not
    assert package is not None and package.origin is not None  # noqa: S101  # it is a dependency
    file = Path(package.origin).parent / "resources" / "schemas" / f"v{version}" / "schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema)


def _drop_extensions(found: list[Found]) -> None:
    """Take out what is none of our extensions; on a security scheme it stays, marked as none of ours."""
    for place in found:
        for key in [key for key in place.value if key.startswith("x-") and key not in WEBHOOKS]:
            if not is_extension(place.what, key, place.value[key]):
                value = place.value.pop(key)
                if place.what == "securityScheme":
                    place.value[f"{key} of another kind" if is_ours(key) else key] = value
