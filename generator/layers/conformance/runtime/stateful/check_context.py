"""What every check works with: one unit's requests, objects and verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from requests import PreparedRequest, RequestException

from ..context import Bench
from ..description import Json, Operation
from ..http.caller import Answer, Caller
from ..http.network_errors import silence
from ..http.rate_limit import Unsent
from ..http.signer import RIGHT, Forgery
from ..results import FAILED, PASSED, SKIPPED, Result
from .checks.check import Check
from .checks.objects import REACHED

LAYER = "model"
REFUSALS = (401, 403, 404)
_MOST_BEFORE = 3


class NotPossible(Exception):
    """What a check needs cannot be had; the message says why."""


class NoAnswer(Exception):
    """A request was not answered."""

    def __init__(self, operation: Operation, error: RequestException) -> None:
        self.was_unsent = isinstance(error, Unsent)
        super().__init__(str(error) if self.was_unsent else silence(error))
        self.operation = operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what came back."""

    operation: Operation
    request: PreparedRequest
    answer: Answer

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def succeeded(self) -> bool:
        return self.answer.succeeded

    @property
    def content(self) -> Json:
        """What the answer tells, out of its envelope; None where it is not there."""
        data, envelope = self.answer.json, self.operation.envelope
        return data.get(envelope) if envelope and isinstance(data, dict) else data

    @property
    def object(self) -> Mapping[str, Json]:
        """The object that is answered; empty where there is none."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> list[Mapping[str, Json]]:
        """The objects of a list; without an envelope, those that stand under any key."""
        content = self.content
        if isinstance(content, dict) and not self.operation.envelope:
            content = [item for value in content.values() for item in (value if isinstance(value, list) else [value])]
        return [item for item in content if isinstance(item, dict)] if isinstance(content, list) else []


class Trial:
    """One unit at work."""

    def __init__(self, bench: Bench, unit: str) -> None:
        self.bench = bench
        self.plan = bench.plan
        self.api = bench.plan.api
        self.unit = unit
        superuser = bench.plan.superuser
        self._superuser = bench.calling(superuser) if superuser else None
        self._asked: list[Exchange] = []

    def caller_for(self, operation: Operation) -> Caller:
        """The user to whom what the operation is about belongs; NotPossible without the credentials."""
        if not self.api.is_superusers(operation):
            return self.bench.caller
        if self._superuser is None:
            raise NotPossible("it takes the credentials of a superuser")
        return self._superuser

    def ask(
        self,
        operation: Operation,
        ids: Mapping[str, object],
        body: Json = None,
        *,
        query: Mapping[str, object] | None = None,
        caller: Caller | None = None,
        forgery: Forgery = RIGHT,
        as_: Operation | None = None,
    ) -> Exchange:
        """Send one request; NoAnswer where nothing comes back. What it makes is removed as if `as_` had made it."""
        asking = caller or self.caller_for(operation)
        request = asking.prepare(operation, ids, body, forgery, query=query)
        try:
            answer = self.bench.objects.send(as_ or operation, ids, request)
        except RequestException as error:
            raise NoAnswer(operation, error) from error
        exchange = Exchange(operation=operation, request=request, answer=answer)
        self._asked.append(exchange)
        return exchange

    def wants(self, check: Check, operation: Operation) -> bool:
        return self.plan.chooses(operation) and self.plan.wants(check.id, check.name)

    def verdict(
        self,
        check: Check,
        exchange: Exchange,
        fine: bool,
        expected: str,
        *,
        of: Operation | None = None,
        observed: str = "",
        level: str = "",
        detail: str = "",
    ) -> Iterator[Result]:
        """Passed or failed; `of` is the operation that is to blame, where it is not the one that was asked last."""
        operation = of or exchange.operation
        if not self.wants(check, operation):
            return
        if fine:
            yield _result(check, operation, PASSED, detail=detail)
            return
        answered = f"{exchange.status} {exchange.answer.media_type}".strip()
        yield _result(
            check,
            operation,
            FAILED,
            level=level,
            expected=expected,
            observed=f"{answered}: {observed}" if observed else answered,
            request=self._recipe(exchange),
            answer=self.bench.masker.answer(exchange.answer),
            detail=detail,
        )

    def _recipe(self, exchange: Exchange) -> str:
        """The shell lines that show an exchange again, between those that it takes to see what is wrong."""
        return self.bench.recipes.told([one.request for one in around(self._asked, exchange)])

    def skipped(self, check: Check, operation: Operation, reason: str) -> Iterator[Result]:
        """Not tried, and why."""
        if self.wants(check, operation):
            yield _result(check, operation, SKIPPED, observed=reason)


def around(asked: Sequence[Exchange], exchange: Exchange) -> Iterator[Exchange]:
    """The exchange, after the last that changed what it shows, and before those that show what it changed."""
    place = next((n for n, one in enumerate(asked) if one is exchange), len(asked))
    alike = [one for one in asked[:place] if one.succeeded and _changes(one, exchange)]
    yield from alike[-_MOST_BEFORE:]
    yield exchange
    if not exchange.operation.safe:
        yield from [one for one in asked[place + 1 :] if one.operation.safe][-1:]


def _changes(one: Exchange, exchange: Exchange) -> bool:
    """Whether an earlier request changed the object that is shown now, or was the same as now."""
    if one.operation.safe or not one.operation.placeholders:
        return False
    if exchange.operation.safe:
        return _path(one) == _path(exchange)
    return (one.operation, _path(one), one.request.body) == (exchange.operation, _path(exchange), exchange.request.body)


def _path(exchange: Exchange) -> str:
    return (exchange.request.url or "").partition("?")[0]


def skipped(theme: str, operation: Operation, reason: str) -> Result:
    """A theme that could not be tried, or not to its end, and why."""
    return _result(REACHED, operation, SKIPPED, observed=f"{theme}: {reason}", detail=theme)


def unanswered(theme: str, error: NoAnswer) -> Result:
    """A theme that ended with a request that got no answer."""
    observed = f"{theme}: {error}"
    if error.was_unsent:
        return _result(REACHED, error.operation, SKIPPED, observed=observed, detail=theme)
    return _result(REACHED, error.operation, FAILED, expected="an answer in time", observed=observed, detail=theme)


def _result(
    check: Check,
    operation: Operation,
    status: str,
    *,
    level: str = "",
    expected: str = "",
    observed: str = "",
    request: str = "",
    answer: str = "",
    detail: str = "",
) -> Result:
    return Result(
        id=f"{check.id} {operation.id}",
        layer=LAYER,
        check=check.name,
        operation=operation.label,
        level=level or check.level,
        clause=check.clause,
        status=status,
        expected=expected,
        observed=observed,
        request=request,
        answer=answer,
        cause=check.cause if status == FAILED else "",
        detail=detail,
    )
