"""What holds for any two descriptions: nothing is found in none, removals mirror additions, words break nobody."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from tests.changes.shelf import SHELF, changes, report
from tests.proofs import FULL

Document = dict[str, Any]
SOME = settings(max_examples=15)
FEW = settings(max_examples=15 if FULL else 6)  # each changes every text
BASE: Document = yaml.safe_load(SHELF)
NAMES = ("A", "B", "C")


@pytest.fixture(scope="module")
def compare() -> Callable[[Document, Document], Any]:
    """The report on two documents."""
    return lambda old, new: report(json.dumps(old), json.dumps(new))


LEAVES = st.sampled_from(
    [
        {"type": "string", "minLength": 1},
        {"type": "integer", "maximum": 9},
        {"type": "string", "enum": ["a", "b", "c"]},
        {"type": ["string", "null"]},
        {"type": ["string", "integer"]},
        {},
        *({"$ref": f"#/components/schemas/{name}"} for name in NAMES),
    ]
)


def _objects(inner: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    members = st.dictionaries(st.sampled_from("xyz"), inner, min_size=1, max_size=3)
    return members.map(lambda found: {"type": "object", "properties": found, "required": sorted(found)[:1]})


def _around(inner: st.SearchStrategy[Document]) -> st.SearchStrategy[Document]:
    lists = inner.map(lambda schema: {"type": "array", "items": schema})
    choices = st.lists(inner, min_size=2, max_size=3).map(lambda several: {"anyOf": several})
    return lists | choices | _objects(inner)


SCHEMAS = _objects(st.recursive(LEAVES, _around, max_leaves=5))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Operations over named schemas that may refer to themselves and to one another."""
    named = {name: draw(SCHEMAS) for name in NAMES}
    root = {"$ref": "#/components/schemas/A"}
    content = {"application/json": {"schema": root}}
    parameters = [
        {"name": name, "in": "query", "required": draw(st.booleans()), "schema": {"type": "string"}}
        for name in draw(st.sets(st.sampled_from("pqr"), min_size=1))
    ]
    operations = {
        f"/{name}": {
            "post": {
                "operationId": f"do{name}",
                "parameters": parameters,
                "requestBody": {"content": content},
                "responses": {"200": {"description": "Done.", "content": content}},
            }
        }
        for name in draw(st.sets(st.sampled_from("uvw"), min_size=1))
    }
    info = {"title": "Any", "version": "1.0.0"}
    return {"openapi": "3.1.0", "info": info, "paths": operations, "components": {"schemas": named}}


@SOME
@given(documents())
def test_a_description_does_not_differ_from_itself(compare: Callable[..., Any], document: Document) -> None:
    report = compare(document, document)
    assert (report["bump"], changes(report)) == ("none", [])


@pytest.mark.slow
@SOME
@given(documents(), documents())
def test_the_bump_is_that_of_the_gravest_change(compare: Callable[..., Any], old: Document, new: Document) -> None:
    """Also: comparing schemas that refer to themselves ends, however they differ."""
    report = compare(old, new)
    severities = {change["severity"] for change in changes(report)}
    order = {"breaking": "major", "addition": "minor", "note": "patch"}
    assert report["bump"] == next((bump for one, bump in order.items() if one in severities), "none")


def _without_operation(document: Document) -> None:
    document["paths"].pop("/more")


def _without_parameter(document: Document) -> None:
    document["paths"]["/more"]["get"]["parameters"].pop()


def _without_word(document: Document) -> None:
    document["paths"]["/more"]["get"]["parameters"][0]["schema"]["enum"].pop()


def _without_member(document: Document) -> None:
    document["components"]["schemas"]["Extra"]["properties"].pop("more")


def _without_promise(document: Document) -> None:
    document["components"]["schemas"]["Extra"]["required"].remove("word")


REMOVALS = (_without_operation, _without_parameter, _without_word, _without_member, _without_promise)


@pytest.mark.slow
@SOME
@given(documents(), st.sampled_from(REMOVALS))
def test_what_breaks_by_going_is_an_addition_by_coming(
    compare: Callable[..., Any], document: Document, remove: Callable[[Document], None]
) -> None:
    extra = {"word": {"type": "string"}, "more": {"type": "string"}}
    document["components"]["schemas"]["Extra"] = {"type": "object", "properties": extra, "required": ["word"]}
    held = {"application/json": {"schema": {"$ref": "#/components/schemas/Extra"}}}
    document["paths"]["/more"] = {
        "get": {
            "operationId": "more",
            "parameters": [{"name": "m", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}}],
            "responses": {"200": {"description": "More.", "content": held}},
        }
    }
    less = copy.deepcopy(document)
    remove(less)
    assert {change["severity"] for change in changes(compare(document, less))} == {"breaking"}
    assert {change["severity"] for change in changes(compare(less, document))} == {"addition"}


