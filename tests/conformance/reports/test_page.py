"""`report.html` in a browser: read without a script, searched and filtered with one, on every screen and on paper."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from procwise_conformance.reports.page import as_html
from procwise_conformance.reports.writing import write
from procwise_conformance.results import Changes, KnownEntry, Phase
from tests.conformance.reports.samples import make_report

ROOT = Path(__file__).parents[3]
AXE = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => [id, html]));
}"""
SHOWN = "() => [...document.querySelectorAll('.card')].filter((card) => card.checkVisibility()).map((card) => card.id)"

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    known = KnownEntry(
        pattern="SIG-010 *", reason="in spring", until="2027-03-31", place="known.txt:1", state="holds", ids=("a",)
    )
    changes = Changes(
        started="2026-11-01T00:00:00+00:00", seed=3, new=("SIG-006 showExam",), same=(), gone=("x",), untried=()
    )
    write(make_report(known=(known,), changes=changes), folder)
    return (folder / "report.html").as_uri()


@pytest.fixture(scope="module")
def axe() -> str:
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=ROOT, check=True, capture_output=True)
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8")


@pytest.mark.needs("npm")
@pytest.mark.parametrize(("width", "scheme"), [(w, s) for w in (1440, 390) for s in ("light", "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Any, address: str, axe: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    context.close()


def test_it_is_read_without_a_script(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert "does not conform" in page.locator("h1").inner_text()
    assert page.locator(".card:visible").count() == page.locator(".card").count() == 5
    assert page.locator("#filters:visible, button:visible").count() == 0
    assert "curl -gsS" in page.locator(".card pre.copy").first.inner_text()
    assert page.locator(".source.documented").first.inner_text() == "documented"
    context.close()


def test_search_and_filters(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    everything = page.evaluate(SHOWN)
    page.fill("#search", "SIG-010 spring")
    assert page.evaluate(SHOWN) != everything
    assert page.locator("#shown").inner_text() == f"1 of {len(everything)} are shown."
    page.fill("#search", "")
    for name, value, count in (("layer", "schema", 1), ("level", "should", 1), ("operation", "POST /exams", 1)):
        page.select_option(f"#{name}", value)
        assert len(page.evaluate(SHOWN)) == count, name
        page.select_option(f"#{name}", "")
    assert page.evaluate(SHOWN) == everything
    page.select_option("#layer", "schema")
    page.evaluate("location.hash = '#finding-1'")  # as a link of the matrix does
    page.wait_for_function("document.getElementById('finding-1').checkVisibility()")
    page.close()


def test_a_recipe_is_copied(browser: Any, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address)
    page.locator(".card button").first.click()
    page.wait_for_function("document.querySelector('.card button').textContent !== 'Copy'")
    copied = page.evaluate("navigator.clipboard.readText().catch(() => getSelection().toString())")
    assert copied.strip() == page.locator(".card pre.copy").first.text_content().strip()
    context.close()


def test_paper_shows_the_recipes_and_no_controls(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.fill("#search", "nothing has this")
    page.emulate_media(media="print")
    assert len(page.evaluate(SHOWN)) == 5
    assert page.locator("nav:visible, #filters:visible, button:visible").count() == 0
    hidden = "[...document.querySelectorAll('.card pre')].filter((one) => !one.checkVisibility()).length"
    assert page.evaluate(hidden) == 0
    page.close()


def test_matrix_and_bars_say_what_was_reached(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    cells = page.locator(".matrix tbody tr", has_text="GET /exams/{id}").locator("td.failed").all_inner_texts()
    assert cells[0] == "✗ 2/2"
    assert " ".join(page.locator(".bars div").first.inner_text().split()) == "Operations with a success 2 of 3"
    assert page.locator("#untried ~ .need").first.inner_text().startswith("--ids exam_id=…")
    page.close()


def test_each_column_of_the_matrix_stands_below_its_layer() -> None:
    """Results come with findings first, whatever their layer."""
    some = make_report().results[0]
    places: list[tuple[Phase, str]] = [
        ("signature", "x-signing.key"),
        ("model", "requestBody"),
        ("signature", "x-signing.nonce"),
    ]
    results = tuple(replace(some, layer=layer, clause=clause) for layer, clause in places)
    html = as_html(make_report(results=results))
    heads = re.findall(r'colspan="(\d)">(\w+)<|class="turned"><span>(\w+)<', html)
    assert heads == [
        ("1", "model", ""),
        ("2", "signature", ""),
        *(("", "", one) for one in ("requestBody", "key", "nonce")),
    ]
