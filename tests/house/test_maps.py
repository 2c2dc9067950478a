"""The pages that say where things are: every room is on them, and what they name exists."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/architecture.md", "docs/glossary.md", "CONTRIBUTING.md")
ROOMS = {
    "Client": "generated/client/procwise",
    "Sandbox": "generated/sandbox/procwise_sandbox",
    "Conformance suite": "generated/conformance/procwise_conformance",
}
# what commands write, which a new checkout does not have
ABSENT = ("site/", "site-zensical/", ".venv/", "node_modules/", "dist/")
FROM = ("", "generator/layers/", "generator/layers/sandbox/")  # where a path on a page may begin


def list_modules(folder: Path) -> set[str]:
    """Modules and packages that lie in a package."""
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in folder.glob("*/__init__.py")}


def read_table(title: str) -> set[str]:
    """The names in the first column of the table whose first heading begins with the title."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    table = re.search(rf"^\| {title}\b[^\n]*\n\|-[^\n]*\n((?:\|[^\n]*\n)+)", text, re.M)
    assert table is not None, title
    return {name for row in table[1].splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


@pytest.mark.parametrize(("title", "package"), ROOMS.items())
def test_the_architecture_names_every_room(title: str, package: str) -> None:
    assert read_table(title) == list_modules(ROOT / package)


def test_the_architecture_names_every_part_of_the_generator() -> None:
    parts = list_modules(ROOT / "generator") - {"__main__"}
    assert {name.removeprefix("generator.").removesuffix(".*") for name in read_table("Package")} == parts


def find_paths(text: str) -> set[str]:
    """The words in backticks that are paths, without placeholders and commands."""
    words = (word for code in re.findall(r"`([^`\n]+)`", text) for word in code.split())
    return {word.rstrip(":,") for word in words if "/" in word and re.fullmatch(r"[\w./-]+", word.rstrip(":,"))}


@pytest.mark.parametrize("page", PAGES)
def test_every_path_on_a_page_exists(page: str) -> None:
    paths = find_paths((ROOT / page).read_text("utf-8"))
    assert paths
    unknown = {path for path in paths if not any((ROOT / before / path).exists() for before in FROM)}
    assert {path for path in unknown if not path.startswith(ABSENT)} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_module_on_a_page_exists(page: str) -> None:
    for name in set(re.findall(r"\bgenerator(?:\.\w+)+", (ROOT / page).read_text("utf-8"))):
        pkgutil.resolve_name(name)  # raises if there is no such module, function or class
