"""What a schema keeps of keywords that the model has no field for."""

from __future__ import annotations

from pathlib import Path

from generator.ir import thaw
from tests.lower.lowering import read


def test_nested_rules_are_kept_without_what_is_only_said_of_them(tmp_path: Path) -> None:
    """A name that looks like a keyword stays a name, and data stays data."""
    said = {"title": "T", "description": "D", "examples": ["e"], "x-pii": True}
    schema = {
        "type": "object",
        "patternProperties": {"^title$": {"type": "string", "minLength": 2, **said}, "x-pii": {"type": "null", **said}},
        "not": {"properties": {"description": {"const": {"title": 1, "x-pii": 2}, **said}}},
    }
    found = dict(read(tmp_path, {}, {"Thing": schema}).schema("Thing").further)
    assert {key: thaw(value) for key, value in found.items()} == {
        "patternProperties": {"^title$": {"type": "string", "minLength": 2}, "x-pii": {"type": "null"}},
        "not": {"properties": {"description": {"const": {"title": 1, "x-pii": 2}}}},
    }
