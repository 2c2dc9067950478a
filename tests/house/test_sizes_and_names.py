"""Small rooms, short modules and functions, and functions that are named by what they do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.proofs import mark_slow

Function = ast.FunctionDef | ast.AsyncFunctionDef
ROOT = Path(__file__).parents[2]
WRITTEN = ("generator", "tests")  # by hand; what generated/ has of it are copies
MOST_MODULES, MOST_LINES, LONGEST_FUNCTION = 20, 300, 40
# openapi-python-client writes a module for each schema, and one for each operation of a tag.
OF_THE_DESCRIPTION = ("models", "api")
FRAMEWORK = ("__init__.py", "conftest.py")

IRREGULAR = frozenset(
    (
        *("begun", "bound", "broken", "built", "chosen", "done", "drawn", "forbidden", "forgotten", "found", "given"),
        *("gone", "grown", "held", "hidden", "kept", "known", "laid", "left", "lost", "made", "meant", "met", "said"),
        *("seen", "sent", "shown", "spelt", "spent", "spoken", "swept", "taken", "taught", "told", "torn"),
        *("understood", "won", "worn", "written"),
    )
)
# `covered_by` says no more than `covered`; `signed_headers` names a thing.
PREPOSITIONS = frozenset(
    ("after", "against", "as", "at", "by", "for", "from", "in", "of", "on", "out", "to", "under", "with", "without")
)
NOUNS = frozenset(("docstring", "string"))  # in -ing, as `bring` is a verb
VERBS = frozenset(("bleed", "bring", "exceed", "feed", "heed", "need", "proceed", "seed", "speed", "succeed"))
ALLOWED = {
    "__missing__": "a method that dict asks for",
    "deprecated": "the decorator of PEP 702, under its own name",
    "forbidden": "the name of a status, as 403 has it",
    "joined": "a public method of procwise.signing.Scheme",
    "locked": "the name of a status, as 423 has it",
    "passed": "the generated code reads `passed(limit=limit)`: the arguments that were passed",
    "unauthorized": "the name of a status, as 401 has it",
}


def modules(*roots: str) -> Iterator[Path]:
    for root in roots:
        yield from (path for path in sorted((ROOT / root).rglob("*.py")) if "__pycache__" not in path.parts)


@cache
def functions(path: Path) -> tuple[Function, ...]:
    found = statements(ast.parse(path.read_text("utf-8")))
    return tuple(node for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in the blocks below, not the expressions, which hold no statement."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from statements(child)


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_folder_is_a_heap() -> None:
    counts: dict[Path, int] = {}
    for path in modules(*WRITTEN, "generated"):
        if path.name not in FRAMEWORK and not set(OF_THE_DESCRIPTION) & set(path.parts):
            counts[path.parent] = counts.get(path.parent, 0) + 1
    heaps = {place(folder): count for folder, count in counts.items() if count > MOST_MODULES}
    assert heaps == {}


def test_no_module_is_long() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in modules(*WRITTEN)}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


def is_participle(name: str) -> bool:
    word, _, rest = name.strip("_").partition("_")
    has_noun = rest and rest.partition("_")[0] not in PREPOSITIONS
    return not has_noun and word not in VERBS and (word in IRREGULAR or word.endswith("ed"))


def begins_with_ing(name: str) -> bool:
    """Whether the name begins with a present participle, which says what goes on but not what is done."""
    word = name.strip("_").partition("_")[0]
    return word.endswith("ing") and word not in NOUNS and word not in VERBS


def is_property(node: Function) -> bool:
    """A property has no effect, and is named by what it returns."""
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


def complaints(node: Function) -> Iterator[str]:
    if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION:
        yield f"has more than {LONGEST_FUNCTION} lines"
    if is_property(node) or node.name in ALLOWED:
        return
    if is_participle(node.name):
        yield "is named by a participle alone"
    if begins_with_ing(node.name):
        yield "begins with a present participle"


@pytest.mark.parametrize("root", [WRITTEN[0], *map(mark_slow, WRITTEN[1:])])
def test_functions_are_short_and_named_by_what_they_do(root: str) -> None:
    assert [
        f"{place(path)}: {node.name} {complaint}"
        for path in modules(root)
        for node in functions(path)
        for complaint in complaints(node)
    ] == []


@pytest.mark.slow
def test_every_exception_is_still_needed() -> None:
    names = {node.name for path in modules(*WRITTEN) for node in functions(path)}
    assert {name for name in ALLOWED if name not in names} == set()


def test_participles_are_recognised() -> None:
    assert [name for name in ("_told", "reported", "made", "covered_by") if not is_participle(name)] == []
    assert [name for name in ("write_reports", "feed_to", "as_sent", "signed_headers") if is_participle(name)] == []
    assert [name for name in ("_paging", "signing_names", "serving") if not begins_with_ing(name)] == []
    assert [name for name in ("bring_back", "list_signing_names", "docstring") if begins_with_ing(name)] == []
