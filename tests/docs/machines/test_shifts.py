"""Nothing moves while a page comes, whole or in pieces."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.docs.built_site import Serve
from tests.docs.machines.lighthouse_runs import PAGES
from tests.proofs import FULL, mark_slow

MORE_PAGES = (
    "guides/signing-gallery/",
    "guides/command-line/",
    "reference/migration/",
    "reference/v3/errors/",
    "reference/v1/exams/",
    "python/",
    "404.html",
)
# Chromium gives blanks between elements a place as wide as the paragraph, and says that it moved: nobody sees them.
SHIFTS = """() => new Promise((done) => {
  const seen = [];
  const isSeen = ({ node }) => node?.nodeType !== Node.TEXT_NODE || node.data.trim();
  const say = ({ value, sources }) => [value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 120))];
  new PerformanceObserver((list) => seen.push(...list.getEntries().filter((one) => one.sources.some(isSeen)).map(say)))
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


class _Pieces(SimpleHTTPRequestHandler):
    """Sends each page in pieces that end before a tag, as a slow network or a busy browser may have it."""

    pieces = 150

    def __init__(self, seed: int, *args: Any, **options: Any) -> None:
        self.seed = seed
        super().__init__(*args, **options)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of a request."""

    def do_GET(self) -> None:
        page = Path(self.translate_path(self.path))
        page = page / "index.html" if page.is_dir() else page
        if page.suffix == ".html" and page.is_file():
            self._send_pieces(page.read_bytes())
        else:
            super().do_GET()

    def _send_pieces(self, page: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        for start, end in self._cut(page):
            self.wfile.write(page[start:end])
            self.wfile.flush()
            time.sleep(0.02)

    def _cut(self, text: bytes) -> Iterator[tuple[int, int]]:
        tags = [found.start() for found in re.finditer(rb"<", text)]
        chosen = random.Random(self.seed).sample(tags, min(self.pieces, len(tags)))
        cuts = [0, *sorted(chosen), len(text)]
        return pairwise(cuts)


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
@pytest.mark.parametrize("width", [mark_slow(1440), mark_slow(390)])
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


@pytest.mark.slow
@pytest.mark.needs("chromium")
@pytest.mark.parametrize("path", [PAGES["operation"], PAGES["home"], "reference/v3/errors/", "404.html"])
@pytest.mark.parametrize("seed", range(1, 6 if FULL else 2))
def test_nothing_moves_while_a_page_comes_in_pieces(browser: Any, site: Path, path: str, seed: int) -> None:
    """Tables would: their columns find their widths as the rows come."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pieces, seed, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        tab.goto(f"http://127.0.0.1:{server.server_port}/{path}")
        tab.wait_for_load_state("networkidle")
        moved = tab.evaluate(SHIFTS)
        tab.close()
        server.shutdown()
    assert moved == []
