"""The same pages, built by Zensical: strictly, without a broken link, and with what programs read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.docs.built_site import Page, Serve, find_broken_links, pages
from tests.docs.test_finding import QUERIES
from tests.spec import SPEC

pytestmark = pytest.mark.slow
ROOT = SPEC.parent
MOST = 10  # results that are shown before one scrolls


@pytest.fixture(scope="module")
def zensical_site() -> Path:
    done = subprocess.run(["make", "--silent", "docs-zensical"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "site-zensical"


@pytest.fixture(scope="module")
def read(zensical_site: Path) -> list[Page]:
    return pages(zensical_site)


def test_no_link_is_broken_and_nothing_comes_from_elsewhere(zensical_site: Path, read: list[Page]) -> None:
    assert find_broken_links(zensical_site, read) == []
    assert [(page.path, load) for page in read for load in page.loads if urlsplit(load).netloc] == []


def test_the_pages_are_those_of_the_sources(zensical_site: Path, read: list[Page]) -> None:
    sources = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    expected = {path.parent if path.name == "index" else path for path in sources}
    assert {page.path.parent.relative_to(zensical_site) for page in read} == expected
    assert all(len(page.text) > 120 for page in read)


def test_programs_find_the_same_files(zensical_site: Path) -> None:
    listed = (zensical_site / "llms.txt").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", listed)
    assert len(links) > 100
    assert [link for link in links if not (zensical_site / link).is_file()] == []
    assert (zensical_site / "descriptions/v3.json").read_bytes() == (ROOT / "generated/openapi/v3.json").read_bytes()


@pytest.mark.needs("chromium")
def test_each_query_has_its_page_among_the_first_ten(browser: Any, serve: Serve, zensical_site: Path) -> None:
    address = serve(zensical_site)
    places = {}
    for query, wanted in QUERIES.items():
        tab = browser.new_page()
        tab.goto(address, wait_until="networkidle")
        tab.click(".md-search__button")
        tab.fill("input[role=combobox]", query)
        found = tab.wait_for_selector(f'[role=option][href*="{address}{wanted}"]')
        places[query] = int(found.get_attribute("aria-posinset"))
        tab.close()
    assert {query: place for query, place in places.items() if not 1 <= place <= MOST} == {}
