"""Every clause that the schema of the extensions knows is changed somewhere in `test_every_clause`, or here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from generator.signing.language import inspect_scheme, read_scheme
from generator.signing.messages import Request, SigningError, request_of, sign_request
from tests.signing.test_every_clause import GIVEN, VALUES, settings_of, with_change

NOT_CHANGED = {"files", "description"}  # there is one word for files; a description is for readers
REQUEST = request_of("GET", "https://a.example/x?b=1")
DECLARED = [
    (name, kind, own, clause)
    for name, value in VALUES.items()
    for kind in ("settings", "credentials")
    for own, declared in value.get(kind, {}).items()
    if isinstance(declared, Mapping)
    for clause in ("default", "optional")
    if clause in declared
]


def clauses_of(schema: Mapping[str, Any]) -> Iterator[str]:
    """The names of all members in a part of the schema."""
    for key, inner in schema.items():
        if key == "properties":
            yield from inner
        if isinstance(inner, Mapping) and key != "dependentSchemas":
            yield from clauses_of(inner)


def names_in(value: Any) -> Iterator[str]:
    """All keys of a value."""
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from names_in(inner)
    yield from value if isinstance(value, Mapping) else ()


def test_every_clause_stands_in_a_value_that_is_changed(root: Path) -> None:
    schema = json.loads((root / "spec/extensions.schema.json").read_text("utf-8"))["$defs"]
    known = {name for kind, inner in schema.items() if kind.startswith("signing") for name in clauses_of(inner)}
    short = {*clauses_of(schema["signing-short"])} - {*clauses_of(schema["signing"])}
    used = {name for value in VALUES.values() for name in names_in(value)}
    long = {
        name
        for kind in schema
        if kind.startswith("signing-") and kind != "signing-short"
        for name in clauses_of(schema[kind])
    }
    assert {"zone", "offset_seconds", "strip", "replace", "several", "before"} <= known
    assert known - (short - long) - used == NOT_CHANGED - used


def sign(value: Mapping[str, Any], left: str) -> Request | str:
    """The request, signed without one of the settings and credentials; else why it cannot be."""
    scheme, problems = inspect_scheme(value)
    if problems:
        return str(problems)
    given = {name: text for name, text in GIVEN.items() if name != left}
    settings = {name: text for name, text in settings_of(scheme).items() if name != left}
    with suppress(SigningError):
        return sign_request(scheme, REQUEST, given, settings=settings, now_ms=1785492184000, nonce="178549218456")
    return "it cannot be signed"


@pytest.mark.parametrize(("name", "kind", "own", "clause"), DECLARED)
def test_a_declaration_shows(name: str, kind: str, own: str, clause: str) -> None:
    """Of a setting or a credential that is not given."""
    value = VALUES[name]
    assert read_scheme(value)
    other = "another" if clause == "default" else not value[kind][own]["optional"]
    changed = with_change(value, (kind, own, clause), other)
    assert sign(value, own) != sign(changed, own)
