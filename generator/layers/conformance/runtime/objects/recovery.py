"""Requests that should have created something and got no answer: what they made is looked for by its made-up name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from requests import PreparedRequest

from ..description import Api, Json, Operation
from ..http.caller import Caller
from ..http.wire import content

MARKER = re.compile(r"conformance-[0-9a-f]{16}")
_MOST_PAGES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that creates: by which operation, below what (ids by their creators), and the names that it made up."""

    creator: str
    parents: Mapping[str, object]
    markers: tuple[str, ...]


def asked(operation: Operation, ids: Mapping[str, object], request: PreparedRequest | None) -> Asked:
    """What is to be known of a request before it is sent; None stands for one whose body is generated."""
    parents = {p.creator: ids[p.name] for p in operation.placeholders if p.creator and p.name in ids}
    return Asked(creator=operation.id, parents=parents, markers=names(request) if request is not None else ())


def names(request: PreparedRequest) -> tuple[str, ...]:
    """The made-up names in a body."""
    return tuple(dict.fromkeys(MARKER.findall(content(request).decode("utf-8", "replace"))))


def can_be_found(one: Asked, api: Api) -> bool:
    """Whether what came of it has a name to know it by, and a list to be in."""
    lister = _lister(api, one.creator)
    return bool(one.markers) and lister is not None and all(p.creator in one.parents for p in lister.placeholders)


def found(one: Asked, caller: Caller) -> Iterator[object]:
    """The identities of what came of it; network errors are those of `requests`."""
    creator, lister = caller.api.operation(one.creator), _lister(caller.api, one.creator)
    if creator is None or lister is None:
        return
    ids = {p.name: one.parents[p.creator] for p in lister.placeholders}
    for item in _items(lister, ids, caller):
        texts = " ".join(value for value in item.values() if isinstance(value, str))
        if not set(one.markers).isdisjoint(MARKER.findall(texts)):
            yield item.get(creator.identity)


def _lister(api: Api, creator: str) -> Operation | None:
    names = (p.lister for operation in api.operations for p in operation.placeholders if p.creator == creator)
    return next((lister for name in names if name and (lister := api.operation(name))), None)


def _items(lister: Operation, ids: Mapping[str, object], caller: Caller) -> Iterator[Mapping[str, Json]]:
    paging = lister.pagination
    for number in range(1, _MOST_PAGES + 1):
        query = {paging.page: number, paging.limit: paging.max_limit} if paging else {}
        data = caller.send(caller.prepare(lister, ids, query=query)).json
        listed = data.get(lister.envelope) if isinstance(data, dict) and lister.envelope else data
        items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        yield from items
        if paging is None or len(items) < paging.max_limit:
            return
