"""The menu of the docs site: the sections of `guides/index.md`, and the reference in the order of its layer.

`make generate` writes it into `mkdocs.yml`, and the pages that are copies of files elsewhere. MkDocs orders a folder
by the alphabet, its menu can name pages only, and a page lies below `docs`.
"""

from __future__ import annotations

import json
import posixpath
import re
import sys
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
_ABOUT = (PROMISES, "curation.md", "glossary.md", {"Decisions": ["decisions/index.md"]}, CHANGELOG)


def menu(docs: Path) -> list[Any]:
    """The menu: tutorials, how-to guides, reference and explanation, each in the order of `guides/index.md`.

    The pages of the reference layer come first in the section "Reference".
    """
    reference = json.loads((docs / "reference/navigation.json").read_text(encoding="utf-8"))["nav"]
    first: dict[str, list[Any]] = {"How-to guides": [_INDEX], "Reference": reference}
    written = read_sections(docs / _INDEX)
    sections = {name: [*first.get(name, []), *pages] for name, pages in written.items()}
    return ["index.md", *({name: pages} for name, pages in sections.items()), {"About": list(_ABOUT)}]


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
    changes, names = "CHANGELOG.md", "generated/client/REFERENCE.md"
    promises = "generated/conformance/PROMISES.md"
    return {
        CHANGELOG: _copy(root / changes, f"# Copied from {changes} by `make generate`.\nsearch: {{exclude: true}}"),
        PROMISES: _copy(root / promises, f"# Copied from {promises} by `make generate`.\nsearch: {{boost: 0.3}}"),
        PYTHON: _copy(root / names, f"# Copied from {names} by `make generate`.\nsearch: {{boost: 0.3}}"),
    }


def _copy(path: Path, front_matter: str) -> str:
    return f"---\n{front_matter}\n---\n\n{path.read_text(encoding='utf-8')}"


def replace_menu(config: str, items: list[Any]) -> str:
    """The text of the configuration with this menu."""
    text = yaml.safe_dump({"nav": items}, sort_keys=False, allow_unicode=True, width=200)
    return _MENU.sub(lambda _: f"{text}\n", config, count=1)


if __name__ == "__main__":
    root = Path(sys.argv[1])
    path = root / "mkdocs.yml"
    for name, text in copied_pages(root).items():
        (root / "docs" / name).write_text(text, encoding="utf-8")
    path.write_text(replace_menu(path.read_text(encoding="utf-8"), menu(root / "docs")), encoding="utf-8")
