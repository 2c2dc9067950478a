"""Creating an object once although responses get lost: lists are read before the first attempt, and after a loss."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .._errors.exceptions import OutcomeUnknown, ProcwiseError, ResponseDeviates, ResponseTooLarge
from .call import Call, Outcome, Step, is_unsent
from .comparison import Likeness, describe_object, normalize_text, read_moment
from .creation_queue import CREATIONS, Creation
from .list_lookup import Candidate, Look, look_after, look_before
from .messages import Response, Wait
from .operation import Lookup
from .outcomes import is_success
from .retrying import choose_look_waits, has_unknown_effect, may_run_long

_CLOCKS_DIFFER = timedelta(seconds=2)  # those of one server, usually
_OLDER = timedelta(days=1)  # a moment in a wrong time zone is off by less


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


def create(call: Call) -> Generator[Step, Outcome, Response[Any]]:
    """The response of the first attempt that took effect, or the object that a lost one created."""
    lookup, policy = call.operation.retry.lookup, call.settings.retry
    sent = describe_object(call.prepared.body)
    with CREATIONS.begin(_key_of(call, sent)) as creation:
        if lookup is None or not policy.look_first or not policy.max_retries:
            return (yield from _attempt_until_created(call, None))
        yield from CREATIONS.wait_for_turn(creation, call.time_left())
        before = yield from look_before(call, lookup, sent)
        search = None if before is None else Search(call, lookup, before, creation)
        return (yield from _attempt_until_created(call, search))


def _key_of(call: Call, sent: Mapping[str, Any]) -> Hashable:
    """What creations that look alike have in common: the list, and the first text by which objects are matched."""
    texts = (sent[name] for name in call.operation.retry.match if isinstance(sent.get(name), str))
    return (call.session.origin, call.prepared.path, normalize_text(next(texts, "")))


def _attempt_until_created(call: Call, search: Search | None) -> Generator[Step, Outcome, Response[Any]]:
    is_lost = was_sent = False
    while True:
        made = yield from _attempt(call, search)
        if isinstance(made, Response):
            return made
        error, is_over, found = made, not call.may_go_on(made), None
        if is_lost:
            error.note_lost_response()
        if has_unknown_effect(error):
            found = yield from _look_after_loss(call, search, error)
        else:
            is_over = is_over or not (yield from call.pause(error))
            if is_over and was_sent and search is not None:  # such as "has already been taken"
                finding = yield from _find(search)
                found = None if finding is None else finding.own
            elif not is_over and not is_unsent(error):
                found = yield from _look_after_refusal(call, search, error)
        if found is not None:
            return _respond_with(call, found)
        if is_over:
            raise error
        is_lost = is_lost or has_unknown_effect(error)
        was_sent = was_sent or not is_unsent(error)


def _attempt(call: Call, search: Search | None) -> Generator[Step, Outcome, Response[Any] | ProcwiseError]:
    """What one attempt leads to. The object is looked for if the server reports success and does not show it."""
    result = yield from call.attempt()
    response, error = result.response, result.error
    if response is not None and error is None:
        try:
            made = call.read(response)
        except ProcwiseError as deviation:
            error = deviation
        else:
            return made if search is None or _has_id(made.value) else (yield from _find_response(search)) or made
    assert error is not None  # noqa: S101  # what is no response is an error
    if has_unknown_effect(error) or isinstance(error, ResponseDeviates):
        return error
    if isinstance(error, ResponseTooLarge) or (response is not None and is_success(response)):
        finding = None if search is None else (yield from _find(search))
        if finding is not None and finding.own is not None:
            return _respond_with(call, finding.own)
        which = _name_ids(() if finding is None else tuple(finding.new))
        error.note_effect(f"The object may exist.{which} Look before you create it again.")
    return error


def _has_id(value: object) -> bool:
    """Whether the value is an object that can be named; a response can hold null in place of it."""
    return isinstance(getattr(value, "id", None), int | str)


def _find_response(search: Search) -> Generator[Step, Outcome, Response[Any] | None]:
    """The object that the list has, None if that is not sure."""
    finding = yield from _find(search)
    return None if finding is None or finding.own is None else _respond_with(search.call, finding.own)


def _respond_with(call: Call, found: Candidate) -> Response[Any]:
    """The object in the response of the list, which is all that there is."""
    page = found.page
    return Response(found.value, page.headers, page.status, page.content, call.attempts)


def _look_after_refusal(
    call: Call, search: Search | None, error: ProcwiseError
) -> Generator[Step, Outcome, Candidate | None]:
    """The object that was created although the server asked to come later, such as with 429; None if there is none.

    Such a request is not carried out by a server that keeps to the meaning of the status.
    """
    if search is None:
        return None
    finding = yield from _find(search)
    if finding is None:
        raise error
    if finding.new and finding.own is None:
        raise _unknown_outcome(call, error, tuple(finding.new))
    return finding.own


def _look_after_loss(
    call: Call, search: Search | None, error: ProcwiseError
) -> Generator[Step, Outcome, Candidate | None]:
    """The object that a failed attempt created, None if there is none; raises if that is not known.

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
    now = yield from look_after(call, lookup, describe_object(call.prepared.body))
    if now is None:
        return None
    new = {
        number: one
        for number, one in now.found.items()
        if number not in before.ids and _measure_age(call, one, before) <= _OLDER
    }
    may_return = len(new) == 1 and search.creation.is_alone and call.settings.retry.return_found and lookup.is_whole
    return Finding(new, next((one for one in new.values() if may_return and _is_sure(call, one, before)), None))


def _measure_age(call: Call, candidate: Candidate, before: Look) -> timedelta:
    """How long before the first look it was created, as far as it says so; negative for later."""
    created = read_moment(candidate.data.get(call.operation.retry.created))
    if created is None or created.tzinfo is None or before.moment is None:
        return timedelta()
    return before.moment - created


def _is_sure(call: Call, candidate: Candidate, before: Look) -> bool:
    """Whether it is the object: it would have been seen before the first attempt if it had existed then."""
    would_be_listed = all(candidate.data.get(name) == text for name, text in before.texts.items())
    is_new = _measure_age(call, candidate, before) <= _CLOCKS_DIFFER
    return candidate.likeness is Likeness.SAME and would_be_listed and is_new


def _unknown_outcome(call: Call, error: ProcwiseError, candidates: tuple[object, ...] = ()) -> OutcomeUnknown:
    which = _name_ids(candidates)
    message = f"{str(error).rstrip('.')}. It may exist, which is not known.{which} Look before you create it again."
    unknown = OutcomeUnknown(message, method=error.method, path=error.path, candidates=candidates)
    unknown.attempts, unknown.headers, unknown.retry_after = call.attempts, error.headers, error.retry_after
    return unknown


def _name_ids(candidates: tuple[object, ...]) -> str:
    return f" Its id may be {' or '.join(map(str, candidates[:5]))}." if candidates else ""
