"""Finding things: the menu, the search, the page for an address that leads nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator.load import Document
from generator.menu import copied_pages, menu, replace_menu
from tests.docs.built_site import Serve
from tests.docs.test_reference import read_operations

QUERIES = {
    "signature invalid": "guides/signing/",
    "zip": "reference/v3/exams/generate_documents_zip/",
    "pagination": "guides/lists/",
    "403": "reference/v3/errors/",
    "nonce": "guides/signing/",
    "upload": "guides/files/",
    "duration_minutes": "reference/v3/exams/create/",
    "end exam": "reference/v3/student_sessions/end_exam/",
    "filter by status": "reference/v3/student_sessions/list/",
    "python example": "quick-start/",
    "timestamp milliseconds": "guides/signing/",
    "delete student": "reference/v3/student_sessions/destroy/",
    "assign_proctor": "reference/v3/student_sessions/assign_proctor/",
    "send_emails": "reference/v3/exams/send_emails/",
    "generate_exam_documents_zip": "reference/v3/exams/generate_documents_zip/",
    "co-manager": "reference/v3/exams/add_comanager/",
    "idempotency": "guides/errors/",
    "retry": "guides/errors/",
    "PHP": "guides/signing/",
}
OTHER_VERBS = {
    "create student": "reference/v3/student_sessions/create/",
    "new exam": "reference/v3/exams/create/",
    "remove student": "reference/v3/student_sessions/destroy/",
    "edit user": "reference/v3/users/update/",
    "upload file": "reference/v3/attachments/create/",
    "create comanager": "reference/v3/exams/add_comanager/",
    "get exam": "reference/v3/exams/show/",
    "get student": "reference/v3/student_sessions/show/",
    "get user": "reference/v3/users/show/",
}
FIELD = ".md-search [name=query]"
RESULTS = "found => found.map(one => new URL(one.href).pathname)"


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_each_query_has_its_page_among_the_first_three(browser: Any, serve: Serve, site: Path) -> None:
    address = serve(site)
    tab = browser.new_page()
    tab.goto(address)
    tab.click(FIELD)
    ranks = {}
    for query, wanted in (QUERIES | OTHER_VERBS).items():
        search(tab, "", "Type to start searching")
        search(tab, query, "matching document")
        pages = [*dict.fromkeys(tab.eval_on_selector_all(".md-search-result__link", RESULTS))]
        ranks[query] = pages.index(f"/{wanted}") + 1 if f"/{wanted}" in pages else 0
    tab.close()
    assert {query: rank for query, rank in ranks.items() if not 1 <= rank <= 3} == {}


def search(tab: Any, query: str, said: str) -> None:
    """Type the query, and wait until the line above the results has these words."""
    tab.fill(FIELD, query)
    tab.press(FIELD, "End")  # Material reads the field when a key is let go
    tab.wait_for_function(
        "said => document.querySelector('.md-search-result__meta').textContent.includes(said)", arg=said
    )


def test_a_result_names_the_method_and_the_version(site: Path, documents: tuple[Document, ...]) -> None:
    index = json.loads((site / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    titles = {entry["location"]: entry["title"] for entry in index}
    for one in read_operations(documents):
        location = one.page(site).path.parent.relative_to(site).as_posix()
        assert titles[f"{location}/"] == f"{one.value['summary']} ({one.method.upper()}, {one.api})"


def test_the_menu_is_the_one_that_is_generated(root: Path) -> None:
    config = (root / "mkdocs.yml").read_text(encoding="utf-8")
    assert replace_menu(config, menu(root / "docs")) == config, "run `make generate`"


@pytest.mark.parametrize("page", ["changelog.md", "python.md"])
def test_a_page_that_is_a_copy_is_the_one_that_is_generated(root: Path, page: str) -> None:
    assert (root / "docs" / page).read_text(encoding="utf-8") == copied_pages(root)[page], "run `make generate`"


def test_the_menu_is_in_the_order_of_diataxis(root: Path) -> None:
    home, *sections = menu(root / "docs")
    names = [name for section in sections for name in section]
    assert (home, names) == ("index.md", ["Tutorials", "How-to guides", "Reference", "Explanation", "About"])


def test_the_menu_has_the_newest_version_first_and_the_order_of_work(root: Path) -> None:
    reference = json.loads((root / "docs/reference/navigation.json").read_text(encoding="utf-8"))["nav"]
    versions = [version for entry in reference if isinstance(entry, dict) for version in entry]
    assert versions == ["v3", "v1"]
    resources = {
        name: pages for entry in reference[-2]["v3"] if isinstance(entry, dict) for name, pages in entry.items()
    }
    index, *operations = resources["Exams"]
    titles, paths = zip(*(pair for operation in operations for pair in operation.items()), strict=True)
    assert (index, titles[:2]) == ("reference/v3/exams/index.md", ("List exams", "Create an exam"))
    exams = [path.rpartition("/")[2].removesuffix(".md") for path in paths]
    assert exams[:6] == ["list", "create", "show", "update", "replace", "destroy"]
    assert exams[-4:] == ["index_students", "show_student", "add_student", "delete_student"]


def test_the_menu_shows_methods_and_what_is_deprecated(site: Path, documents: tuple[Document, ...]) -> None:
    page = (site / "reference/v3/exams/create/index.html").read_text(encoding="utf-8")
    shown = [o for o in read_operations(documents) if o.api == "v3" and o.value["x-client"]["resource"] == "exams"]
    for method in {operation.method for operation in shown}:
        deprecated = sum(bool(o.value.get("deprecated")) for o in shown if o.method == method)
        assert page.count(f"md-status--{method}-deprecated") == deprecated
        assert page.count(f'md-status--{method}"') >= sum(o.method == method for o in shown) - deprecated


def test_the_menu_is_a_small_part_of_a_page(site: Path) -> None:
    page = (site / "reference/v3/exams/create/index.html").read_text(encoding="utf-8")
    start = page.index("md-sidebar--primary")
    assert page.index(
        "md-sidebar--secondary" if "md-sidebar--secondary" in page else "md-content", start
    ) - start < 0.4 * len(page)


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_an_address_that_leads_nowhere_leads_on(browser: Any, site: Path) -> None:
    tab = browser.new_page()
    tab.goto((site / "404.html").as_uri())
    assert tab.inner_text("article h1").startswith("This page is not here")
    targets = tab.eval_on_selector_all("article li a", "links => links.map(link => link.getAttribute('href'))")
    tab.close()
    assert len(targets) == 4
    for target in targets:
        assert (site / urlsplit(target).path.lstrip("/") / "index.html").is_file(), target


def test_decisions_are_found_last(root: Path) -> None:
    notes = sorted(path for path in (root / "docs/decisions").glob("*.md") if path.name != "index.md")
    assert [note.name for note in notes if not note.read_text("utf-8").startswith("---\nsearch: {boost: 0.01}\n")] == []
