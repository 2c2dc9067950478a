"""The site, built, and its pages as a reader's program sees them: tables, code, links, what is loaded."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

Serve = Callable[[Path], str]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Row:
    """A row of a parameter or member, without the rows inside it; `words` are the values that it lists."""

    text: str = ""
    codes: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


@dataclass
class Page(HTMLParser):
    """One page. `tables` are rows of cells, `elements` the tags inside the article with their attributes."""

    path: Path
    title: str = ""
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    scripts: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _within: list[tuple[int, Row]] = field(default_factory=list)
    _list: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._addresses(tag, values)
        if "article" in self._open:
            self.elements.append((tag, values))
            self._structure(tag)
            self._rows(tag, values)
        if tag == "script":
            self.scripts.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        while self._within and self._within[-1][0] >= len(self._open):
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._open:
            return
        if self._open[-1] == "script":
            self.scripts[-1] += data
        if self._open[-1] == "title":
            self.title += data
        if "article" in self._open:
            self._words(data)

    def _addresses(self, tag: str, values: dict[str, str]) -> None:
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag != "a" and values.get("rel") not in ("canonical", "prev", "next"):
            self.loads += [values[name] for name in ("src", "href", "data", "action", "poster") if name in values]

    def _rows(self, tag: str, values: dict[str, str]) -> None:
        if "op-row" in values.get("class", "").split():
            self.rows[values["id"]] = Row()
            self._within.append((len(self._open), self.rows[values["id"]]))
        if not self._within:
            return
        row = self._within[-1][1]
        if tag in ("ul", "p"):
            self._list = values.get("class", "")
        elif tag == "a":
            row.links.append(values["href"])
        elif tag == "code":
            {"op-words": row.words, "op-limits": row.limits}.get(self._list, row.codes).append("")

    def _structure(self, tag: str) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag == "code":
            (self.blocks if "pre" in self._open else self.codes).append("")
        elif tag in ("h1", "h2", "h3"):
            self.headings.append("")
        elif tag == "br" and {"td", "th"} & {*self._open}:
            self.tables[-1][-1][-1] += "\n"

    def _words(self, data: str) -> None:
        self.text += data
        if self._within:
            row = self._within[-1][1]
            row.text += data
            if "code" in self._open:
                {"op-words": row.words, "op-limits": row.limits}.get(self._list, row.codes)[-1] += data
        if {"td", "th"} & {*self._open}:
            self.tables[-1][-1][-1] += data
        if "code" in self._open:
            (self.blocks if "pre" in self._open else self.codes)[-1] += data
        if {"h1", "h2", "h3"} & {*self._open} and "a" not in self._open:
            self.headings[-1] += data


@cache
def page_at(path: Path) -> Page:
    """The page in that file, which is read once for all tests: reading the whole site takes five seconds."""
    kept = next((kept for folder in path.parents if (kept := _file_of_pages(folder)).exists()), None)
    return (_load_pages(kept).get(path) if kept else None) or Page(path)


def pages(site: Path) -> list[Page]:
    """All pages of a built site but the one for a missing page."""
    return [page_at(path) for path in _list_pages(site)]


def keep_pages(site: Path) -> None:
    """Reads all pages of the site, and keeps them beside it for other processes."""
    _file_of_pages(site).write_bytes(pickle.dumps({path: Page(path) for path in _list_pages(site)}))


def _file_of_pages(site: Path) -> Path:
    return site.parent / f"{site.name}.pages"


@cache
def _load_pages(kept: Path) -> Mapping[Path, Page]:
    found: dict[Path, Page] = pickle.loads(kept.read_bytes())
    return found


def _list_pages(site: Path) -> list[Path]:
    return [path for path in sorted(site.rglob("*.html")) if path.name != "404.html"]


def find_broken_links(site: Path, read: Iterable[Page]) -> list[tuple[str, str]]:
    """The links and loads of these pages that lead to no file or anchor of the site, with the page of each."""
    by_path = {page.path: page for page in read}
    return [
        (str(page.path.relative_to(site)), link)
        for page in by_path.values()
        for link in (*page.links, *page.loads)
        if not urlsplit(link).scheme and not _leads_somewhere(page, link, by_path)
    ]


def _leads_somewhere(page: Page, link: str, by_path: Mapping[Path, Page]) -> bool:
    parts = urlsplit(link)
    target = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    target = target / "index.html" if target.is_dir() else target
    if not target.is_file():
        return False
    anchor = unquote(parts.fragment)
    return not anchor or target not in by_path or anchor in by_path[target].ids


def build(config: Path, site: Path) -> Path:
    """Build strictly; a warning is a failure."""
    call = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(config), "--site-dir", str(site)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(call, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return site
