"""Light and dark: chosen before anything is shown, kept, and made of few elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.built_site import page_at

CREATE = "reference/v3/exams/create/"
MOST_STYLED = 1_200  # elements, of 2,400: once for what is in sight, and some again
NewTab = Callable[..., Any]


@pytest.fixture
def new_tab(browser: Any) -> Iterator[NewTab]:
    contexts = []

    def open_tab(**options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield open_tab
    for context in contexts:
        context.close()


def test_code_makes_elements_only_of_what_it_colours(site: Path) -> None:
    """A browser's time goes with their number, and each page has its request in nine languages."""
    page = page_at(site / CREATE / "index.html")
    marked = {values.get("class", "") for tag, values in page.elements if tag == "span"}
    assert not {"w", "p", "o", "n", "nx"} & marked
    assert {"k", "s2", "mi", "c1"} <= marked


def read_scheme(tab: Any) -> tuple[str, str]:
    """The scheme of the page, and the name of the one button that changes it."""
    (button,) = [label for label in tab.query_selector_all("[data-palette] label") if label.is_visible()]
    return tab.get_attribute("body", "data-md-color-scheme"), button.get_attribute("title")


DARK = ("slate", "Switch to light colours")
LIGHT = ("default", "Switch to dark colours")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_the_wish_of_the_system_holds_before_any_script_is_loaded(new_tab: NewTab, address: str) -> None:
    for wish, expected in (("dark", DARK), ("light", LIGHT)):
        tab = new_tab(color_scheme=wish)
        tab.route("**/*.js", lambda route: route.abort())
        tab.goto(address)
        assert read_scheme(tab) == expected


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_what_was_chosen_is_kept_and_the_wish_of_the_system_is_not(new_tab: NewTab, address: str) -> None:
    tab = new_tab(color_scheme="dark")
    tab.goto(address)
    tab.emulate_media(color_scheme="light")
    tab.reload()
    assert read_scheme(tab) == LIGHT
    tab.click("[data-palette] label:visible")
    assert read_scheme(tab) == DARK
    tab.goto(address + CREATE)
    assert read_scheme(tab) == DARK
    tab.focus("#__palette_1")
    tab.keyboard.press("Enter")
    assert read_scheme(tab) == LIGHT
    assert tab.evaluate("document.activeElement.id") == "__palette_0"
    tab.reload()
    assert read_scheme(tab) == LIGHT


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_marked_in_code_has_a_colour_of_its_own(new_tab: NewTab, address: str, scheme: str) -> None:
    tab = new_tab(color_scheme=scheme)
    tab.goto(address + CREATE)
    counted = tab.evaluate(COUNT_COLOURS)
    assert counted["marked"] > 300
    assert counted["plain"] == []


COUNT_COLOURS = """() => {
  const marked = [...document.querySelectorAll("pre > code span")];
  const colour = (element) => getComputedStyle(element).color;
  const plain = marked.filter((one) => colour(one) === colour(one.closest("code")));
  return { marked: marked.length, plain: [...new Set(plain.map((one) => one.className))] };
}"""


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_a_phone_does_not_style_a_page_anew(new_tab: NewTab, address: str) -> None:
    """The time that it takes depends on the machine; how many elements are styled does not."""
    tab = new_tab(viewport={"width": 412, "height": 823}, is_mobile=True, has_touch=True)
    session = tab.context.new_cdp_session(tab)
    events: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda found: events.extend(found["value"]))
    session.send("Tracing.start", {"transferMode": "ReportEvents", "categories": "devtools.timeline"})
    tab.goto(address + CREATE, wait_until="networkidle")
    tab.wait_for_function("document.querySelectorAll('.tabbed-labels--linked').length > 1")
    ended: list[object] = []
    session.on("Tracing.tracingComplete", lambda found: ended.append(found))
    session.send("Tracing.end")
    while not ended:
        tab.wait_for_timeout(50)
    process = next(one["pid"] for one in events if one["name"] == "ParseHTML" and CREATE in str(one["args"]))
    styled = [
        one["args"].get("elementCount", 0)
        for one in events
        if one["name"] == "UpdateLayoutTree" and one["pid"] == process
    ]
    assert 100 < sum(styled) < MOST_STYLED
