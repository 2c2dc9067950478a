"""SECURITY.md: each attack of its table is tried by a test that exists, and each package has its promises."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+?) \| (\w+) \| `(.+?)::(.+?)` \|$", TEXT, re.MULTILINE)
SUBJECTS = {"sandbox", "client", "suite", "generator", "docs"}


def find_tests(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("path", "name"), [row[2:] for row in ROWS])
def test_the_test_of_an_attack_exists(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in find_tests(ROOT / path)


def test_every_row_is_read_and_every_subject_is_attacked() -> None:
    table = TEXT.partition("| Attack | Against | Test |")[2].partition("\n\n")[0].splitlines()
    assert len(ROWS) == len(table) - 2  # the rest of the title's line, and the line below it
    assert {subject for _, subject, _, _ in ROWS} == SUBJECTS
    assert TEXT.count("- Promised: ") == TEXT.count("- Not promised: ") == len(SUBJECTS)


def test_the_audit_reads_what_is_pinned_and_is_left_to_the_workflow() -> None:
    """It asks a service for known weaknesses, which a run without a network could not."""
    audit = "pip-audit --strict --require-hashes --disable-pip --requirement constraints.txt"
    assert audit in (ROOT / ".github" / "workflows" / "audit.yml").read_text("utf-8")
    assert "pip-audit" not in (ROOT / ".ci" / "run").read_text("utf-8")
