"""The pages of error codes: every code of the description with its anchor, and links in both directions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest

from generator.load import Document
from tests.docs.built_site import Page, page_at
from tests.docs.test_reference import Described, read_operations
from tests.programs import Programs


@pytest.fixture(params=["v1", "v3"])
def document(request: pytest.FixtureRequest, documents: tuple[Document, ...]) -> Document:
    return next(document for document in documents if document.name == request.param)


@pytest.fixture
def page(document: Document, site: Path) -> Page:
    return page_at(site / "reference" / document.name / "errors/index.html")


def catalogue(document: Document) -> list[dict[str, Any]]:
    """The entries as they are written."""
    content: Any = document.content
    entries: list[dict[str, Any]] = content["components"]["schemas"]["Error"]["properties"]["code"]["x-error-catalogue"]
    return entries


def statuses(operation: Described) -> set[str]:
    return {status for status in operation.value["responses"] if not status.startswith("2")}


def test_every_code_has_a_row_and_an_anchor(document: Document, page: Page) -> None:
    (table,) = page.tables
    said = [
        [entry["code"], str(entry["status"]), entry["meaning"].replace("`", ""), entry["hint"].replace("`", "")]
        for entry in catalogue(document)
    ]
    assert [[cell.strip() for cell in row] for row in table[1:]] == said
    assert {f"code-{entry['code']}" for entry in catalogue(document)} <= page.ids
    assert {f"status-{entry['status']}" for entry in catalogue(document)} <= page.ids


def test_each_status_links_the_operations_that_answer_with_it(document: Document, page: Page) -> None:
    operations = read_operations((document,))
    text = page.path.read_text("utf-8")
    for status in sorted({str(entry["status"]) for entry in catalogue(document)}):
        section = text.partition(f'id="status-{status}"')[2].partition("<h3")[0].partition("</article>")[0]
        answering = {_page(operation) for operation in operations if status in statuses(operation)}
        shown = {_page(operation) for operation in operations if f'href="../{_page(operation)}/"' in section}
        if len(answering) == len(operations):
            assert "Every operation has it." in section
        else:
            assert shown == answering
            assert ("No operation describes it" in section) == (not answering)


def _page(operation: Described) -> str:
    client = operation.value["x-client"]
    return f"{client['resource']}/{client['method']}"


@pytest.mark.slow
def test_the_errors_of_each_operation_link_to_their_status(document: Document, page: Page, site: Path) -> None:
    for operation in read_operations((document,)):
        own = operation.page(site)
        targets = [urldefrag(urljoin(f"http://x{_url(own.path, site)}", link)) for link in own.links]
        reached = {fragment for url, fragment in targets if url == f"http://x{_url(page.path, site)}" and fragment}
        expected = {f"status-{status}" for status in statuses(operation)}
        assert {anchor for anchor in reached if anchor.startswith("status-")} == expected, own.title
        assert reached <= page.ids


def _url(path: Path, site: Path) -> str:
    return "/" + path.relative_to(site).as_posix().removesuffix("index.html")


def test_the_index_of_the_version_links_to_it(document: Document, site: Path) -> None:
    assert "errors/" in page_at(site / "reference" / document.name / "index.html").links


FOREIGN = {
    "openapi": "3.1.0",
    "info": {"title": "Foreign", "version": "1"},
    "paths": {
        "/errors": {
            "get": {
                "operationId": "listErrors",
                "tags": ["errors"],
                "x-client": {"resource": "errors", "method": "list"},
                "responses": {"200": {"description": "Some."}, "409": {"description": "None."}},
            }
        }
    },
}


def render(program: Programs, description: dict[str, Any], folder: Path) -> Path:
    """The reference of a description that is called v9."""
    spec = folder / "v9/openapi.yaml"
    spec.parent.mkdir()
    spec.write_text(json.dumps(description), encoding="utf-8")
    ended = program("generator", "generate", "--layer", "docs", "--spec", str(spec), "--out", str(folder))
    assert ended.code == 0, ended.err
    return folder / "docs/reference/v9"


def test_without_a_catalogue_there_is_no_page_and_no_link(program: Programs, tmp_path: Path) -> None:
    reference = render(program, FOREIGN, tmp_path)
    assert {path.relative_to(reference).as_posix() for path in reference.rglob("*.md")} == {
        "index.md",
        "errors/index.md",
        "errors/list.md",
    }
    assert "<strong>409</strong> None." in (reference / "errors/list.md").read_text("utf-8")
    assert "codes of errors" not in (reference / "index.md").read_text("utf-8")


def test_a_resource_that_is_called_errors_keeps_its_folder(program: Programs, tmp_path: Path) -> None:
    entries = [{"code": "taken", "status": [409, 410], "meaning": "It is taken."}]
    schemas = {"Word": {"type": "string", "x-error-catalogue": entries}}
    reference = render(program, {**FOREIGN, "components": {"schemas": schemas}}, tmp_path)
    page = (reference / "errors_.md").read_text("utf-8")
    assert "a word in its body" in page
    assert "{: #code-taken } | [409](#status-409), [410](#status-410) | It is taken. |  |" in page
    assert "[409](../errors_.md#status-409)" in (reference / "errors/list.md").read_text("utf-8")
