"""Servers: those of an operation count, then those of its path, then those of the description."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lower.lowering import operation, read

PATH = [{"url": "https://path.example"}]
OWN = [{"url": "https://{place}.example/{way}", "variables": {"place": {"default": "own"}, "way": {"default": "a"}}}]


@pytest.mark.parametrize(
    ("of_path", "of_operation", "urls"),
    [
        ([], [], ()),
        (PATH, [], ("https://path.example",)),
        ([], OWN, ("https://own.example/a",)),
        (PATH, OWN, ("https://own.example/a",)),
    ],
    ids=["neither", "path", "operation", "both"],
)
def test_an_operation_has_its_own_servers_or_else_those_of_its_path(
    tmp_path: Path, of_path: list[Any], of_operation: list[Any], urls: tuple[str, ...]
) -> None:
    listed = operation("list", "things", {"type": "string"}, **({"servers": of_operation} if of_operation else {}))
    item = {"get": listed, **({"servers": of_path} if of_path else {})}
    assert read(tmp_path, {"/things": item}).operations[0].servers == urls
