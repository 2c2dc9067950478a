"""The site that is read from the disk: unzipped, opened from a file, with search, workbench and links."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.docs.built_site import find_broken_links, pages
from tests.sandbox.sandbox_calls import signature
from tests.spec import SPEC

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]
PAGES = ("index.html", "guides/signing.html", "reference/index.html", "reference/v3/exams/create.html")


@pytest.fixture(scope="module")
def offline_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline")
    call = ["make", "--silent", "docs-offline", f"OFFLINE={folder / 'procwise-docs'}"]
    done = subprocess.run(call, cwd=SPEC.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "procwise-docs.zip") as archive:
        archive.extractall(folder / "a folder, with blanks")
    return folder / "a folder, with blanks/procwise-docs"


@pytest.fixture
def tab(tab: Any) -> Iterator[Any]:
    """A tab that must ask for files alone."""
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    yield tab
    assert {urlsplit(url).scheme for url in asked} <= {"file", "data", "blob"}, asked


def test_no_link_is_broken(offline_site: Path) -> None:
    read = pages(offline_site)
    assert len(read) > 150
    assert find_broken_links(offline_site, read) == []
    assert (offline_site / "reference/v3/exams/create.md").is_file()


def test_pages_open_and_lead_on(tab: Any, offline_site: Path) -> None:
    for path in PAGES:
        tab.goto((offline_site / path).as_uri())
        assert tab.inner_text("h1").strip(), path
    tab.click("text=List exams >> nth=0")
    tab.wait_for_url("**/reference/v3/exams/list.html")
    tab.go_back()
    tab.wait_for_url("**/reference/v3/exams/create.html")
    tab.goto(f"{(offline_site / PAGES[-1]).as_uri()}#body.restrictions")
    tab.wait_for_selector("[id='body.restrictions'] >> visible=true")


def test_the_search_finds_pages(tab: Any, offline_site: Path) -> None:
    tab.goto((offline_site / "index.html").as_uri())
    tab.click("[name=query]")
    tab.type("[name=query]", "duration_minutes")
    tab.click(".md-search-result__link[href*='v3/exams/create.html'] >> nth=0")
    tab.wait_for_url("**/reference/v3/exams/create.html*")


def test_the_workbench_signs(tab: Any, offline_site: Path) -> None:
    tab.goto((offline_site / "reference/workbench.html").as_uri())
    tab.wait_for_selector(".op-canonical li")
    tab.select_option("[name=operation]", "v3/exams/show")
    for name, value in {"secret-key": "a-key", "path-id": "17", "timestamp": "1", "nonce": "7"}.items():
        tab.fill(f"[name={name}]", value)
    expected = signature("id=17?nonce=7?timestamp=1", "a-key")
    tab.wait_for_function("text => document.querySelector('.op-signature').textContent === text", arg=expected)
    assert "procwise-sandbox --cors null" in tab.inner_text(".op-bench")
