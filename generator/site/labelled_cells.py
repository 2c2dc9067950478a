"""A Markdown extension: each cell of a table carries the heading of its column.

A phone shows a row as a list of its cells, and the style sheet writes the heading before each of them.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown  # type: ignore[import-untyped]  # it has no types
from markdown.treeprocessors import Treeprocessor  # type: ignore[import-untyped]
from markdown.util import HTML_PLACEHOLDER_RE  # type: ignore[import-untyped]

_AFTER_TEXT_AND_BEFORE_UNESCAPING = 10


class LabelledCells(Extension):  # type: ignore[misc]
    """Adds `data-label` to every cell but the first of a row, which heads the list."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # as Markdown names it
        """Takes part in the pages of this converter."""
        md.treeprocessors.register(_LabelCells(md), "labelled-cells", _AFTER_TEXT_AND_BEFORE_UNESCAPING)


class _LabelCells(Treeprocessor):  # type: ignore[misc]
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            labels = [self._read_text(heading) for heading in table.iterfind("thead/tr/th")]
            for row in table.iterfind("tbody/tr"):
                for label, cell in [*zip(labels, row, strict=False)][1:]:
                    if label:
                        cell.set("data-label", label)

    def _read_text(self, heading: Element) -> str:
        """Its words: of what Markdown has put aside as HTML, characters but no elements."""
        aside: list[object] = self.md.htmlStash.rawHtmlBlocks
        text = "".join(heading.itertext())
        return re.sub(HTML_PLACEHOLDER_RE, lambda found: _keep_character(str(aside[int(found[1])])), text).strip()


def _keep_character(written: str) -> str:
    return written if re.fullmatch(r"&[#\w]+;", written) else ""
