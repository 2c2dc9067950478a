"""Creating an object once although responses get lost: lists are read before the first attempt, and after a loss."""

from __future__ import annotations

import json
from collections.abc import Generator, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .._errors.exceptions import OutcomeUnknown, ProcwiseError
from .._session.clock import parse_date
from .call import Call, Outcome, Step, repeat
from .comparison import Likeness, compare_objects, describe_object, normalize_text, read_moment
from .creation_queue import CREATIONS, Creation
from .decoding import decode
from .messages import RawResponse, Response, Wait, read_count
from .operation import Lookup
from .retrying import choose_look_waits, has_unknown_effect, may_run_long

_MOST_PAGES = 5  # a longer list would cost more than the certainty is worth
_LONGEST_STORED = 100
_CLOCKS_DIFFER = timedelta(seconds=2)  # those of one server, usually
_OLDER = timedelta(days=1)  # a moment in a wrong time zone is off by less


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object that looks like the one that is created, and the page on which it stands."""

    likeness: Likeness
    data: Mapping[str, Any]
    page: Response[Any]
    value: Any


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in a list: the candidates by id, and the server's time."""

    found: Mapping[Any, Candidate]
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Search:
    """What a lost object is looked for with: the list, and what was in it before the first attempt."""

    call: Call
    lookup: Lookup
    before: Look
    creation: Creation


@dataclass(frozen=True, slots=True)
class Finding:
    """The candidates that have appeared, by id, and the one that is surely the created object."""

    new: Mapping[Any, Candidate]
    own: Candidate | None


def create(call: Call) -> Generator[Step, Outcome, RawResponse | Response[Any]]:
    """The response of the first attempt that took effect, or the object that a lost one created."""
    lookup, policy = call.operation.retry.lookup, call.settings.retry
    sent = describe_object(call.prepared.body)
    with CREATIONS.begin(_key_of(call, sent)) as creation:
        if lookup is None or not policy.look_first or not policy.max_retries:
            return (yield from _attempt_until_created(call, None))
        yield from CREATIONS.wait_for_turn(creation, call.time_left())
        before = yield from _look(call, lookup, sent, _filter_query(lookup, sent))
        search = None if before is None else Search(call, lookup, before, creation)
        return (yield from _attempt_until_created(call, search))


def _key_of(call: Call, sent: Mapping[str, Any]) -> Hashable:
    """What creations that look alike have in common: the list, and the first text by which objects are matched."""
    texts = (sent[name] for name in call.operation.retry.match if isinstance(sent.get(name), str))
    return (call.session.origin, call.prepared.path, normalize_text(next(texts, "")))


def _attempt_until_created(call: Call, search: Search | None) -> Generator[Step, Outcome, RawResponse | Response[Any]]:
    is_lost = False
    while True:
        result = yield from call.attempt()
        if result.response is not None and result.error is None:
            return result.response
        error = result.error
        assert error is not None  # noqa: S101  # what is no response is an error
        found = None
        if has_unknown_effect(error):
            found = yield from _look_after_loss(call, search, error)
            is_over = not call.may_go_on(error)
        else:
            is_over = not call.may_go_on(error) or not (yield from call.pause(error))
            if is_over and is_lost and search is not None:  # such as "has already been taken"
                finding = yield from _find(search)
                found = None if finding is None else finding.own
        if found is not None:  # what the look-up responded is all that there is
            page = found.page
            return Response(found.value, page.headers, page.status, page.content, call.attempts)
        if is_over:
            if is_lost:
                error.note_lost_response()
            raise error
        is_lost = is_lost or has_unknown_effect(error)


def _look_after_loss(
    call: Call, search: Search | None, error: ProcwiseError
) -> Generator[Step, Outcome, Candidate | None]:
    """The object that a failed attempt created, None if there is none; raises if that cannot be told.

    Where the server may still be at work, several looks follow one another.
    """
    if search is None:
        raise error if call.settings.retry.max_retries == 0 else _unknown_outcome(call, error)
    if not (yield from call.pause(error)):
        raise _unknown_outcome(call, error)
    for seconds in (0.0, *choose_look_waits(call.settings.retry, error)):
        if not call.has_time(seconds):
            raise _unknown_outcome(call, error)
        yield Wait(seconds)
        finding = yield from _find(search)
        if finding is None or (finding.new and finding.own is None):
            raise _unknown_outcome(call, error, () if finding is None else tuple(finding.new))
        if finding.own is not None:
            return finding.own
    if may_run_long(error):
        raise _unknown_outcome(call, error)
    return None


