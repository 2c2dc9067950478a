"""Whatever stands in a description: it is compared, or refused with a sentence; no comparison ends in a traceback."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from generator.errors import SpecErrors, ToolkitError
from tests.changes.shelf import SHELF, run_diff

BASE: dict[str, Any] = yaml.safe_load(SHELF)
ODD = st.sampled_from(
    [None, True, 0, "", "x", [], ["x"], {}, {"x": 1}, {"$ref": "#/components/schemas/Book"}, {"type": "object"}, [[]]]
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all values."""
    if isinstance(value, dict):
        return [path, *(inner for key, item in value.items() for inner in places(item, (*path, key)))]
    if isinstance(value, list):
        return [path, *(inner for index, item in enumerate(value) for inner in places(item, (*path, index)))]
    return [path]


PLACES = [path for path in places(BASE) if path]


@pytest.mark.slow
@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=2))
def test_an_odd_value_anywhere(edits: list[tuple[tuple[str | int, ...], object]]) -> None:
    changed = copy.deepcopy(BASE)
    for path, value in edits:
        holder: Any = changed
        for key in path[:-1]:
            holder = holder[key] if _has(holder, key) else {}
        if isinstance(holder, dict) or _has(holder, path[-1]):
            holder[path[-1]] = copy.deepcopy(value)
    texts = json.dumps(BASE), json.dumps(changed)
    for pair in (texts, texts[::-1]):
        run = run_diff(*pair)
        if isinstance(run.exception, SystemExit) or run.exception is None:
            assert json.loads(run.stdout)["apis"]
        else:
            assert isinstance(run.exception, ToolkitError)
            assert not isinstance(run.exception, SpecErrors) or run.exception.faults


def _has(holder: object, key: str | int) -> bool:
    if isinstance(holder, dict):
        return key in holder
    return isinstance(holder, list) and isinstance(key, int) and key < len(holder)
