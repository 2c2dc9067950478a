"""The line of facts of an operation."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from generator.load import Document
from tests.docs.test_reference import read_operations


def test_the_facts_stand_together(root: Path, documents: tuple[Document, ...]) -> None:
    """In few words, with what the description says of each."""
    repeats = {"safe": "repeatable", "never": "never repeat", "verify": "look, then repeat"}
    for one in read_operations(documents):
        client = one.value["x-client"]
        page = root / f"docs/reference/{one.api}/{client['resource']}/{client['method']}.md"
        text = page.read_text("utf-8").partition('<div class="op-facts"')[2].partition("</div>")[0]
        facts = [unescape(re.sub("<.*?>", "", fact)) for fact in re.findall("<(?:span|summary)[^>]*>(.*?)</", text)]
        for fact in (
            "signed",
            *([f"{one.value['x-role']} only"] if "x-role" in one.value else []),
            repeats[one.value["x-retry"]["policy"]],
            f"client {client['resource']}.{client['method']}",
            f"id {one.value['operationId']}",
            one.value["x-source"]["confidence"],
        ):
            assert fact in facts, (one.value["operationId"], facts)
