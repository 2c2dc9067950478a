"""How a list is read to its end: by `x-pagination`, or as the names of parameters, members and headers say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from requests.utils import parse_header_links

from procwise_conformance.description import Parameter

from ...api import Api, Json, Operation
from ..check_run import Exchange

Style = Literal["whole", "page", "offset", "cursor", "unknown"]

_PAGES = ("page", "pagenumber", "pageno", "pageindex", "pagenum")
_OFFSETS = ("offset", "skip", "start", "startindex", "from")
_CURSORS = ("cursor", "after", "startingafter", "pagetoken", "nexttoken", "continuationtoken", "continuation", "marker")
_LIMITS = ("limit", "size", "pagesize", "perpage", "count", "maxresults", "maxitems", "top", "take", "rows", "first")
_NEXT = ("next", "nextcursor", "nextpage", "nextpagetoken", "nexttoken", "cursor", "continuationtoken", "continuation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The parameters of a list that ask for a page and its size; `first` is the number of the first page.

    `largest` is the largest size that is described, 0 if none is. `whole` lists have no pages; what `unknown` ones have
    nothing says, so that what is missing on a page may be on another one. `leads` says that a header or member is
    described which leads to the next page.
    """

    style: Style
    position: str = ""
    limit: str = ""
    first: int = 1
    largest: int = 0
    leads: bool = False

    def begin(self, size: int = 0) -> dict[str, object]:
        """The query of the first page; as long as allowed, or with so many items."""
        size = size or self.largest
        asked: dict[str, object] = {self.limit: size} if self.limit and size else {}
        return {**asked, self.position: self.first} if self.style == "page" else asked

    def follow(self, asked: Mapping[str, object], page: Exchange, api: Api) -> dict[str, object] | None:
        """The query of the page behind this one; None if it is the last, or nothing says how to go on."""
        if not page.succeeded:
            return None
        if linked := _find_link(page, api):
            return linked
        if self.style == "cursor":
            following = find_cursor(page, self.position) or _last_id(page)
            return {**asked, self.position: following} if following else None
        if self.style not in ("page", "offset") or self.is_last(asked, page, api):
            return None
        step = len(page.items) if self.style == "offset" else 1
        return {**asked, self.position: int(str(asked.get(self.position, 0))) + step}

    def is_last(self, asked: Mapping[str, object], page: Exchange, api: Api) -> bool:
        """Whether nothing can be behind the page."""
        if _find_link(page, api):
            return False
        if self.style in ("page", "offset"):
            size = int(str(asked.get(self.limit, 0)))
            return len(page.items) < max(size, 1)
        if self.style == "cursor":
            more = _says_more(page)
            ends = more is False or (more is None and self.leads)
            return page.succeeded and ends and not find_cursor(page, self.position)
        return self.style == "whole"


def infer_paging(operation: Operation) -> Paging:
    """The paging of a list."""
    if operation.pagination is not None:
        paging = operation.pagination
        return Paging(style="page", position=paging.page, limit=paging.limit, largest=paging.max_limit)
    query, leads = operation.in_("query"), _promises_more(operation)
    numbers = [one for one in query if "integer" in one.schema.canonical.types]
    texts = [one for one in query if one.schema.canonical.types[:1] in ((), ("string",), ("integer",))]
    limit = _find_named(numbers, _LIMITS)
    # Without a maximum that is described, any size could be too large.
    size = partial(Paging, limit=limit.name if limit else "", largest=_limit(limit, "maximum", 0))
    cursor = _find_named([one for one in texts if not one.schema.canonical.format.startswith("date")], _CURSORS)
    if cursor is not None:
        return size(style="cursor", position=cursor.name, leads=leads)
    if (offset := _find_named(numbers, _OFFSETS)) is not None:
        return size(style="offset", position=offset.name)
    if (page := _find_named(numbers, _PAGES)) is not None:
        return size(style="page", position=page.name, first=_limit(page, "minimum", 1))
    return size(style="unknown" if limit or leads else "whole")


def find_cursor(page: Exchange, position: str) -> str:
    """Where the next page begins, as a header or a member beside the items says; empty if nothing does."""
    if text := _search(page.response.headers, position):
        return text
    body = page.response.json
    return _search_members(body, position) if isinstance(body, dict) else ""


def _says_more(page: Exchange) -> bool | None:
    """What a member such as `has_more` says; None if there is none."""
    body = page.response.json
    members = body if isinstance(body, dict) else {}
    found = (value for name, value in members.items() if _plain(name) in ("hasmore", "more", "hasnext", "hasnextpage"))
    return next((one for one in found if isinstance(one, bool)), None)


def _last_id(page: Exchange) -> str:
    """The id of the last item, where only a flag says that there is more: the next page begins behind it."""
    last = page.items[-1] if page.items and _says_more(page) else {}
    return str(last.get("id", ""))


def _search_members(body: Mapping[str, Json], position: str) -> str:
    places = (body, *(value for value in body.values() if isinstance(value, dict)))
    texts = ({name: str(value) for name, value in place.items() if isinstance(value, str | int)} for place in places)
    return next((text for place in texts if (text := _search(place, position))), "")


def _search(named: Mapping[str, str], position: str) -> str:
    """The value under a name for the next page, out of its address if it is one."""
    text = next((value for name, value in named.items() if _plain(name).removeprefix("x") in _NEXT), "")
    if text.startswith(("http://", "https://", "/", "?")):
        return dict(parse_qsl(urlsplit(text).query)).get(position, "")
    return text


def _find_link(page: Exchange, api: Api) -> dict[str, object]:
    """The query that a Link header names for the next page, without signing parameters."""
    links = parse_header_links(page.response.headers.get("link", ""))
    url = next((str(one.get("url", "")) for one in links if one.get("rel") == "next"), "")
    described = {one.name for one in page.operation.in_("query")}
    signing = api.scheme.exclude if api.scheme else ()
    return {name: value for name, value in parse_qsl(urlsplit(url).query) if name in described and name not in signing}


def _promises_more(operation: Operation) -> bool:
    """Whether a header or member of the response is described that leads to more items."""
    schema = operation.success.schema
    members = schema.resolve().properties if schema is not None else ()
    named: Iterable[str] = (*(one.name for one in operation.success.headers), *(one.name for one in members))
    return any(_plain(name).removeprefix("x") in (*_NEXT, "link", "links", "hasmore") for name in named)


def _find_named(parameters: Iterable[Parameter], names: tuple[str, ...]) -> Parameter | None:
    return next((one for one in parameters if _plain(one.name) in names), None)


def _limit(parameter: Parameter | None, keyword: str, otherwise: int) -> int:
    limits = dict(parameter.schema.canonical.limits) if parameter else {}
    value = limits.get(keyword, otherwise)
    return value if isinstance(value, int) else otherwise


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def filter_query(lister: Operation, conditions: Mapping[str, Mapping[str, Json]]) -> dict[str, object]:
    """The query that filters a list."""
    return {lister.filter.filter: json.dumps(conditions, ensure_ascii=False)} if lister.filter else {}


def build_filter_query(lister: Operation, sent: Mapping[str, Json]) -> dict[str, object]:
    """The query that filters a list by these values, if that is possible."""
    filters = lister.filter
    for column in filters.columns if filters else ():
        value = sent.get(column.name)
        if column.type == "string" and "eq" in column.operators and isinstance(value, str) and value.isascii():
            return filter_query(lister, {column.name: {"eq": value}})
    return {}
