"""Creating an object once although responses get lost: lists are read before the first attempt, and after a loss."""

from __future__ import annotations

import json
from collections.abc import Generator, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from .._errors.exceptions import OutcomeUnknown, ProcwiseError
from .._session.clock import parse_date
from .call import Call, Outcome, Step, repeat
from .comparison import Likeness, compare_objects, describe_object, normalize_text, read_moment
from .creation_queue import CREATIONS, Creation
from .decoding import decode
from .messages import RawResponse, Response
from .operation import Lookup
from .retrying import has_unknown_effect, is_transient, may_still_run

_MOST_PAGES = 5  # a longer list would cost more than the certainty is worth
_LONGEST_STORED = 100
_OLDER = timedelta(minutes=5)  # clocks of one server differ by less


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


def create(call: Call) -> Generator[Step, Outcome, RawResponse | Response[Any]]:
    """The response of the first attempt that took effect, or the object that a lost one created."""
    lookup, policy = call.operation.retry.lookup, call.settings.retry
    sent = describe_object(call.prepared.body)
    with CREATIONS.begin(_key_of(call, sent)) as creation:
        if lookup is None or not policy.look_first or not policy.max_retries:
            return (yield from _attempt_until_created(call, None, None, creation))
        yield from CREATIONS.wait_for_turn(creation, call.time_left())
        before = yield from _look(call, lookup, sent, _filter_query(lookup, sent))
        return (yield from _attempt_until_created(call, lookup, before, creation))


def _key_of(call: Call, sent: Mapping[str, Any]) -> Hashable:
    """What creations that look alike have in common: the list, and the first text by which objects are matched."""
    texts = (sent[name] for name in call.operation.retry.match if isinstance(sent.get(name), str))
    return (call.session.origin, call.prepared.path, normalize_text(next(texts, "")))


def _attempt_until_created(
    call: Call, lookup: Lookup | None, before: Look | None, creation: Creation
) -> Generator[Step, Outcome, RawResponse | Response[Any]]:
    while True:
        result = yield from call.attempt()
        if result.response is not None and result.error is None:
            return result.response
        error = result.error
        assert error is not None  # noqa: S101  # what is no response is an error
        if has_unknown_effect(error):
            found = yield from _look_after(call, lookup, before, creation, error)
            if found is not None:  # what the look-up responded is all that there is
                page = found.page
                return Response(found.value, page.headers, page.status, page.content, call.attempts)
            if not call.may_go_on(error):
                raise error
        elif not call.may_go_on(error) or not (yield from call.pause(error)):
            raise error


def _look_after(
    call: Call, lookup: Lookup | None, before: Look | None, creation: Creation, error: ProcwiseError
) -> Generator[Step, Outcome, Candidate | None]:
    """The object that a failed attempt created, None if there is none; raises if that cannot be told."""
    if lookup is None or before is None:
        raise error if call.settings.retry.max_retries == 0 else _unknown_outcome(call, error)
    if not (yield from call.pause(error)):
        raise _unknown_outcome(call, error)
    sent = describe_object(call.prepared.body)
    query = _filter_query(lookup, sent)
    now = yield from _look(call, lookup, sent, {})
    if now is None and query:
        now = yield from _look(call, lookup, sent, query)
    if now is None:
        raise _unknown_outcome(call, error)
    new = {
        number: one
        for number, one in now.found.items()
        if number not in before.found and not _is_old(call, one, before)
    }
    sure = [one for one in new.values() if _is_sure(call, one, query)]
    if len(sure) == 1 and creation.is_alone:
        return sure[0]
    if new or may_still_run(error):
        raise _unknown_outcome(call, error, tuple(new))
    if not is_transient(error):
        raise error
    return None


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
    settings = replace(call.settings, deadline=call.time_left(), extra_headers={})
    reading = Call(call.session, settings, lookup.operation, arguments)
    response = yield from repeat(reading, is_safe=True)
    value = decode(call.session, reading.prepared, lookup.operation, response)
    return Response(value, response.headers, response.status, response.content)


def _identify(item: Any, sent: Mapping[str, Any], match: tuple[str, ...], page: Response[Any]) -> dict[Any, Candidate]:
    """The item under its id, None if it has none, unless it is surely another object."""
    data = item.to_dict() if hasattr(item, "to_dict") else {}
    likeness = compare_objects(sent, data, match)
    return {data.get("id"): Candidate(likeness, data, page, item)} if likeness is not Likeness.OTHER else {}


def _is_old(call: Call, candidate: Candidate, before: Look) -> bool:
    """Whether the object says that it existed long before, and only looks like the new one since."""
    created = read_moment(candidate.data.get(call.operation.retry.created))
    if created is None or created.tzinfo is None or before.moment is None:
        return False
    return created < before.moment - _OLDER


def _is_sure(call: Call, candidate: Candidate, query: Mapping[str, str]) -> bool:
    """Whether it is the object: it would have been seen before the first attempt if it had existed then."""
    names = call.operation.retry.match
    would_be_listed = all(candidate.data.get(name) == text for name, text in _filtered_texts(query) if name in names)
    return candidate.likeness is Likeness.SAME and would_be_listed


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
    pages = page.headers.get(lookup.layout.page_count, "")
    return number >= int(pages) if pages.isascii() and pages.isdecimal() else not page.value


def _unknown_outcome(call: Call, error: ProcwiseError, candidates: tuple[object, ...] = ()) -> OutcomeUnknown:
    which = f" Its id may be {' or '.join(map(str, candidates[:5]))}." if candidates else ""
    message = f"{str(error).rstrip('.')}. It may exist, which is not known.{which} Look before you create it again."
    unknown = OutcomeUnknown(message, method=error.method, path=error.path, candidates=candidates)
    unknown.attempts, unknown.headers, unknown.retry_after = call.attempts, error.headers, error.retry_after
    return unknown
