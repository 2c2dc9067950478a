"""A value for what has no example of its own: one that the schema allows, however careless its examples are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator.ir.samples import sample_of
from tests.lower.lowering import read

CARELESS: list[dict[str, Any]] = [
    {"type": "string", "enum": ["1m", "1h"], "examples": ['"1m"']},
    {"type": "string", "enum": ["1m", "1h"], "examples": ["1M", "1h"]},
    {"type": "integer", "enum": [3, 4], "examples": [5]},
    {"type": "integer", "examples": ["5"]},
    {"type": "array", "items": {"type": "string"}, "examples": ["a,b"]},
    {"type": ["string", "null"], "enum": ["a", None], "examples": ["b", None]},
    {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": ["a"], "type": "string", "examples": ["b"]}},
    },
]


@pytest.mark.parametrize("schema", CARELESS, ids=str)
def test_a_sample_is_allowed(schema: dict[str, Any], tmp_path: Path) -> None:
    made = sample_of(read(tmp_path, {}, {"Thing": schema}).schema("Thing"))
    Draft202012Validator(schema).validate(made)


def test_an_example_that_fits_is_taken(tmp_path: Path) -> None:
    schema = {"type": "string", "enum": ["1m", "1h"], "examples": ["x", "1h"]}
    assert sample_of(read(tmp_path, {}, {"Thing": schema}).schema("Thing")) == "1h"
