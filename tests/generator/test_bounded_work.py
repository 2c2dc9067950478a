"""Descriptions whose schemas double with every level: every layer works through each once, or they are refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.generator.running import Run
from tests.proofs import mark_most_slow, mark_slow

Toolkit = Callable[..., Run]
Write = Callable[..., Path]
Form = Callable[[Any], dict[str, Any]]
LEVELS = 30  # 2 ** 30 schemas, if each is met as often as it is named
MOST_CALLS = 20_000_000  # of functions: what all layers make is a fourth of it
LAST = {"type": "object", "properties": {"x": {"type": "string"}}}


def write_members(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def write_list(schema: Any) -> dict[str, Any]:
    return {"type": "array", "items": schema}


FORMS: Mapping[str, Form] = {
    "Properties": lambda n: write_members(a=n, b=n),
    "Required": lambda n: {**write_members(a=n, b=n, c=n), "required": ["a", "b", "c"]},
    "Items": lambda n: write_members(a=write_list(n), b=write_list(n)),
    "Additional": lambda n: write_members(a={"additionalProperties": n}, b={"additionalProperties": n}),
    "OneOf": lambda n: write_members(a={"oneOf": [n, n]}),
    "AnyOf": lambda n: write_members(a={"anyOf": [n, {"type": "string"}]}, b={"anyOf": [n, {"type": "null"}]}),
    "AllOf": lambda n: write_members(a={"allOf": [n]}, b={"allOf": [n], "description": "The other."}),
    "Lists": lambda n: {"oneOf": [write_list(n), write_list(n)]},
}


class TooMuch(Exception):
    """The work that was allowed is done."""


@contextmanager
def limit_calls(most: int = MOST_CALLS) -> Iterator[None]:
    """Ends what is done here after so many calls of functions, however fast the machine is."""
    made = count()

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and next(made) > most:
            raise TooMuch

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def refer_to(name: str, inside: str = "") -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}{inside}"}


def write_levels(prefix: str, form: Form, last: Any, levels: int = LEVELS, inside: str = "") -> dict[str, Any]:
    """Schemas of which each refers to the next one, to what is `inside` it if that is said."""
    schemas = {f"{prefix}{n}": form(refer_to(f"{prefix}{n + 1}", inside)) for n in range(levels)}
    return {**schemas, f"{prefix}{levels}": last}


def describe(schemas: Mapping[str, Any], *used: str) -> str:
    """An operation for each of these schemas, which is its parameter, its body and its response."""
    paths = {}
    for name in used:
        content = {"application/json": {"schema": refer_to(name)}}
        paths[f"/{name}"] = {
            "put": {
                "operationId": f"put{name}",
                "x-client": {"resource": "things", "method": f"put_{name.lower()}"},
                "parameters": [{"name": "q", "in": "query", "schema": refer_to(name)}],
                "requestBody": {"content": content},
                "responses": {"200": {"description": "The thing.", "content": content}},
            }
        }
    info = {"title": "Small", "version": "1"}
    servers = [{"url": "https://api.example/v9"}]
    whole = {"openapi": "3.1.0", "info": info, "servers": servers, "paths": paths, "components": {"schemas": schemas}}
    return json.dumps(whole, indent=1)


@pytest.mark.slow
@pytest.mark.parametrize("circle", [False, True])
def test_every_layer_works_through_each_schema_once(
    toolkit: Toolkit, write: Write, tmp_path: Path, circle: bool
) -> None:
    schemas: dict[str, Any] = {}
    for prefix, form in FORMS.items():
        first = refer_to(f"{prefix}0")
        last = write_members(x=first, y=write_list(first)) if circle else LAST
        schemas |= write_levels(prefix, form, last)
    write("spec.yaml", describe(schemas, *(f"{prefix}0" for prefix in FORMS)))
    with limit_calls():
        run = toolkit("generate", "--spec", "spec.yaml", "--out", "out")
    assert run.code == 0, run.err
    pages = [*(tmp_path / "out/docs/reference/spec/things").glob("put*.md")]
    assert len(pages) == len(FORMS)
    assert max(page.stat().st_size for page in pages) < 300_000


def test_members_that_are_shown_already_are_a_link(toolkit: Toolkit, write: Write, tmp_path: Path) -> None:
    schemas = write_levels("A", FORMS["Properties"], write_members(x=refer_to("A0")), levels=2)
    write("spec.yaml", describe(schemas, "A0"))
    assert toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "docs").code == 0
    [page] = (tmp_path / "out/docs/reference/spec/things").glob("put*.md")
    text = page.read_text("utf-8")
    for row, place in (("200.b", "200.a"), ("200.a.b", "200.a.a"), ("body.b", "body.a")):
        inside = text.partition(f'id="{row}"')[2].partition("</div>")[0]
        assert f"members as in [<code>{place}</code>](#{place})" in inside, row
    inside = text.partition('id="200.a.a.x"')[2].partition("</div>")[0]
    assert "members as in [the body](#response-200)" in inside
    assert 'id="200.b.a"' not in text


def refuse(toolkit: Toolkit, write: Write, schemas: Mapping[str, Any], what: str) -> None:
    write("spec.yaml", describe(schemas, "A0"))
    for command in (("lint",), ("generate", "--out", "out", "--spec")):
        with limit_calls():
            run = toolkit(*command, "spec.yaml")
        assert run.code in (1, 2)
        faults = [line for line in (run.err + run.out).splitlines() if what in line]
        assert faults
        assert all(fault.startswith("spec.yaml:") for fault in faults)


@pytest.mark.parametrize(
    "form",
    [
        lambda n: write_members(x=write_members(a=n, b=n)),
        lambda n: write_members(x=write_list({"anyOf": [n, n]})),
        lambda n: write_members(x={"additionalProperties": write_members(a=n, b={"oneOf": [n]})}),
    ],
)
def test_references_without_a_name_are_refused_if_they_double(toolkit: Toolkit, write: Write, form: Form) -> None:
    refuse(toolkit, write, write_levels("A", form, LAST, inside="/properties/x"), "is more than 1,000 copies")


MERGED: Mapping[str, Form] = {
    "properties": lambda n: write_members(a=n, b=n),
    "items": lambda n: write_members(a=write_list(n), b=write_list(n)),
    "additional": lambda n: write_members(a={"additionalProperties": n}, b={"additionalProperties": n}),
    "alternatives": lambda n: write_members(a={"oneOf": [n, {"type": "string"}]}, b={"anyOf": [n, {"type": "null"}]}),
    "lists": lambda n: write_members(a=write_list({"oneOf": [n, LAST]}), b=write_list({"oneOf": [n, LAST]})),
}


def merge(schema: Any) -> dict[str, Any]:
    return {"allOf": [schema, {"type": "object", "properties": {"z": {"type": "string"}}}]}


@pytest.mark.parametrize("levels", [12, mark_slow(LEVELS)])
@pytest.mark.parametrize("form", mark_most_slow(MERGED.values(), 2), ids=MERGED)
def test_schemas_that_are_merged_are_refused_if_they_double(
    toolkit: Toolkit, write: Write, form: Form, levels: int
) -> None:
    schemas = write_levels("A", lambda n: form(merge(n)), LAST, levels)
    refuse(toolkit, write, schemas, "what the allOf refers to is merged into more than 1,000 copies")


@pytest.mark.parametrize("form", MERGED.values(), ids=MERGED)
def test_schemas_that_are_merged_into_themselves_are_refused(toolkit: Toolkit, write: Write, form: Form) -> None:
    what = "what the allOf refers to is merged into copies of itself"
    refuse(toolkit, write, {"A0": form(merge(refer_to("A0")))}, what)


@pytest.mark.parametrize("form", mark_most_slow(MERGED.values(), 3), ids=MERGED)
def test_a_comparison_takes_schemas_that_are_merged_into_themselves_and_none_that_double(
    toolkit: Toolkit, write: Write, form: Form
) -> None:
    write("circle.yaml", describe({"A0": form(merge(refer_to("A0")))}, "A0"))
    write("double.yaml", describe(write_levels("A", lambda n: form(merge(n)), LAST), "A0"))
    with limit_calls():
        circle = toolkit("diff", "circle.yaml", "circle.yaml")
        double = toolkit("diff", "circle.yaml", "double.yaml")
    assert (circle.code, "no changes" in circle.out) == (0, True), circle.err
    assert double.code == 2
    assert "double.yaml:" in double.err
    assert "more than 1,000 copies" in double.err


@pytest.mark.slow
def test_a_schema_with_a_name_may_be_merged_from_the_one_that_names_it(toolkit: Toolkit, write: Write) -> None:
    """What the hint says to write: the difference has a name, so that nothing is copied at its places."""
    schemas = {"A0": write_members(a=refer_to("A1"), b=write_list(refer_to("A1"))), "A1": merge(refer_to("A0"))}
    write("spec.yaml", describe(schemas, "A0"))
    with limit_calls():
        run = toolkit("generate", "--spec", "spec.yaml", "--out", "out")
    assert run.code == 0, run.err


@pytest.mark.parametrize(
    "form", [lambda n: write_members(a=n, b=n), lambda n: {"additionalProperties": n}, lambda n: {"oneOf": [n, LAST]}]
)
def test_references_without_a_name_are_refused_if_they_return(toolkit: Toolkit, write: Write, form: Form) -> None:
    refuse(toolkit, write, {"A0": write_members(x=form(refer_to("A0", "/properties/x")))}, "of itself")


def test_a_few_references_without_a_name_are_copies(toolkit: Toolkit, write: Write) -> None:
    schemas = write_levels("A", lambda n: write_members(x=write_members(a=n, b=n)), LAST, 5, "/properties/x")
    write("spec.yaml", describe(schemas, "A0"))
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "docs")
    assert run.code == 0, run.err


@pytest.mark.parametrize(
    "schemas",
    [
        {"A0": {"oneOf": [refer_to("A0"), {"type": "string"}]}},
        {"A0": {"anyOf": [{"type": "string"}, refer_to("A1")]}, "A1": {"oneOf": [refer_to("A0")]}},
        {"A0": write_members(a={"oneOf": [refer_to("A1")]}), "A1": {"oneOf": [{"anyOf": [refer_to("A1")]}]}},
    ],
)
def test_a_schema_that_is_only_itself_is_refused(
    toolkit: Toolkit, write: Write, schemas: dict[str, dict[str, Any]]
) -> None:
    refuse(toolkit, write, schemas, "the schema is made of itself")


def test_a_class_and_its_kinds_may_name_one_another(toolkit: Toolkit, write: Write) -> None:
    """Often written: each kind inherits from the class, which lists its kinds."""
    kinds = ("Cat", "Dog")
    inherited = {kind: {"allOf": [refer_to("A0"), write_members(age={"type": "integer"})]} for kind in kinds}
    listed = {**LAST, "oneOf": [refer_to(kind) for kind in kinds]}
    write("spec.yaml", describe({"A0": listed, **inherited}, "A0", "Cat"))
    with limit_calls():
        run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "docs")
    assert run.code == 0, run.err
