"""Where a fact comes from: the pages by the titles that the description gives them."""

from __future__ import annotations

import re

from generator.ir import Api, Source, SourceTitle
from generator.layers.docs.page_paths import INDEX, relative
from generator.layers.docs.prose import Link, Origin

_PLAIN_URL = re.compile(r"https?://([A-Za-z0-9._~/?=&%-]+)")


def origin(api: Api, source: Source | None, start: str) -> Origin:
    """The origin of a fact, with links that begin at the page `start`."""
    if source is None:
        return Origin(confidence="not stated", pages=(), note="")
    pages = tuple(dict.fromkeys(_link_page(api, page, start) for page in source.pages))
    return Origin(confidence=source.confidence, pages=pages, note=api.name_sources_in(source.note))


def explained_sources(api: Api) -> tuple[SourceTitle, ...]:
    """The sources that the page of the version explains, since they have no address."""
    return tuple(entry for entry in api.source_titles if entry.description)


def source_anchor(page: str) -> str:
    """Where the page of the version explains a source."""
    return "source-" + re.sub(r"[^A-Za-z0-9]+", "-", page)


def _link_page(api: Api, page: str, start: str) -> Link:
    name = api.name_page(page)
    if any(entry.page == page for entry in explained_sources(api)):
        return Link(name, f"{relative(f'{api.name}/{INDEX}', start)}#{source_anchor(page)}")
    url = _PLAIN_URL.fullmatch(page)
    return Link(url[1] if name == page else name, page) if url else Link(name)
