"""Pages that Material loads into the one that is open: workbench, tabs, links to rows and the way back work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.built_site import page_at

CREATE = "reference/v3/exams/create/"
OPENED_ONCE = "document.wasOpenedOnce"
READY = "document.querySelector('.op-canonical li') !== null"
IN_SIGHT = """id => {
  const { top } = document.getElementById(id)?.getBoundingClientRect() ?? { top: -1 };
  return top >= 0 && top < innerHeight && document.getElementById(id).checkVisibility();
}"""
LANGUAGE = ".op-side .tabbed-set >> nth=0 >> .tabbed-block:visible"


@pytest.fixture
def tab(tab: Any, address: str) -> Iterator[Any]:
    """A tab on the page of create exam, which no later page may replace as a document."""
    tab.asked = []
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.goto(address + CREATE)
    tab.wait_for_load_state("networkidle")
    tab.evaluate(f"{OPENED_ONCE} = true")
    yield tab
    assert tab.evaluate(OPENED_ONCE)


def click(tab: Any, target: str, path: str, heading: str) -> None:
    tab.evaluate("target => document.querySelector(target).click()", target)
    expect(tab, path, heading)


def expect(tab: Any, path: str, heading: str) -> None:
    tab.wait_for_url(f"**/{path}")
    tab.wait_for_function("text => document.querySelector('.md-content h1').textContent.startsWith(text)", arg=heading)


def note_when_back(tab: Any, event: str, y: int) -> None:
    """What Material does on a busy machine: it notes the place in the entry that the reader has just left for."""
    note = f"() => history.replaceState({{ x: 0, y: {y} }}, '')"
    tab.evaluate(f"addEventListener('{event}', {note}, {{ capture: '{event}' === 'hashchange', once: true }})")


def test_it_is_on_and_the_history_is_followed_before_material_does(root: Path, site: Path) -> None:
    assert "navigation.instant" in yaml.safe_load((root / "mkdocs.yml").read_text())["theme"]["features"]
    text = page_at(site / CREATE / "index.html").path.read_text(encoding="utf-8")
    assert 0 < text.index('addEventListener("popstate"') < text.index("javascripts/bundle.")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_workbench_is_left_and_found_again(tab: Any) -> None:
    tab.click("summary:has-text('Check my signature')")
    tab.wait_for_function(READY)
    tab.fill("[name=body]", '{"name": "Typed"}')
    tab.fill("[name=secret-key]", "a-planted-key")
    tab.wait_for_function("document.querySelector('.op-program').textContent.includes('Typed')")
    tab.wait_for_function("document.querySelector('.op-signature').textContent.length === 64")
    signature = tab.inner_text(".op-signature")
    click(tab, ".md-nav a[href$='reference/workbench/']", "reference/workbench/", "Signing workbench")
    tab.wait_for_function(READY)
    tab.select_option("[name=operation]", "v3/exams/show")
    tab.fill("[name=path-id]", "4711")
    tab.go_back()
    expect(tab, CREATE, "Create an exam")
    assert (tab.inner_text(".op-signature"), tab.input_value("[name=secret-key]")) == (signature, "a-planted-key")
    tab.fill("[name=body]", '{"name": "Typed once more"}')
    tab.wait_for_function("old => document.querySelector('.op-signature').textContent !== old", arg=signature)
    tab.go_forward()
    expect(tab, "reference/workbench/", "Signing workbench")
    assert tab.input_value("[name=path-id]") == "4711"
    click(tab, ".md-nav a[href$='reference/v3/']", "reference/v3/", "ProctorExam API v3")
    click(tab, "article a[href$='v3/exams/create/']", CREATE, "Create an exam")
    assert tab.locator(".op-bench").count() == 0, "a page that is opened anew begins anew"
    assert len([url for url in tab.asked if url.endswith("/workbench.js")]) == 1
    assert "planted" not in tab.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_other_version_gets_the_place_and_what_was_typed(tab: Any) -> None:
    tab.click("summary:has-text('Check my signature')")
    tab.wait_for_function(READY)
    tab.fill("[name=body]", '{"name": "Typed"}')
    tab.click("summary:has-text('Aids, 12 optional')")
    tab.click("[id='body.restrictions'] .op-anchor >> nth=0")
    click(tab, ".op-versions a", "reference/v1/exams/create/#body.restrictions", "Create an exam")
    tab.wait_for_function(READY)
    assert tab.input_value("[name=body]") == '{"name": "Typed"}'
    tab.wait_for_function(IN_SIGHT, arg="body.restrictions")
    assert "typed" not in tab.evaluate("location.href + JSON.stringify(history.state)")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_links_to_rows_open_them_and_leave_the_page_as_it_is(tab: Any) -> None:
    click(tab, ".md-footer__link--next", "reference/v3/exams/show/", "Show an exam")
    tab.go_back()
    expect(tab, CREATE, "Create an exam")
    asked = len([url for url in tab.asked if "favicon" not in url])
    for row in ("body.restrictions", "201.exam.id"):
        tab.evaluate("row => document.querySelector(`[href$='#${row}']`).click()", row)
        tab.wait_for_function(IN_SIGHT, arg=row)
        assert tab.evaluate("row => document.getElementById(row).matches(':target')", row)
    tab.go_back()
    tab.wait_for_function(IN_SIGHT, arg="body.restrictions")
    assert len([url for url in tab.asked if "favicon" not in url]) == asked, "the page was loaded once more"


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_a_row_that_was_left_at_once_is_in_sight_on_the_way_back(tab: Any) -> None:
    for row in ("body.restrictions", "201.exam.id"):
        tab.evaluate("row => document.querySelector(`[href$='#${row}']`).click()", row)
        tab.wait_for_function(IN_SIGHT, arg=row)
    note_when_back(tab, "hashchange", 9000)
    tab.go_back()
    tab.wait_for_function("location.hash === '#body.restrictions'")
    tab.wait_for_function(IN_SIGHT, arg="body.restrictions")
    tab.wait_for_function("history.state?.y === scrollY && scrollY > 0")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_way_back_leads_to_the_row_that_was_read(tab: Any) -> None:
    tab.evaluate("document.querySelector(`[href$='#body.restrictions']`).click()")
    tab.wait_for_function(IN_SIGHT, arg="body.restrictions")
    tab.mouse.move(400, 400)
    tab.mouse.wheel(0, 150)
    tab.wait_for_function("history.state?.y === scrollY && scrollY > 0")
    place = tab.evaluate("scrollY")
    click(tab, ".md-footer__link--next", "reference/v3/exams/show/", "Show an exam")
    tab.wait_for_function("scrollY === 0 && document.activeElement.matches('.md-content h1')")
    note_when_back(tab, "popstate", 0)
    tab.go_back()
    expect(tab, f"{CREATE}#body.restrictions", "Create an exam")
    tab.wait_for_function("place => Math.abs(scrollY - place) < 2", arg=place)
    assert tab.locator("[id='body.restrictions']").is_visible()


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_tabs_and_search_go_on_working_and_nothing_is_done_twice(tab: Any) -> None:
    tab.click(".op-side .tabbed-labels label:has-text('HTTP')")
    for _ in range(4):
        click(tab, ".md-footer__link--next", "reference/v3/exams/show/", "Show an exam")
        assert tab.locator(LANGUAGE).inner_text().startswith("GET /api/v3/exams/")
        click(tab, ".md-footer__link--prev", CREATE, "Create an exam")
    assert tab.locator(LANGUAGE).inner_text().startswith("POST /api/v3/exams")
    tab.click(".op-side .tabbed-labels label:has-text('422')")
    assert "error" in tab.locator(".op-side .tabbed-set >> nth=1 >> .tabbed-block:visible").inner_text()
    tab.evaluate("window.copied = []; navigator.clipboard.writeText = async (text) => { copied.push(text); }; 0")
    tab.click("[id='body.name'] .op-anchor >> nth=0")
    assert [url.partition("#")[2] for url in tab.evaluate("copied")] == ["body.name"]
    tab.click("summary:has-text('Check my signature')")
    tab.wait_for_function(READY)
    assert tab.locator(".op-bench").count() == 1
    tab.click(".md-search [name=query]")
    tab.keyboard.type("duration_minutes")
    tab.click(".md-search-result__link[href*='v3/exams/list/'] >> nth=0")
    expect(tab, "reference/v3/exams/list/**", "List exams")
    tab.wait_for_function("document.activeElement.matches('.md-content h1')")
