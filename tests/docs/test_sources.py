"""Sources are called by their titles; what has no address is explained on the page of its version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.load import Document
from tests.docs.built_site import page_at, pages
from tests.docs.test_errors_page import render
from tests.docs.test_reference import read_operations
from tests.programs import Programs


def test_each_source_is_shown_by_its_title(documents: tuple[Document, ...], site: Path) -> None:
    all_pages = [(operation, operation.page(site)) for operation in read_operations(documents)]
    by_id = {(operation.api, operation.value["operationId"]): page for operation, page in all_pages}
    assert "ProctorExam v3, exams/create" in by_id["v3", "createExam"].text
    assert "EURO PRUEFSTER API v1, overview" in by_id["v1", "listExams"].text
    explained: set[str] = set()
    for operation, page in all_pages:
        index = page_at(site / "reference" / operation.api / "index.html")
        titles = {entry["page"]: entry["title"] for entry in operation.document["x-source-titles"]}
        by_title = {title: name for name, title in titles.items() if "://" not in name}
        for anchor in (link.partition("#")[2] for link in page.links if "#source-" in link):
            title = index.rows[anchor].text.partition(":")[0].strip()
            assert anchor.split("-")[1:] == re.findall(r"\w+", title.lower())
            explained.add(by_title[title])
    assert explained == set(list_raw_names(documents))


TITLED: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Titled", "version": "1"},
    "x-source-titles": [
        {"page": "a", "title": "The book", "description": "The first."},
        {"page": "b", "title": 'The "book"', "description": "The second."},
        {"page": "c", "title": "試験", "description": "The third."},
        {"page": "d", "title": "本", "description": "The fourth."},
    ],
    "paths": {
        "/books": {
            "get": {
                "operationId": "listBooks",
                "tags": ["books"],
                "x-client": {"resource": "books", "method": "list"},
                "x-source": {"pages": ["a", "b", "c", "d"], "confidence": "documented"},
                "responses": {"200": {"description": "Some."}},
            }
        }
    },
}


@pytest.mark.slow
def test_titles_of_the_same_words_have_anchors_of_their_own(program: Programs, tmp_path: Path) -> None:
    reference = render(program, TITLED, tmp_path)
    index = (reference / "index.md").read_text("utf-8")
    page = (reference / "books/list.md").read_text("utf-8")
    anchors = re.findall(r'id="(source[^"]*)"', index)
    assert anchors == ["source-the-book", "source-the-book-2", "source", "source-2"]
    assert [anchor for anchor in anchors if f"(../index.md#{anchor})" not in page] == []


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
