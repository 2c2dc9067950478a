"""What openapi-python-client could not take is either cured before it gets it, or reported with its place."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.generator.running import Run

Toolkit = Callable[..., Run]
MEMBER = "        id: {type: integer}\n"

REFUSED = {
    "enum of two types": ("    Kind: {enum: [a, 1]}\n", 23, "Enum values must all be the same type"),
    "class of the templates": ("    unset: {type: object, properties: {a: {type: string}}}\n", 23, "the class Unset"),
    "class of an inner object": (
        "        inner: {type: object, properties: {b: {type: string}}}\n"
        "    ThingInner: {type: object, properties: {a: {type: string}}}\n",
        19,
        'duplicate models with name "ThingInner"',
    ),
}


@pytest.mark.parametrize(("added", "line", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_has_its_place(
    toolkit: Toolkit, write: Callable[..., Path], tmp_path: Path, small: str, added: str, line: int, message: str
) -> None:
    write("spec.yaml", small.replace(MEMBER, MEMBER + added))
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out")
    assert run.code == 2
    assert any(t.startswith(f"spec.yaml:{line}:") and message in t for t in run.err.splitlines()), run.err
    assert not (tmp_path / "out").exists()


def test_enum_values_that_look_alike_keep_a_member_each(
    toolkit: Toolkit, write: Callable[..., Path], tmp_path: Path, small: str
) -> None:
    values = ["a-b", "a_b", "A-B", "", "value_0", "<", ">", "é", "ß", "SS"]
    write("spec.yaml", small.replace(MEMBER, f"        kind: {{type: string, enum: {values!r}}}\n"))
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out", "--layer", "client")
    assert run.code == 0, run.err
    ask = "from procwise.spec.models import ThingKind\nfor kind in ThingKind: print(repr(kind.value))"
    done = subprocess.run(
        [sys.executable, "-c", ask],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(tmp_path / "out/generated/client"), "PYTHONIOENCODING": "utf-8"},
    )
    assert sorted(map(ast.literal_eval, done.stdout.splitlines())) == sorted(values)


def test_a_response_may_be_another_response(toolkit: Toolkit, write: Callable[..., Path], small: str) -> None:
    responses = (
        "        default: {$ref: '#/components/responses/One'}\n"
        "components:\n"
        "  responses:\n"
        "    One: {$ref: '#/components/responses/Two'}\n"
        "    Two: {description: Refused.}\n"
    )
    described = small.replace("components:\n", responses).replace("default:", '"403":')
    write("spec.yaml", described)
    run = toolkit("generate", "--spec", "spec.yaml", "--out", "out")
    assert run.code == 0, run.err
