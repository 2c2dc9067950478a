"""Where a fact comes from: the pages by the titles that the description gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from itertools import chain, count

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


def source_anchors(api: Api) -> Mapping[str, str]:
    """Where the page of the version explains each source: the words of its title, and a number if another has them."""
    return _name_anchors(explained_sources(api))


@cache
def _name_anchors(entries: tuple[SourceTitle, ...]) -> Mapping[str, str]:
    anchors: dict[str, str] = {}
    for entry in entries:
        name = "-".join(["source", *re.findall("[a-z0-9]+", entry.title.lower())])
        names = chain([name], (f"{name}-{number}" for number in count(2)))
        anchors[entry.page] = next(free for free in names if free not in anchors.values())
    return anchors


def _link_page(api: Api, page: str, start: str) -> Link:
    name = api.name_page(page)
    anchor = source_anchors(api).get(page)
    if anchor:
        return Link(name, f"{relative(f'{api.name}/{INDEX}', start)}#{anchor}")
    url = _PLAIN_URL.fullmatch(page)
    return Link(url[1] if name == page else name, page) if url else Link(name)
