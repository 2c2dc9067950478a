"""On a phone everything is within the screen: no element but code has to be scrolled sideways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from markdown import markdown  # type: ignore[import-untyped]  # it has no types

from tests.docs.built_site import Serve, page_at, pages
from tests.proofs import FULL

SAMPLE = (
    *("", "404.html", "python/", "guides/signing-traps/", "guides/signing-language/", "guides/refused/"),
    *("reference/", "reference/workbench/", "reference/migration/", "reference/machines/", "reference/v1/errors/"),
    *("reference/v3/", "reference/v3/errors/", "reference/v3/exams/", "reference/v3/exams/create/"),
)
FIND_WIDE = """() => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
  const laidOut = "* { content-visibility: visible !important }";
  document.head.append(Object.assign(document.createElement("style"), { textContent: laidOut }));
  const apart = "pre, thead, .md-sidebar, script, style";
  const within = [...document.querySelectorAll(".md-container *")].filter((one) => !one.closest(apart));
  const isWide = (one) => one.clientWidth && one.scrollWidth > one.clientWidth;
  const scrolls = (one) => isWide(one) && getComputedStyle(one).overflowX !== "visible";
  const leaves = (one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1;
  return within.filter((one) => scrolls(one) || leaves(one)).map((one) => one.outerHTML.slice(0, 200));
}"""


def find_wide(browser: Any, address: str, paths: tuple[str, ...]) -> list[tuple[str, str]]:
    """The elements that leave a screen of 390 pixels or have to be scrolled in it, with their page."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    wide = []
    for path in paths:
        tab.goto(address + path)
        if path == "reference/workbench/":
            tab.wait_for_selector(".op-canonical li")
        wide += [(path, element) for element in tab.evaluate(FIND_WIDE)]
    context.close()
    return wide


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_nothing_is_scrolled_sideways_on_any_kind_of_page(browser: Any, serve: Serve, site: Path) -> None:
    """Beside the sample, all guides, and of the decisions some or all; operations are alike."""
    found = sorted(page.path.parent.relative_to(site).as_posix() + "/" for page in pages(site))
    guides = [path for path in found if path.startswith("guides/") or path.count("/") == 1]
    decisions = [path for path in found if path.startswith("decisions/")]
    tried = (*SAMPLE, *guides, *(decisions if FULL else decisions[::6]))
    assert find_wide(browser, serve(site), tuple(dict.fromkeys(tried))) == []


def test_each_cell_carries_the_heading_of_its_column(site: Path) -> None:
    for name in ("reference/v3/errors", "reference/migration", "guides/signing-traps"):
        page = page_at(site / name / "index.html")
        labels = {values.get("data-label", "") for tag, values in page.elements if tag == "td"}
        assert labels == {"", *(heading.strip() for table in page.tables for heading in table[0][1:])}, name


def test_a_heading_brings_text_alone_into_the_attribute() -> None:
    table = '| A | `b` &amp; <b title="x">c</b> \\_d\\_ "e" | |\n|---|---|---|\n| 1 | 2 | 3 |\n'
    written = markdown(table, extensions=["tables", "generator.site.labelled_cells:LabelledCells"])
    cells = written.partition("<tbody>")[2]
    assert "<td>1</td>" in cells
    assert '<td data-label="b &amp; c _d_ &quot;e&quot;">2</td>' in cells
    assert "<td>3</td>" in cells
