"""The menu of the docs site in `mkdocs.yml`: what people wrote, then the reference in the order of its layer.

`make generate` writes it. MkDocs orders a folder by the alphabet, and its menu can name pages only.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

_MENU = re.compile(r"^nav:\n(?:(?:[ -].*)?\n)*", re.MULTILINE)
_GUIDE = re.compile(r"\]\(([\w-]+\.md)\)")
_FIRST = ("index.md", "quick-start.md")
_ABOUT = ("architecture.md", "curation.md", "glossary.md", "decisions/index.md")


def menu(docs: Path) -> list[Any]:
    """The menu; a guide stands where `guides/index.md` first names it."""
    guides = dict.fromkeys(_GUIDE.findall((docs / "guides/index.md").read_text(encoding="utf-8")))
    written = sorted(path.name for path in (docs / "guides").glob("*.md"))
    listed = [f"guides/{name}" for name in dict.fromkeys(["index.md", *guides, *written])]
    reference = json.loads((docs / "reference/navigation.json").read_text(encoding="utf-8"))["nav"]
    return [*_FIRST, {"Guides": listed}, {"Reference": reference}, {"About": list(_ABOUT)}]


def replace_menu(config: str, items: list[Any]) -> str:
    """The text of the configuration with this menu."""
    text = yaml.safe_dump({"nav": items}, sort_keys=False, allow_unicode=True, width=200)
    return _MENU.sub(lambda _: f"{text}\n", config, count=1)


if __name__ == "__main__":
    root = Path(sys.argv[1])
    path = root / "mkdocs.yml"
    path.write_text(replace_menu(path.read_text(encoding="utf-8"), menu(root / "docs")), encoding="utf-8")