CLAUSES: dict[tuple[str, ...], list[object]] = {
    ("algorithm",): ["hmac-sha1", "hmac-sha512"],
    ("digest",): ["hex-upper", "base64"],
    ("key", "encoding"): ["ascii", "latin-1"],
    ("message", "parameters"): [["query", "path", "body"], ["query"]],
    ("message", "exclude"): [[], ["signature", "x"]],
    ("message", "order"): ["name-codepoints", "as-sent"],
    ("message", "pair"): ["{name}:{value}"],
    ("message", "separator"): ["&", ""],
    ("message", "values"): ["json", "plain"],
    ("timestamp", "parameter"): ["ts"],
    ("timestamp", "unit"): ["s"],
    ("timestamp", "window_seconds"): [1, 3601],
    ("nonce", "parameter"): ["n"],
    ("nonce", "type"): ["string"],
    ("nonce", "unique_for_seconds"): [1, 86401],
    ("placement", "send"): ["body"],
    ("placement", "accept"): [["body", "query"], ["query"]],
}
SETTLED = {("key", "credential"), ("message", "encoding"), ("files",)}  # there is one value to choose from


def test_every_clause_of_the_signature_is_tried(root: Path) -> None:
    schema = json.loads((root / "spec/extensions.schema.json").read_text(encoding="utf-8"))["$defs"]["signing-short"]
    known = {
        (name, *inner) for name, clause in schema["properties"].items() for inner in _inner(clause.get("properties"))
    }
    assert known == {*CLAUSES} | SETTLED


@pytest.mark.parametrize("clause", CLAUSES, ids=".".join)
def test_any_change_of_the_signature_breaks(compare: Callable[..., Any], clause: tuple[str, ...]) -> None:
    for value in CLAUSES[clause]:
        changed = copy.deepcopy(BASE)
        target = changed["components"]["securitySchemes"]["RequestSignature"]["x-signing"]
        for key in clause[:-1]:
            target = target[key]
        target[clause[-1]] = value
        (change,) = changes(compare(BASE, changed))
        assert (change["severity"], change["rule"]) == ("breaking", "signing-changed")
        assert change["path"] == ".".join(clause)


@FEW
@given(st.data())
def test_words_are_a_patch(compare: Callable[..., Any], data: st.DataObject) -> None:
    changed = copy.deepcopy(BASE)
    places = list(_with_description(changed))
    chosen = data.draw(st.lists(st.sampled_from(range(len(places))), min_size=1, unique=True))
    for index in chosen:
        places[index]["description"] = data.draw(st.text(min_size=1).filter(str.isprintable)) + " (in other words)"
    report = compare(BASE, changed)
    assert report["bump"] == "patch"
    assert {change["rule"] for change in changes(report)} == {"description-changed"}


def _inner(properties: Document | None) -> list[tuple[str, ...]]:
    return [(name,) for name in properties] if properties else [()]


def _with_description(value: object) -> list[Document]:
    """Everything that has a description, but servers, whose address is a key of the comparison."""
    if isinstance(value, list):
        return [found for item in value for found in _with_description(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("description"), str) else []
    return own + [found for key, item in value.items() if key != "servers" for found in _with_description(item)]


def test_schemas_that_refer_to_themselves_at_other_depths(compare: Callable[..., Any]) -> None:
    """Where one side names a schema the other writes it out, and the other way round one level below."""

    def document(even: bool) -> Document:
        def inside(name: str) -> Document:
            return {"type": "object", "properties": {"m": {"$ref": f"#/components/schemas/{name}"}}}

        once = {"type": "object", "properties": {"m": inside("A")}}
        shifted = {"type": "object", "properties": {"m": {"$ref": "#/components/schemas/B"}}}
        schemas = {"A": once if even else shifted, "B": {"type": "object", "properties": {"m": inside("B")}}}
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
        call = {"operationId": "a", "responses": {"200": {"description": "A.", "content": content}}}
        info = {"title": "Any", "version": "1.0.0"}
        return {"openapi": "3.1.0", "info": info, "paths": {"/a": {"get": call}}, "components": {"schemas": schemas}}

    for old, new in ((document(True), document(False)), (document(False), document(True))):
        assert {change["vocabulary"] for change in changes(compare(old, new))} <= {"python"}
