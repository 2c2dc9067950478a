"""The menu of the docs site: the sections of `guides/index.md`, and the reference in the order of its layer.

`make generate` writes it into `mkdocs.yml`, and the pages that are copies of files elsewhere. MkDocs orders a folder
by the alphabet, its menu can name pages only, and a page lies below `docs`.
"""

from __future__ import annotations

import json
import posixpath
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

_MENU = re.compile(r"^nav:\n(?:(?:[ -].*)?\n)*", re.MULTILINE)
_PAGE = re.compile(r"^- \[[^\]]+\]\(([\w./-]+\.md)\)", re.MULTILINE)
_INDEX = "guides/index.md"
_GENERATED = "reference/"
CHANGELOG = "changelog.md"
PYTHON = "python.md"
PROMISES = "promises.md"
CONFIG = "mkdocs.yml"
MIGRATIONS = "docs/migrations"
COPIES = tuple(f"docs/{page}" for page in (CHANGELOG, PROMISES, PYTHON))
WRITTEN = (CONFIG, *COPIES)
_ABOUT = (PROMISES, "curation.md", "glossary.md", {"Decisions": ["decisions/index.md"]}, CHANGELOG)
_CHANGES, _NAMES, _PROMISES = "CHANGELOG.md", "generated/client/REFERENCE.md", "generated/conformance/PROMISES.md"
_MENU_OF_REFERENCE = "docs/reference/navigation.json"
_SOURCES = (CONFIG, _CHANGES, _NAMES, _PROMISES, _MENU_OF_REFERENCE, f"docs/{_INDEX}")


def menu(docs: Path) -> list[Any]:
    """The menu: tutorials, how-to guides, reference and explanation, each in the order of `guides/index.md`.

    The pages of the reference layer come first in the section "Reference", those of releases that break something
    last in "About".
    """
    reference = json.loads((docs / "reference/navigation.json").read_text(encoding="utf-8"))["nav"]
    first: dict[str, list[Any]] = {"How-to guides": [_INDEX], "Reference": reference}
    written = read_sections(docs / _INDEX)
    sections = {name: [*first.get(name, []), *pages] for name, pages in written.items()}
    releases = [f"migrations/{name}" for name in _sort_releases(docs / "migrations")]
    return ["index.md", *({name: pages} for name, pages in sections.items()), {"About": [*_ABOUT, *releases]}]


def _sort_releases(folder: Path) -> list[str]:
    """The pages of releases, the last one first."""
    names = [path.name for path in folder.glob("*.md")]
    return sorted(names, key=lambda name: [int(part) for part in re.findall(r"\d+", name)], reverse=True)


def read_sections(index: Path) -> dict[str, list[str]]:
    """Each heading of the page with the hand-written pages that are listed below it, as paths below the docs."""
    parts = re.split(r"^## (.+)\n", index.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    listed = {
        name: [posixpath.normpath(f"guides/{page}") for page in _PAGE.findall(text)]
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }
    return {name: [page for page in pages if not page.startswith(_GENERATED)] for name, pages in listed.items()}


def copied_pages(root: Path) -> dict[str, str]:
    """The text of each page that is a copy of a file elsewhere, by its name.

    The search leaves the changelog out, since it names everything and explains nothing.
    """
    return {
        CHANGELOG: _copy(root, _CHANGES, "search: {exclude: true}"),
        PROMISES: _copy(root, _PROMISES, "search: {boost: 0.3}"),
        PYTHON: _copy(root, _NAMES, "search: {boost: 0.3}"),
    }


def _copy(root: Path, file: str, search: str) -> str:
    text = (root / file).read_text(encoding="utf-8")
    return f"---\n# Copied from {file} by `make generate`.\n{search}\n---\n\n{text}"


def replace_menu(config: str, items: list[Any]) -> str:
    """The text of the configuration with this menu."""
    text = yaml.safe_dump({"nav": items}, sort_keys=False, allow_unicode=True, width=200)
    return _MENU.sub(lambda _: f"{text}\n", config, count=1)


def list_sources(root: Path, others: Iterable[str] = ()) -> list[str]:
    """The files that `write_pages` reads, below the root; among `others` may be pages of releases still to come."""
    written = [path.relative_to(root).as_posix() for path in (root / MIGRATIONS).glob("*.md")]
    new = [path for path in others if path.startswith(f"{MIGRATIONS}/")]
    return [*_SOURCES, *dict.fromkeys((*written, *new))]


def write_pages(root: Path) -> None:
    """Write the copied pages, and the menu into the configuration."""
    for name, text in copied_pages(root).items():
        (root / "docs" / name).write_text(text, encoding="utf-8")
    config = (root / CONFIG).read_text(encoding="utf-8")
    (root / CONFIG).write_text(replace_menu(config, menu(root / "docs")), encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
