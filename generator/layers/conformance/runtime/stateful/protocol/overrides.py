"""Methods that are named elsewhere than in the request line, which no description mentions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal

from ...api import Operation, load_document
from ...http.signer import CORRECT, SigningSteps
from ...http.wire import FORM
from ...lifecycles import Lifecycle
from ...objects.cleanup import parse_identity
from ...results import Result
from ..check_run import CheckRun, Exchange
from ..checks.responses import OVERRIDE
from ..creation import show
from ..factory import CreatedObject, ObjectFactory
from .media_types import with_headers
from .methods import as_undescribed, sign_path

_HEADERS = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
_PARAMETER = "_method"
_NOT_CARRIED_OUT = (404, 405, 501)
Place = Literal["header", "query", "body"]
_PLACES: tuple[Place, ...] = ("header", "query", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    """A request whose line has one method, and another place another one."""

    name: str
    send: Callable[[CreatedObject], Exchange]


def check_overrides(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check that a method elsewhere deletes nothing, and that a creation is one whatever method stands elsewhere."""
    factory = ObjectFactory(run)
    places: list[Place] = [place for place in _PLACES if not _is_described(run.api.name, place)]
    yield from _check_deletions(run, factory, lifecycle, list(_list_attempts(run, factory, lifecycle, places)))
    yield from _check_creations(run, factory, lifecycle, places)


@cache
def _is_described(api: str, place: Place) -> bool:
    """Whether the description mentions the name anywhere: a server that says so may take methods from there."""
    text = json.dumps(load_document(api)).lower()
    names = _HEADERS if place == "header" else (f'"{_PARAMETER}"', f"`{_PARAMETER}`", f"{_PARAMETER}=")
    return any(name.lower() in text for name in names)


def _check_deletions(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, attempts: list[_Attempt]
) -> Iterator[Result]:
    """All attempts on one object; if it is gone, each of them on an object of its own."""
    created = factory.create(lifecycle.creator)
    exchanges = [attempt.send(created) for attempt in attempts]
    if exchanges and not factory.is_gone(show(factory, lifecycle, created)):
        yield from run.verdict(OVERRIDE, exchanges[-1], True, "the object as it was", of=lifecycle.destroyer)
        return
    for attempt in attempts:
        created = factory.create(lifecycle.creator)
        exchange = attempt.send(created)
        fine = not factory.is_gone(show(factory, lifecycle, created))
        expected = f"the object as it was, since {exchange.operation.method} does not delete it"
        observed, detail = f"the object is gone, by DELETE in the {attempt.name}", "" if fine else attempt.name
        yield from run.verdict(
            OVERRIDE, exchange, fine, expected, of=lifecycle.destroyer, observed=observed, detail=detail
        )


def _list_attempts(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, places: list[Place]
) -> Iterator[_Attempt]:
    """DELETE in each place of a request that reads, one that changes, and one that nobody described."""
    shower, creator = lifecycle.shower, lifecycle.creator
    if shower is None:
        return
    described = {one.method for one in run.api.operations if one.path == shower.path}
    carriers = [shower, *lifecycle.changers[:1]]
    if "POST" not in described:
        carriers.append(_as_form(as_undescribed(shower, "POST"), creator))
    for carrier in carriers:
        for place in places:
            if place != "body" or not carrier.safe:
                send = partial(_send_deletion, run, factory, carrier, place)
                yield _Attempt(name=f"{place} of a {carrier.method}", send=send)


def _as_form(stranger: Operation, creator: Operation) -> Operation:
    """The operation with a form for its body, as browsers send them."""
    if creator.body is None:
        return stranger
    form = replace(creator.body.contents[0], media_type=FORM)
    return replace(stranger, body=replace(creator.body, contents=(form,), envelope=""))


def _send_deletion(
    run: CheckRun, factory: ObjectFactory, carrier: Operation, place: Place, created: CreatedObject
) -> Exchange:
    ids = factory.ids(carrier, created)
    body = dict(factory.body(carrier)) if carrier.example is not None else {}
    is_stranger = carrier.kind == "action"
    return _send(run, carrier, ids, body, place, "DELETE", sign_path(run, ids) if is_stranger else CORRECT)


def _send(
    run: CheckRun,
    operation: Operation,
    ids: Mapping[str, object],
    body: dict[str, object],
    place: Place,
    method: str,
    steps: SigningSteps = CORRECT,
) -> Exchange:
    """A request with the method in that place."""
    if place == "header":
        steps = with_headers(run, dict.fromkeys(_HEADERS, method), steps)
    query = {_PARAMETER: method} if place == "query" else {}
    sent = {**body, _PARAMETER: method} if place == "body" else body
    return run.ask(operation, ids, sent or None, query=query, steps=steps)


def _check_creations(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, places: list[Place]
) -> Iterator[Result]:
    """A valid creation with GET elsewhere creates, or is refused; it is not read as a GET."""
    creator = lifecycle.creator
    factory.create(creator)  # with other names, if it takes these
    for place in places:
        exchange = _send(run, creator, factory.ids(creator), factory.body(creator), place, "GET")
        created = parse_identity(exchange.response, creator.wrapper, creator.identity)
        fine = created is not None if exchange.succeeded else exchange.status not in _NOT_CARRIED_OUT
        name = f"{place} of a creation"
        observed, detail = f"no new object, by GET in the {name}", "" if fine else name
        expected = "a new object, or an error of the request"
        yield from run.verdict(OVERRIDE, exchange, fine, expected, observed=observed, detail=detail)
