"""Creating requests without a response: what they created is found by its made-up name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from requests import PreparedRequest

from ..api import Api, Json, Operation
from ..http.caller import Caller
from ..http.wire import content

MARKER = re.compile(r"conformance-[0-9a-f]{16}")
_MOST_PAGES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CreationRequest:
    """A creating request: its operation, the parents' ids by their creators, and its made-up names."""

    creator: str
    parents: Mapping[str, object]
    markers: tuple[str, ...]


def describe_request(
    operation: Operation, ids: Mapping[str, object], request: PreparedRequest | None
) -> CreationRequest:
    """The record of a request before it is sent; None stands for one with a generated body."""
    parents = {p.creator: ids[p.name] for p in operation.placeholders if p.creator and p.name in ids}
    return CreationRequest(
        creator=operation.id, parents=parents, markers=find_markers(request) if request is not None else ()
    )


def find_markers(request: PreparedRequest) -> tuple[str, ...]:
    """The made-up names in a body."""
    return tuple(dict.fromkeys(MARKER.findall(content(request).decode("utf-8", "replace"))))


def can_be_found(one: CreationRequest, api: Api) -> bool:
    """Whether what it created has a made-up name and is in a list."""
    lister = _lister(api, one.creator)
    return bool(one.markers) and lister is not None and all(p.creator in one.parents for p in lister.placeholders)


def find_created(one: CreationRequest, caller: Caller) -> Iterator[object]:
    """The ids of what it created; network errors are those of `requests`."""
    creator, lister = caller.api.find(one.creator), _lister(caller.api, one.creator)
    if creator is None or lister is None:
        return
    ids = {p.name: one.parents[p.creator] for p in lister.placeholders}
    for item in _list_items(lister, ids, caller):
        texts = " ".join(value for value in item.values() if isinstance(value, str))
        if not set(one.markers).isdisjoint(MARKER.findall(texts)):
            yield item.get(creator.identity)


def _lister(api: Api, creator: str) -> Operation | None:
    names = (p.lister for operation in api.operations for p in operation.placeholders if p.creator == creator)
    return next((lister for name in names if name and (lister := api.find(name))), None)


def _list_items(lister: Operation, ids: Mapping[str, object], caller: Caller) -> Iterator[Mapping[str, Json]]:
    paging = lister.pagination
    for number in range(1, _MOST_PAGES + 1):
        query = {paging.page: number, paging.limit: paging.max_limit} if paging else {}
        data = caller.send(caller.prepare(lister, ids, query=query)).json
        listed = data.get(lister.wrapper) if isinstance(data, dict) and lister.wrapper else data
        items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        yield from items
        if paging is None or len(items) < paging.max_limit:
            return
