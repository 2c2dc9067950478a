"""A page to open in a browser: every change with all of its places."""

from __future__ import annotations

from pathlib import Path

from generator.diff import Difference
from generator.reports import wording
from generator.templates import Templates, comment


def page(differences: tuple[Difference, ...]) -> str:
    """The report; it stands alone, without scripts or other files."""
    templates = Templates(Path(__file__).parent / "templates")
    return templates.render("page.html.j2", differences=differences, words=wording, line=comment).rstrip("\n")
