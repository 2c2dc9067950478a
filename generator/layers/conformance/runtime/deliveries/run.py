"""A run against a receiver: the valid delivery, and every attack that follows from the scheme."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from requests import PreparedRequest

from ..api import Api, Credentials
from ..attacks.attack import Attack
from ..attacks.scenarios import replay_request
from ..attacks.spoiled_signatures import send_behind_spoilt, spoil_whole
from ..attacks.whole_requests import attacks
from ..http.masking import Masker
from ..http.signer import CORRECT
from ..http.wire import NotApplicable, content
from ..results import ADVISORY, FAILED, FULL, HOLE, MUST, PASSED, SHOULD, SKIPPED, Report, Result
from .receiver import Receiver, write_unusually

_PHASE: Final = "signature"
_REFUSED = (*range(400, 500), 501)


def attack_receiver(api: Api, receiver: Receiver, user: Credentials) -> Report:
    """The report; raises CannotRun if the receiver does not respond."""
    started, clock, masker = datetime.now(UTC), time.monotonic(), Masker(api, (user,))
    results = [masker.result(result) for result in _results(receiver)]
    return Report(
        api=api.name,
        title=api.title,
        url=masker.text(receiver.url),
        profile=FULL,
        seed=0,
        max_examples=1,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 2),
        operations=(_label(receiver),),
        results=tuple(results),
        coverage=(),
        sources={},
        notes=(),
    )


def _results(receiver: Receiver) -> Iterator[Result]:
    cause = "the receiver verifies another message, with another key, or not at the time of this machine"
    usual = receiver.prepare(CORRECT)
    first = _try_valid(receiver, "SIG-001", "valid delivery", usual, cause)
    yield first
    is_accepted = first.status == PASSED
    unusual = receiver.prepare(CORRECT, write_unusually)
    if is_accepted and content(unusual) != content(usual):
        cause = "the receiver verifies JSON that it wrote itself, and not the bytes that came"
        yield _try_valid(receiver, "REQ-001", "valid delivery, its JSON written in another way", unusual, cause)
    for attack in attacks(receiver.delivery.scheme):
        try:
            yield _try_attack(receiver, attack, is_accepted=is_accepted)
        except NotApplicable:
            continue


def _try_valid(receiver: Receiver, check: str, name: str, request: PreparedRequest, cause: str) -> Result:
    status = receiver.send(request)
    result = Result(
        id=f"{check} {receiver.delivery.name}",
        layer=_PHASE,
        check=name,
        operation=_label(receiver),
        level=MUST,
        clause="x-signing.message",
        status=PASSED,
    )
    return result if 200 <= status < 300 else _fail(result, "accepted with 2xx", status, request, cause)


def _try_attack(receiver: Receiver, attack: Attack, *, is_accepted: bool) -> Result:
    is_copy = attack.scenario is replay_request
    level = SHOULD if is_copy and attack.level == MUST else attack.level  # taking a copy can be harmless
    result = Result(
        id=f"{attack.id} {receiver.delivery.name}",
        layer=_PHASE,
        check=attack.name,
        operation=_label(receiver),
        level=level,
        clause=attack.clause,
        status=SKIPPED,
    )
    if not is_accepted:
        return replace(result, expected="the valid delivery is accepted", observed="it is not")
    request = receiver.prepare(attack.steps)
    if attack.scenario is send_behind_spoilt:
        return _try_behind_spoilt(receiver, attack, request, result)
    if is_copy:
        receiver.send(request)
    status = receiver.send(request)
    if level == ADVISORY:
        observed = f"{status}: {HOLE if 200 <= status < 300 else 'this receiver closes the hole'}"
        return replace(result, status=PASSED, expected=attack.cause, observed=observed)
    if status in _REFUSED:
        return replace(result, status=PASSED)
    return _fail(result, "refused with 4xx", status, request, attack.cause)


def _try_behind_spoilt(receiver: Receiver, attack: Attack, request: PreparedRequest, result: Result) -> Result:
    """A valid delivery, whose nonce came before in a copy with a wrong signature."""
    spoilt = spoil_whole(request, receiver.delivery.scheme)
    if spoilt is None:
        raise NotApplicable
    refused = receiver.send(spoilt)
    if refused not in _REFUSED:
        return replace(result, expected="a wrongly signed delivery is refused", observed=str(refused))
    status = receiver.send(request)
    if 200 <= status < 300:
        return replace(result, status=PASSED)
    return _fail(result, "accepted with 2xx", status, request, attack.cause)


def _fail(result: Result, expected: str, status: int, request: PreparedRequest, cause: str) -> Result:
    headers = "".join(
        f"{name}: {value if isinstance(value, str) else '...'}\n" for name, value in request.headers.items()
    )
    text = f"{request.method} {request.url}\n{headers}\n{content(request).decode('utf-8', 'replace')}"
    return replace(result, status=FAILED, expected=expected, observed=str(status), request=text, cause=cause)


def _label(receiver: Receiver) -> str:
    return f"{receiver.delivery.operation.method} {receiver.delivery.name}"