def _find(search: Search) -> Generator[Step, Outcome, Finding | None]:
    """What has appeared in the list since the first look; None if it cannot be read."""
    call, lookup, before = search.call, search.lookup, search.before
    sent = describe_object(call.prepared.body)
    query = _filter_query(lookup, sent)
    now = yield from _look(call, lookup, sent, {})
    if now is None and query:
        now = yield from _look(call, lookup, sent, query)
    if now is None:
        return None
    new = {
        number: one
        for number, one in now.found.items()
        if number not in before.found and _measure_age(call, one, before) <= _OLDER
    }
    may_return = len(new) == 1 and search.creation.is_alone and call.settings.retry.return_found
    return Finding(new, next((one for one in new.values() if may_return and _is_sure(call, one, query, before)), None))


def _look(
    call: Call, lookup: Lookup, sent: Mapping[str, Any], query: Mapping[str, str]
) -> Generator[Step, Outcome, Look | None]:
    """The objects that look like the one that is created; None if they cannot be read."""
    arguments = lookup.arguments(*call.prepared.path_values)
    asked = {**arguments["query"], **query}
    found: dict[Any, Candidate] = {}
    for number in range(1, _MOST_PAGES + 1):
        turned = {lookup.page: number, lookup.limit: lookup.most} if lookup.page else {}
        try:
            page = yield from _read_page(call, lookup, {**arguments, "query": {**asked, **turned}})
        except ProcwiseError:
            return None
        for item in page.value if isinstance(page.value, list) else ():
            found |= _identify(item, sent, call.operation.retry.match, page)
        if _is_last(lookup, page, number):
            return None if None in found else Look(found, parse_date(page.headers.get("date", "")))
    return None


def _read_page(call: Call, lookup: Lookup, arguments: Mapping[str, Any]) -> Generator[Step, Outcome, Response[Any]]:
    reading = call.start_reading(lookup.operation, arguments)
    response = yield from repeat(reading, is_safe=True)
    value = decode(call.session, reading.prepared, lookup.operation, response)
    return Response(value, response.headers, response.status, response.content)


def _identify(item: Any, sent: Mapping[str, Any], match: tuple[str, ...], page: Response[Any]) -> dict[Any, Candidate]:
    """The item under its id, None if it has none, unless it is surely another object."""
    data = item.to_dict() if hasattr(item, "to_dict") else {}
    likeness = compare_objects(sent, data, match)
    return {data.get("id"): Candidate(likeness, data, page, item)} if likeness is not Likeness.OTHER else {}


def _measure_age(call: Call, candidate: Candidate, before: Look) -> timedelta:
    """How long before the first look it was created, as far as it says so; negative for later."""
    created = read_moment(candidate.data.get(call.operation.retry.created))
    if created is None or created.tzinfo is None or before.moment is None:
        return timedelta()
    return before.moment - created


def _is_sure(call: Call, candidate: Candidate, query: Mapping[str, str], before: Look) -> bool:
    """Whether it is the object: it would have been seen before the first attempt if it had existed then."""
    names = call.operation.retry.match
    would_be_listed = all(candidate.data.get(name) == text for name, text in _filtered_texts(query) if name in names)
    is_new = _measure_age(call, candidate, before) <= _CLOCKS_DIFFER
    return candidate.likeness is Likeness.SAME and would_be_listed and is_new


def _filter_query(lookup: Lookup, sent: Mapping[str, Any]) -> dict[str, str]:
    """The filter that leaves only objects like the one that is created, as far as the list can be filtered.

    Texts that servers store otherwise than they are sent would hide it.
    """
    texts = {name: sent.get(name) for name in lookup.columns}
    plain = {name: {"eq": text} for name, text in texts.items() if isinstance(text, str) and _is_stable(text)}
    return {lookup.filter: json.dumps(plain, ensure_ascii=False, separators=(",", ":"))} if plain else {}


def _filtered_texts(query: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names and texts that such a filter asks for."""
    for text in query.values():
        yield from ((name, conditions["eq"]) for name, conditions in json.loads(text).items())


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


def _unknown_outcome(call: Call, error: ProcwiseError, candidates: tuple[object, ...] = ()) -> OutcomeUnknown:
    which = f" Its id may be {' or '.join(map(str, candidates[:5]))}." if candidates else ""
    message = f"{str(error).rstrip('.')}. It may exist, which is not known.{which} Look before you create it again."
    unknown = OutcomeUnknown(message, method=error.method, path=error.path, candidates=candidates)
    unknown.attempts, unknown.headers, unknown.retry_after = call.attempts, error.headers, error.retry_after
    return unknown
