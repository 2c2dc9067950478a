"""Creating an object once although responses get lost: lists are read before the first attempt, and after a loss."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

from .._errors.exceptions import OutcomeUnknown, ProcwiseError, TimedOut
from .call import Call, Outcome, Step, repeat
from .creations import Creation
from .decoding import decode
from .likeness import describe_object, is_alike
from .messages import RawResponse, Response
from .operation import Lookup
from .retrying import has_unknown_effect, is_transient

_MOST_PAGES = 5  # a longer list would cost more than the certainty is worth
Objects = dict[Any, Any]


def create(call: Call) -> Generator[Step, Outcome, RawResponse | Response[Any]]:
    """The response of the first attempt that took effect, or the object that a lost one created."""
    lookup, policy = call.operation.retry.lookup, call.settings.retry
    sent = describe_object(call.prepared.body)
    key = json.dumps([call.operation.id, call.prepared.path, sent], default=repr, sort_keys=True)
    with call.session.creations.begin(key) as creation:
        if lookup is None or not policy.look_first or not policy.max_retries:
            return (yield from _attempt_until_created(call, None, None, creation))
        before = yield from _find(call, lookup, sent)
        return (yield from _attempt_until_created(call, lookup, before, creation))


def _attempt_until_created(
    call: Call, lookup: Lookup | None, before: Objects | None, creation: Creation
) -> Generator[Step, Outcome, RawResponse | Response[Any]]:
    uncertain = False
    while True:
        result = yield from call.attempt()
        if result.response is not None and result.error is None:
            return result.response
        error = result.error
        assert error is not None  # noqa: S101  # what is no response is an error
        uncertain = uncertain or has_unknown_effect(error)
        if uncertain:
            found = yield from _look_after(call, lookup, before, creation, error)
            if found is not None:
                return Response(found, {}, 200, b"", call.attempts)
            uncertain = False
            if not call.may_go_on(error):
                raise error
        elif not call.may_go_on(error) or not (yield from call.pause(error)):
            raise error


def _look_after(
    call: Call, lookup: Lookup | None, before: Objects | None, creation: Creation, error: ProcwiseError
) -> Generator[Step, Outcome, Any]:
    """The object that a failed attempt created, None if there is none; raises if that cannot be told."""
    if lookup is None or before is None:
        raise error if call.settings.retry.max_retries == 0 else _unknown_outcome(call, error)
    if not (yield from call.pause(error)):
        raise _unknown_outcome(call, error)
    now = yield from _find(call, lookup, describe_object(call.prepared.body))
    new = {number: one for number, one in (now or {}).items() if number not in before}
    if now is None or len(new) > 1 or (new and not creation.is_alone):
        raise _unknown_outcome(call, error, tuple(new))
    if not new and (isinstance(error, TimedOut) or not is_transient(error)):
        raise _unknown_outcome(call, error) if isinstance(error, TimedOut) else error
    return next(iter(new.values()), None)


def _find(call: Call, lookup: Lookup, sent: Mapping[str, Any]) -> Generator[Step, Outcome, Objects | None]:
    """The objects that look like the one that is created, by id; None if they cannot be read."""
    arguments = lookup.arguments(*call.prepared.path_values)
    query = {**arguments["query"], **_filter_query(lookup, sent)}
    found: Objects = {}
    for number in range(1, _MOST_PAGES + 1):
        paged = {**arguments, "query": {**query, lookup.page: number} if lookup.page else query}
        try:
            page = yield from _read_page(call, lookup, paged)
        except ProcwiseError:
            return None
        for item in page.value if isinstance(page.value, list) else ():
            found |= _identify(item, sent, call.operation.retry.match)
        if _is_last(lookup, page, number):
            return None if None in found else found
    return None


def _read_page(call: Call, lookup: Lookup, arguments: Mapping[str, Any]) -> Generator[Step, Outcome, Response[Any]]:
    settings = replace(call.settings, deadline=call.time_left(), extra_headers={})
    reading = Call(call.session, settings, lookup.operation, arguments)
    response = yield from repeat(reading, is_safe=True)
    return Response(decode(call.session, reading.prepared, lookup.operation, response), response.headers)


def _identify(item: Any, sent: Mapping[str, Any], match: tuple[str, ...]) -> Objects:
    """The item under its id, None if it has none, if it looks like the object; else nothing."""
    data = item.to_dict() if hasattr(item, "to_dict") else {}
    return {data.get("id"): item} if is_alike(sent, data, match) else {}


def _filter_query(lookup: Lookup, sent: Mapping[str, Any]) -> dict[str, str]:
    """The filter that leaves only objects like the one that is created, as far as the list can be filtered."""
    texts = {name: sent.get(name) for name in lookup.columns}
    plain = {name: {"eq": text} for name, text in texts.items() if isinstance(text, str) and text == text.strip()}
    return {lookup.filter: json.dumps(plain, ensure_ascii=False, separators=(",", ":"))} if plain else {}


def _is_last(lookup: Lookup, page: Response[Any], number: int) -> bool:
    if not lookup.page or not lookup.layout:
        return True
    pages = page.headers.get(lookup.layout.page_count, "")
    return number >= int(pages) if pages.isascii() and pages.isdecimal() else not page.value


def _unknown_outcome(call: Call, error: ProcwiseError, candidates: tuple[object, ...] = ()) -> OutcomeUnknown:
    which = f" Its id may be {' or '.join(map(str, candidates[:5]))}." if candidates else ""
    message = f"{str(error).rstrip('.')}. It may exist, which cannot be told.{which} Look before you create it again."
    unknown = OutcomeUnknown(message, method=error.method, path=error.path, candidates=candidates)
    unknown.attempts, unknown.headers, unknown.retry_after = call.attempts, error.headers, error.retry_after
    return unknown
