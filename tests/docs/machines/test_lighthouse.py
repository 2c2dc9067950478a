"""What Lighthouse says of the pages: all that it checks of accessibility, and that nothing moves while a page comes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.docs.built_site import Serve
from tests.docs.machines.lighthouse_runs import audit, read_score
from tests.proofs import FULL, mark_slow

PAGES = {
    "home": "",
    "guide": "guides/signing/",
    "workbench": "reference/workbench/",
    "version": "reference/v3/",
    "operation": "reference/v3/exams/create/",
}
MORE_PAGES = (
    "guides/signing-gallery/",
    "guides/command-line/",
    "reference/migration/",
    "reference/v3/errors/",
    "reference/v1/exams/",
    "python/",
    "404.html",
)
FAULTS = """() => {
  const levels = [...document.querySelectorAll("article :is(h1, h2, h3, h4, h5, h6)")].map((e) => Number(e.tagName[1]));
  return levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1);
}"""
SHIFTS = """() => new Promise((done) => {
  const seen = [];
  const say = ({ value, sources }) => [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 120))];
  new PerformanceObserver((list) => seen.push(...list.getEntries().map(say)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(seen), 300);
})"""

PLACES_OF_TITLES = """() => [...document.querySelectorAll(".md-sidebar--primary .md-ellipsis")].map((one) => {
  const { x, y } = one.getBoundingClientRect();
  return `${one.textContent.trim()} ${x} ${y}`;
})"""
TAKE_METHODS_AWAY = """() => {
  const methods = document.querySelectorAll(".md-sidebar--primary .md-status");
  for (const method of methods) method.remove();
  return methods.length;
}"""


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.needs("npm")
@pytest.mark.parametrize("kind", PAGES if FULL else ("operation", "workbench"))
def test_lighthouse_finds_nothing_in_the_accessibility(root: Path, serve: Serve, site: Path, kind: str) -> None:
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=root, check=True, capture_output=True)
    report = audit(serve(site) + PAGES[kind], "accessibility", desktop=kind != "workbench")
    faults = [one["title"] for one in report["audits"].values() if one["score"] is not None and one["score"] < 1]
    assert (read_score(report, "accessibility"), faults) == (100, [])


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_no_level_of_heading_is_left_out(browser: Any, serve: Serve, site: Path) -> None:
    """Of what Lighthouse checks, that which axe's rules for WCAG leave to the author."""
    tab = browser.new_page()
    served = serve(site)
    for path in ("reference/workbench/", "reference/v3/exams/show/#check-my-signature"):
        tab.goto(served + path)
        tab.wait_for_selector(".op-canonical li")
        assert tab.evaluate(FAULTS) == [], path
    tab.close()


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(
    ("width", "paths"),
    [
        (1440, ("", "reference/workbench/", "reference/v3/exams/create/")),
        pytest.param(1440, (*PAGES.values(), *MORE_PAGES), marks=pytest.mark.slow),
        pytest.param(390, (*PAGES.values(), *MORE_PAGES), marks=pytest.mark.slow),
    ],
)
def test_nothing_moves_while_a_page_comes(
    browser: Any, serve: Serve, site: Path, width: int, paths: tuple[str, ...]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    tab = context.new_page()
    served = serve(site)
    for path in paths:
        tab.goto(served + path)
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate(SHIFTS) == [], path
    context.close()


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [1440, mark_slow(390)])
def test_titles_of_the_menu_stand_where_they_will_before_their_methods_have_come(
    browser: Any, serve: Serve, site: Path, width: int
) -> None:
    """A page is shown in pieces as it comes, and the method follows its title: the piece may end between the two."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.goto(serve(site) + PAGES["operation"])
    complete = tab.evaluate(PLACES_OF_TITLES)
    assert tab.evaluate(TAKE_METHODS_AWAY) > 10
    assert tab.evaluate(PLACES_OF_TITLES) == complete
    tab.close()
