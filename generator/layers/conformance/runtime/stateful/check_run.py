"""What every check works with: the requests and results of one work item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from requests import PreparedRequest, RequestException

from ..api import Api, Json, Operation
from ..context import RunContext
from ..http.caller import Caller, Response
from ..http.network_errors import describe_no_response
from ..http.rate_limit import NotSent
from ..http.signer import CORRECT, SigningSteps
from ..plan import SUPERUSER, Plan
from ..results import FAILED, PASSED, SKIPPED, Level, Result, ResultStatus
from .checks.check import Check
from .checks.objects import REACHED

PHASE: Final = "model"
REFUSALS = (401, 403, 404)
_MOST_BEFORE = 3


class NotPossible(Exception):
    """What a check needs is not available; the message says why, `needs` which options would help."""

    def __init__(self, reason: str, needs: str = "") -> None:
        super().__init__(reason)
        self.needs = needs


class NoResponse(Exception):
    """A request got no response."""

    def __init__(self, operation: Operation, error: RequestException) -> None:
        self.was_not_sent = isinstance(error, NotSent)
        super().__init__(str(error) if self.was_not_sent else describe_no_response(error))
        self.operation = operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its response."""

    operation: Operation
    request: PreparedRequest
    response: Response

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def succeeded(self) -> bool:
        return self.response.succeeded

    @property
    def content(self) -> Json:
        """The body without its envelope; None if it is not there."""
        data, envelope = self.response.json, self.operation.wrapper
        return data.get(envelope) if envelope and isinstance(data, dict) else data

    @property
    def object(self) -> Mapping[str, Json]:
        """The object in the response; empty if there is none."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> list[Mapping[str, Json]]:
        """The objects of a list; without an envelope, those under any key."""
        content = self.content
        if isinstance(content, dict) and not self.operation.wrapper:
            content = [item for value in content.values() for item in (value if isinstance(value, list) else [value])]
        return [item for item in content if isinstance(item, dict)] if isinstance(content, list) else []


class Verdicts(Protocol):
    """What takes the verdicts on exchanges, whoever sent their requests."""

    @property
    def api(self) -> Api:
        """The description."""

    @property
    def plan(self) -> Plan:
        """What is checked, and whose credentials are known."""

    def verdict(
        self,
        check: Check,
        exchange: Exchange,
        fine: bool,
        expected: str,
        *,
        of: Operation | None = None,
        observed: str = "",
        level: Level | None = None,
        detail: str = "",
    ) -> Iterator[Result]:
        """Passed or failed."""


class CheckRun:
    """One work item of this phase while it runs."""

    def __init__(self, context: RunContext, theme: str) -> None:
        self.context = context
        self.plan = context.plan
        self.api = context.plan.api
        self.theme = theme
        superuser = context.plan.superuser
        self._superuser = context.caller_for_user(superuser) if superuser else None
        self._exchanges: list[Exchange] = []

    def caller_for(self, operation: Operation) -> Caller:
        """The user who may call the operation; raises NotPossible without the credentials."""
        if not self.api.is_superusers(operation):
            return self.context.caller
        if self._superuser is None:
            raise NotPossible("it takes the credentials of a superuser", SUPERUSER)
        return self._superuser

    def ask(
        self,
        operation: Operation,
        ids: Mapping[str, object],
        body: Json = None,
        *,
        query: Mapping[str, object] | None = None,
        caller: Caller | None = None,
        steps: SigningSteps = CORRECT,
        as_: Operation | None = None,
    ) -> Exchange:
        """Send one request; raises NoResponse. What it creates is removed as if `as_` had created it."""
        sender = caller or self.caller_for(operation)
        request = sender.prepare(operation, ids, body, steps, query=query)
        try:
            response = self.context.objects.send(as_ or operation, ids, request)
        except RequestException as error:
            raise NoResponse(operation, error) from error
        exchange = Exchange(operation=operation, request=request, response=response)
        self._exchanges.append(exchange)
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
        level: Level | None = None,
        detail: str = "",
    ) -> Iterator[Result]:
        """Passed or failed; `of` is the operation at fault, if it is not the one of the exchange."""
        operation = of or exchange.operation
        if not self.wants(check, operation):
            return
        if fine:
            yield _result(check, operation, PASSED, detail=detail)
            return
        received = f"{exchange.status} {exchange.response.media_type}".strip()
        yield _result(
            check,
            operation,
            FAILED,
            level=level,
            expected=expected,
            observed=f"{received}: {observed}" if observed else received,
            request=self._recipe(exchange),
            response=self.context.masker.response(exchange.response),
            detail=detail,
        )

    def _recipe(self, exchange: Exchange) -> str:
        """The shell lines that reproduce an exchange, with the requests around it that show what is wrong."""
        return self.context.recipes.write([one.request for one in around(self._exchanges, exchange)])

    def skip(self, check: Check, operation: Operation, reason: str, needs: str = "") -> Iterator[Result]:
        """A skipped check, why, and the options that would help."""
        if self.wants(check, operation):
            yield _result(check, operation, SKIPPED, observed=reason, needs=needs)


def around(asked: Sequence[Exchange], exchange: Exchange) -> Iterator[Exchange]:
    """The exchange between the last ones that changed what it shows, and the first that shows what it changed."""
    place = next((n for n, one in enumerate(asked) if one is exchange), len(asked))
    alike = [one for one in asked[:place] if one.succeeded and _changes(one, exchange)]
    yield from alike[-_MOST_BEFORE:]
    yield exchange
    if not exchange.operation.safe:
        yield from [one for one in asked[place + 1 :] if one.operation.safe][-1:]


def _changes(one: Exchange, exchange: Exchange) -> bool:
    """Whether an earlier request changed the object that is shown now, or was the same."""
    if one.operation.safe or not one.operation.placeholders:
        return False
    if exchange.operation.safe:
        return _path(one) == _path(exchange)
    return (one.operation, _path(one), one.request.body) == (exchange.operation, _path(exchange), exchange.request.body)


def _path(exchange: Exchange) -> str:
    return (exchange.request.url or "").partition("?")[0]


def skip(theme: str, operation: Operation, reason: str, needs: str = "") -> Result:
    """The result of a theme that was skipped, or ended early, why, and the options that would help."""
    return _result(REACHED, operation, SKIPPED, observed=f"{theme}: {reason}", detail=theme, needs=needs)


def no_response(theme: str, error: NoResponse) -> Result:
    """The result of a theme that ended with a request without a response."""
    observed = f"{theme}: {error}"
    if error.was_not_sent:
        return _result(REACHED, error.operation, SKIPPED, observed=observed, detail=theme)
    return _result(REACHED, error.operation, FAILED, expected="a response in time", observed=observed, detail=theme)


def _result(
    check: Check,
    operation: Operation,
    status: ResultStatus,
    *,
    level: Level | None = None,
    expected: str = "",
    observed: str = "",
    request: str = "",
    response: str = "",
    detail: str = "",
    needs: str = "",
) -> Result:
    return Result(
        id=f"{check.id} {operation.id}",
        layer=PHASE,
        check=check.name,
        operation=operation.label,
        level=level or check.level,
        clause=check.clause,
        status=status,
        expected=expected,
        observed=observed,
        request=request,
        answer=response,
        cause=check.cause if status == FAILED else "",
        detail=detail,
        needs=needs,
    )
