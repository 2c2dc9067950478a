"""The page of an operation as a reader uses it: what is in sight, links to rows, tabs, weight, life without scripts."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from tests.docs.built_site import page_at, pages

CREATE = "reference/v3/exams/create/"
TOP = "name => document.getElementById(name).getBoundingClientRect().top"


def test_a_page_and_the_search_are_light(site: Path) -> None:
    for name in (CREATE, "reference/v3/student_sessions/list/", "reference/workbench/"):
        page = page_at(site / name / "index.html")
        files = {(page.path.parent / load).resolve() for load in page.loads}
        sizes = [
            len(gzip.compress(file.read_bytes()))
            for file in (page.path, *files)
            if file.suffix in (".html", ".css", ".js")
        ]
        assert 4 < len(sizes) <= 10  # each is a request
        assert sum(sizes) <= 250_000, name
    assert len(gzip.compress((site / "search/search_index.json").read_bytes())) <= 300_000


def test_one_sentence_says_what_an_operation_does(root: Path) -> None:
    """What else there is to say comes behind the facts."""
    leads = {}
    for page in (root / "docs/reference").glob("v*/*/*.md"):
        head, found, _ = page.read_text("utf-8").partition('<div class="op-facts"')
        if found:
            leads[page] = head.rstrip().rpartition("\n\n")[2]
    assert len(leads) == 85
    assert [lead for lead in leads.values() if len(re.findall(r"[.!?](?:\s|$)", lead)) != 1] == []


FACTS = """([lines, width]) => lines.map((line) => {
  document.querySelector(".op-facts").outerHTML = line;
  const facts = [...document.querySelectorAll(".op-facts > p > span, .op-facts > details")];
  const boxes = facts.map((fact) => fact.getBoundingClientRect());
  return {
    count: facts.length,
    isLine: Math.max(...boxes.map(({ top }) => top)) < Math.min(...boxes.map(({ bottom }) => bottom)),
    right: Math.max(...boxes.map(({ right }) => right)) - width,
    size: Math.min(...facts.map((fact) => parseFloat(getComputedStyle(fact.querySelector("code") ?? fact).fontSize))),
  };
})"""


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_facts_are_one_line(tab: Any, address: str, site: Path) -> None:
    """Those of all operations in the place of one: each in a line on a desk, legible, and wrapped on a phone."""
    found = (
        re.search(r'(?s)<div class="op-facts">.*?</div>', path.read_text("utf-8"))
        for path in sorted(site.glob("reference/v?/*/*/index.html"))
    )
    lines = [one[0] for one in found if one]
    assert len(lines) == 85
    tab.goto(address + CREATE)
    for width, height in ((1440, 900), (390, 844)):
        tab.set_viewport_size({"width": width, "height": height})
        measured = tab.evaluate(FACTS, [lines, width])
        assert min(one["count"] for one in measured) == 5
        assert min(one["size"] for one in measured) >= 11
        assert max(one["right"] for one in measured) <= 0
        assert width < 1440 or [line for line, one in zip(lines, measured, strict=True) if not one["isLine"]] == []


def test_no_script_holds_up_a_page(site: Path) -> None:
    """But for those in the page itself, which are short."""
    for page in pages(site):
        text = page.path.read_text(encoding="utf-8")
        assert len(re.findall(r"<script [^>]*src=", text)) >= 3
        assert re.findall(r"<script (?!defer )[^>]*src=", text) == [], page.title


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_body_is_above_the_fold_and_all_fits_five_screens(tab: Any, address: str) -> None:
    tab.goto(address + CREATE)
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("document.documentElement.scrollHeight") <= 5 * 900
    assert max(tab.evaluate(TOP, name) for name in ("body", "body.name", "body.type")) < 900
    for shown in ("body.name", "body.type", "error-401", "error-403", "error-422"):
        assert tab.locator(f"[id='{shown}']").is_visible(), shown
    assert not tab.locator("[id='body.restrictions']").is_visible()


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_there_are_two_columns_from_1220_pixels(tab: Any, address: str) -> None:
    tab.goto(address + CREATE)
    beside = """() => {
      const [side, head] = [".op-side", ".op-head"].map((name) => document.querySelector(name).getBoundingClientRect());
      return side.left > head.right;
    }"""
    assert tab.evaluate(beside)
    tab.mouse.wheel(0, 1500)
    tab.wait_for_function("scrollY > 1000")
    assert tab.locator("[id='request']").is_visible()
    assert 0 <= tab.evaluate("document.querySelector('.op-side').getBoundingClientRect().top") < 200
    tab.set_viewport_size({"width": 1219, "height": 900})
    assert not tab.evaluate(beside)


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "anchor", ["body.restrictions", "201.exam.duration_minutes", "200.exam.duration_minutes", "error-422"]
)
def test_a_link_to_a_row_opens_what_it_lies_in(tab: Any, address: str, anchor: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{address}{CREATE}#{anchor}")
    row = tab.locator(f"[id='{anchor.replace('200.', '201.')}']")
    row.wait_for(state="visible")
    tab.wait_for_function(
        "id => { const { top } = document.getElementById(id).getBoundingClientRect(); return top >= 0 && top < 900; }",
        arg=anchor.replace("200.", "201."),
    )


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_menu_of_a_phone_is_there_once_it_is_opened(tab: Any, address: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 900})
    tab.goto(address + CREATE)
    drawn = "() => document.querySelector(\".md-sidebar--primary a[href$='exams/list/']\").checkVisibility()"
    assert not tab.evaluate(drawn)
    tab.click(".md-header label[for=__drawer]")
    tab.wait_for_function(drawn)


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_other_version_is_opened_at_the_same_place(tab: Any, address: str) -> None:
    tab.goto(f"{address}{CREATE}#body.restrictions")
    tab.click(".op-versions a")
    tab.wait_for_url("**/reference/v1/exams/create/#body.restrictions")
    tab.locator("[id='body.restrictions']").wait_for(state="visible")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_language_is_remembered_on_other_pages(tab: Any, address: str) -> None:
    tab.goto(address + CREATE)
    shown = ".op-side .tabbed-set >> nth=0 >> .tabbed-block:visible"
    tab.click(".op-side .tabbed-labels label:has-text('HTTP')")
    assert tab.locator(shown).inner_text().startswith("POST /api/v3/exams")
    tab.goto(f"{address}reference/v3/exams/show/")
    tab.wait_for_load_state("networkidle")
    assert tab.locator(shown).inner_text().startswith("GET /api/v3/exams/")
    tab.go_back()
    tab.wait_for_load_state("networkidle")
    assert tab.locator(shown).inner_text().startswith("POST /api/v3/exams")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_programs_and_links_to_rows_are_copied(browser: Any, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(address + CREATE)
    tab.click(".op-side .tabbed-labels label:has-text('curl')")
    tab.click(".op-side .tabbed-block:visible button[title='Copy to clipboard'] >> nth=0")
    tab.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('# Needs bash, curl'))")
    for row in ("body.name", "error-401"):
        tab.click(f"[id='{row}'] .op-anchor >> nth=0")
        tab.wait_for_function("row => navigator.clipboard.readText().then(text => text.endsWith(`#${row}`))", arg=row)
    context.close()


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_without_scripts_everything_can_be_read(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(address + CREATE)
    tab.click(".op-side .tabbed-labels label:has-text('HTTP')")
    assert tab.locator(".op-side .tabbed-set >> nth=0 >> .tabbed-block:visible").inner_text().startswith("POST /api/")
    tab.click("summary:has-text('Aids, 12 optional')")
    assert tab.locator("[id='body.restrictions']").is_visible()
    tab.click("summary:has-text('How this request is signed')")
    assert "allow_pen_paper=true?allow_websites=false?" in tab.locator(".op-signing").inner_text()
    context.close()


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_without_scripts_a_phone_goes_where_it_likes(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    tab = context.new_page()
    tab.goto(address + CREATE)
    link = tab.locator(".md-sidebar--primary a[href='../list/']")
    assert not link.is_visible()
    tab.click(".md-header label[for=__drawer]")
    link.wait_for(state="visible")
    link.click()
    tab.wait_for_url("**/v3/exams/list/")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    for row in ("query.filter", "200.exams.id", "error-401"):
        tab.evaluate("id => document.getElementById(id).closest('details')?.setAttribute('open', '')", row)
        assert tab.locator(f"[id='{row}']").is_visible(), row
    context.close()
