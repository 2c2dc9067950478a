"""The built site holds together: no broken link, nothing from elsewhere, readable without a script."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.docs.built_site import Page, Serve, find_broken_links, pages


@pytest.fixture(scope="module")
def read(site: Path) -> list[Page]:
    return pages(site)


def test_every_check_of_mkdocs_is_on(root: Path) -> None:
    config = yaml.safe_load((root / "mkdocs.yml").read_text())
    assert config["validation"] == {
        "nav": dict.fromkeys(("omitted_files", "not_found", "absolute_links"), "warn"),
        "links": dict.fromkeys(("not_found", "anchors", "absolute_links", "unrecognized_links"), "warn"),
    }
    assert [[*plugin] for plugin in config["plugins"]] == [["search"]]
    assert "hooks" not in config


@pytest.mark.slow
def test_no_link_inside_the_site_is_broken(site: Path, read: list[Page]) -> None:
    assert find_broken_links(site, read) == []


@pytest.mark.slow
def test_nothing_is_loaded_from_elsewhere(site: Path, read: list[Page]) -> None:
    assert [(page.title, load) for page in read for load in page.loads if urlsplit(load).netloc] == []
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", sheet.read_text()), sheet


@pytest.mark.slow
def test_every_page_has_a_title_and_one_first_heading(read: list[Page]) -> None:
    for page in read:
        assert page.title.strip(), page.path
        assert [tag for tag, _ in page.elements].count("h1") == 1, page.path


@pytest.mark.slow
def test_every_page_says_everything_without_scripts(read: list[Page]) -> None:
    assert all(len(page.text) > 120 for page in read), [page.path for page in read if len(page.text) <= 120]


@pytest.mark.slow
def test_every_page_is_reached_from_the_home_page(site: Path, read: list[Page]) -> None:
    by_path = {page.path: page for page in read}
    waiting = [site / "index.html"]
    reached = {*waiting}
    while waiting:
        page = by_path[waiting.pop()]
        links = {urlsplit(link).path for link in page.links if not urlsplit(link).netloc}
        targets = {(page.path.parent / link / "index.html").resolve() for link in links}
        waiting += (targets & by_path.keys()) - reached
        reached |= targets & by_path.keys()
    assert reached == {*by_path}


PAGES = (
    "",
    "guides/signing/",
    "reference/workbench/",
    "reference/v3/",
    "reference/v3/errors/",
    "reference/v3/exams/create/",
)
MORE_PAGES = ("quick-start/", "guides/", "reference/", "reference/v3/exams/", "reference/v1/exams/list/")


@pytest.fixture(scope="module")
def axe(root: Path) -> str:
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=root, check=True, capture_output=True)
    return (root / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.needs("npm")
@pytest.mark.parametrize(
    ("scheme", "width", "paths"),
    [
        ("light", 1440, PAGES[3:]),
        ("dark", 390, PAGES[:3] + PAGES[-1:]),
        pytest.param("dark", 1440, PAGES + MORE_PAGES, marks=pytest.mark.slow),
        pytest.param("light", 390, PAGES + MORE_PAGES, marks=pytest.mark.slow),
    ],
)
def test_in_the_browser(
    browser: Any, serve: Serve, site: Path, axe: str, scheme: str, width: int, paths: tuple[str, ...]
) -> None:
    served = serve(site)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    for path in paths:
        page.goto(served + path)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        # What a phone lays out late has no place yet, and axe would take the colours behind it from elsewhere.
        page.add_style_tag(content="* { content-visibility: visible !important }")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, path
        page.evaluate(axe)
        assert page.evaluate(_AXE) == [], path
    assert faults == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(served).netloc}
    context.close()


WALK = (
    (".md-tabs >> text=Tutorials", "/quick-start/"),
    (".md-sidebar--primary >> text=Your first exam", "/guides/first-exam/"),
    ("article >> text=the page of the operation", "/reference/v3/exams/create/"),
    (".op-rest >> text=Create a document", "/reference/v3/documents/create/"),
    (".md-footer__link--next", "/reference/v3/documents/show/"),
    (".md-sidebar--primary >> text=Exams", "/reference/v3/exams/"),
    (".op-list >> text=List exams", "/reference/v3/exams/list/"),
    (".op-versions a", "/reference/v1/exams/list/"),
    (".op-error >> text=401", "/reference/v1/errors/#status-401"),
    (".md-tabs >> text=About", "/promises/"),
)


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("instant", [True, False], ids=["instant", "page by page"])
def test_a_walk_through_ten_pages_and_back_asks_nobody_else(
    browser: Any, serve: Serve, site: Path, instant: bool
) -> None:
    served = serve(site)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    if not instant:  # as where the site lies at another address than it was built for
        page.route("**/sitemap.xml", lambda route: route.abort())
    page.goto(served)
    page.wait_for_load_state("networkidle")
    page.evaluate("window.stays = true")
    headings: list[str] = []
    for target, expected in WALK:
        before = page.title()
        page.click(f"{target} >> nth=0")
        page.wait_for_url(f"**{expected}")
        page.wait_for_function("text => document.title !== text", arg=before)
        headings.append(page.title())
    for (_, expected), heading in [*zip(WALK, headings, strict=True)][-2::-1]:
        page.go_back()
        page.wait_for_url(f"**{expected}")
        page.wait_for_function("text => document.title === text", arg=heading)
    assert page.evaluate("window.stays === true") == instant
    page.click(".md-sidebar--primary >> text=Your first exam >> nth=0")
    page.go_back()
    page.wait_for_url("**/quick-start/")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(served).netloc}
    context.close()


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_paper_and_less_motion(browser: Any, serve: Serve, site: Path) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{serve(site)}reference/v3/exams/create/")
    assert page.evaluate(_READ_MOTION) == ["none", "auto", "none"]
    shown = {name: page.locator(name).first.is_visible() for name in (".md-header", "details .op-row", "h1")}
    assert shown == {".md-header": True, "details .op-row": False, "h1": True}
    page.emulate_media(media="print")
    page.wait_for_load_state("networkidle")
    hidden = (
        ".md-header",
        ".md-tabs",
        ".md-sidebar",
        ".md-footer",
        ".md-typeset button",
        ".op-bench",
        ".op-check",
        ".headerlink",
    )
    assert [name for name in hidden if page.evaluate(_COUNT_VISIBLE, name)] == []
    assert page.evaluate(_COUNT_VISIBLE, "details:not([open]) .op-row") > 10
    assert page.evaluate(_COUNT_VISIBLE, ".op-side section pre") == 1  # the program in the language that was chosen
    assert page.evaluate(_COUNT_CUT) == 0
    context.close()


_COUNT_VISIBLE = "name => [...document.querySelectorAll(name)].filter(e => e.checkVisibility()).length"
_COUNT_CUT = """() => {
  const isCut = code => code.scrollHeight > code.clientHeight + 1 || code.scrollWidth > code.clientWidth + 1;
  return [...document.querySelectorAll("pre > code")].filter(code => code.checkVisibility() && isCut(code)).length;
}"""
_READ_MOTION = """() => {
  const moving = document.querySelector("article").appendChild(document.createElement("p"));
  moving.style.cssText = "animation: turn 2s infinite; scroll-behavior: smooth; transition: color 2s";
  const { animationName, scrollBehavior, transitionProperty } = getComputedStyle(moving);
  moving.remove();
  return [animationName, scrollBehavior, transitionProperty];
}"""

_AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const { violations } = await axe.run({ runOnly: { type: "tag", values: tags } });
  const shown = ({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) => [id, html, failureSummary]);
  return violations.flatMap(shown);
}"""
