"""Reading the list in which a created object appears."""

from __future__ import annotations

import json
from collections.abc import Collection, Generator, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .._errors.exceptions import ProcwiseError
from .._session.clock import parse_date
from .call import Call, Outcome, Step, repeat
from .comparison import Likeness, compare_objects, normalize_text
from .decoding import decode
from .messages import Response, read_count
from .operation import Lookup

_MOST_PAGES = 5  # a longer list would cost more than the certainty is worth
_LONGEST_STORED = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object of the list, how like the created one it is, and the page on which it stands."""

    number: Any
    likeness: Likeness
    data: Mapping[str, Any]
    page: Response[Any]
    value: Any


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a list: the candidates by id, the ids of all objects, the filter, and the server's time."""

    found: Mapping[Any, Candidate]
    ids: Collection[Any]
    texts: Mapping[str, str]
    moment: datetime | None


def look_before(call: Call, lookup: Lookup, sent: Mapping[str, Any]) -> Generator[Step, Outcome, Look | None]:
    """What is there before the first attempt; None if it cannot be read.

    Only members by which objects are matched leave out none that a later look would take for a new one. By
    others a list is filtered that is too long otherwise.
    """
    texts = _choose_texts(lookup, sent)
    matched = {name: text for name, text in texts.items() if name in call.operation.retry.match}
    return (yield from _look_with(call, lookup, sent, (matched, texts)))


def look_after(call: Call, lookup: Lookup, sent: Mapping[str, Any]) -> Generator[Step, Outcome, Look | None]:
    """What is there now, in the whole list if it is not too long; None if it cannot be read."""
    return (yield from _look_with(call, lookup, sent, ({}, _choose_texts(lookup, sent))))


def _look_with(
    call: Call, lookup: Lookup, sent: Mapping[str, Any], filters: tuple[Mapping[str, str], Mapping[str, str]]
) -> Generator[Step, Outcome, Look | None]:
    """The first look that succeeds."""
    first, second = filters
    look = yield from _look(call, lookup, sent, first)
    if look is None and second != first:
        look = yield from _look(call, lookup, sent, second)
    return look


def _look(
    call: Call, lookup: Lookup, sent: Mapping[str, Any], texts: Mapping[str, str]
) -> Generator[Step, Outcome, Look | None]:
    """The objects that look like the one that is created; None if they cannot be read."""
    arguments = lookup.arguments(*call.prepared.path_values)
    asked = {**arguments["query"], **_filter_query(lookup, texts)}
    found: dict[Any, Candidate] = {}
    ids: set[Any] = set()
    for number in range(1, _MOST_PAGES + 1):
        turned = {lookup.page: number, lookup.limit: lookup.most} if lookup.page else {}
        try:
            page = yield from _read_page(call, lookup, {**arguments, "query": {**asked, **turned}})
        except ProcwiseError:
            return None
        for item in page.value if isinstance(page.value, list) else ():
            one = _identify(item, sent, call.operation.retry.match, page)
            ids.add(one.number)
            if one.likeness is not Likeness.OTHER:
                found[one.number] = one
        if _is_last(lookup, page, number):
            return None if None in found else Look(found, ids, texts, parse_date(page.headers.get("date", "")))
        if _count_pages(lookup, page, number) > _MOST_PAGES:
            return None
    return None


def _read_page(call: Call, lookup: Lookup, arguments: Mapping[str, Any]) -> Generator[Step, Outcome, Response[Any]]:
    reading = call.start_reading(lookup.operation, arguments)
    response = yield from repeat(reading, is_safe=True)
    value = decode(call.session, reading.prepared, lookup.operation, response)
    return Response(value, response.headers, response.status, response.content)


def _identify(item: Any, sent: Mapping[str, Any], match: tuple[str, ...], page: Response[Any]) -> Candidate:
    """The item with its id, None if it has none, and how like the created object it is."""
    data = item.to_dict() if hasattr(item, "to_dict") else {}
    number = data.get("id")
    return Candidate(
        number=number if isinstance(number, Hashable) else None,
        likeness=compare_objects(sent, data, match),
        data=data,
        page=page,
        value=item,
    )


def _choose_texts(lookup: Lookup, sent: Mapping[str, Any]) -> dict[str, str]:
    """The texts that the list can be filtered by; those that servers store otherwise would hide the object."""
    texts = {name: sent.get(name) for name in lookup.columns} if lookup.filter else {}
    return {name: text for name, text in texts.items() if isinstance(text, str) and _is_stable(text)}


def _filter_query(lookup: Lookup, texts: Mapping[str, str]) -> dict[str, str]:
    """The filter that leaves only objects with these texts."""
    plain = {name: {"eq": text} for name, text in texts.items()}
    return {lookup.filter: json.dumps(plain, ensure_ascii=False, separators=(",", ":"))} if plain else {}


def _is_stable(text: str) -> bool:
    """Whether servers surely store the text as it is sent, but for its case."""
    return (
        text.casefold() == normalize_text(text) and len(text) <= _LONGEST_STORED and ("@" not in text or text.islower())
    )


def _is_last(lookup: Lookup, page: Response[Any], number: int) -> bool:
    if not lookup.page or not lookup.layout:
        return True
    pages = read_count(page.headers, lookup.layout.page_count)
    return not page.value if pages is None else number >= pages


def _count_pages(lookup: Lookup, page: Response[Any], number: int) -> int:
    """How many pages the list has as far as its response says; at least those that were read."""
    counted = read_count(page.headers, lookup.layout.page_count) if lookup.layout else None
    return number if counted is None else counted
