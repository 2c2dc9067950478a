"""Sources are called by their titles; what has no address is explained on the page of its version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.load import Document
from tests.docs.built_site import page_at, pages
from tests.docs.test_reference import read_operations


def test_each_source_is_shown_by_its_title(documents: tuple[Document, ...], site: Path) -> None:
    all_pages = [(operation, operation.page(site)) for operation in read_operations(documents)]
    by_id = {(operation.api, operation.value["operationId"]): page for operation, page in all_pages}
    assert "ProctorExam v3, exams/create" in by_id["v3", "createExam"].text
    assert "EURO PRUEFSTER API v1, overview" in by_id["v1", "listExams"].text
    explained: set[str] = set()
    for operation, page in all_pages:
        index = page_at(site / "reference" / operation.api / "index.html")
        titles = {entry["page"]: entry["title"] for entry in operation.document["x-source-titles"]}
        by_anchor = {"source-" + re.sub("[^A-Za-z0-9]+", "-", name): name for name in titles}
        for link in (link for link in page.links if "#source-" in link):
            name = by_anchor[link.partition("#")[2]]
            assert titles[name] in index.rows[link.partition("#")[2]].text
            explained.add(name)
    assert explained == set(list_raw_names(documents))


def list_raw_names(documents: tuple[Document, ...]) -> set[str]:
    """What `x-source` calls the pages that have no address, such as `seed 003`."""
    known = {page for document in documents for page in _find_pages(document.content) if "://" not in page}
    assert {f"seed 00{number}" for number in range(5)} < known
    return known


def _find_pages(node: Any) -> Iterator[str]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("x-source"), dict):
        yield from node["x-source"]["pages"]
    for value in inner:
        yield from _find_pages(value)


def test_no_page_prints_the_raw_name_of_a_source(documents: tuple[Document, ...], site: Path) -> None:
    """But for the history, which tells what was called so."""
    raw = re.compile("|".join(map(re.escape, list_raw_names(documents))) + r"|seed[:_]\d")
    for page in pages(site):
        if "changelog" not in page.path.parts and "decisions" not in page.path.parts:
            assert raw.findall(page.text) == [], page.title
