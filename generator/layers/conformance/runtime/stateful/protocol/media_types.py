"""Bodies of a media type that is not read, and responses of one that is not written: 415 and 406, if described."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from requests import PreparedRequest

from procwise.signing.scheme import Scheme

from ...api import Operation
from ...http.signer import CORRECT, SigningSteps
from ...http.wire import Parts
from ...results import SHOULD, Result
from ..check_run import CheckRun, NotPossible
from ..checks.check import Check
from ..checks.responses import ACCEPT, CONTENT_TYPE
from ..factory import ObjectFactory

_STRANGE = "application/x-conformance"
_HEADERS: tuple[tuple[int, str, Check], ...] = ((415, "Content-Type", CONTENT_TYPE), (406, "Accept", ACCEPT))


def check_media_types(run: CheckRun, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Check every operation that describes 415 or 406."""
    factory = ObjectFactory(run)
    for operation in operations:
        for status, header, check in _HEADERS:
            applies = status in operation.statuses and (status != 415 or bool(operation.media_types))
            if applies and not operation.removes:
                yield from _check_header(run, factory, operation, status, header, check)


def _check_header(
    run: CheckRun, factory: ObjectFactory, operation: Operation, status: int, header: str, check: Check
) -> Iterator[Result]:
    try:
        ids, body, query = factory.ids(operation), factory.body(operation) or None, factory.query(operation)
    except NotPossible as error:
        yield from run.skip(check, operation, str(error), error.needs)
        return
    exchange = run.ask(operation, ids, body, query=query, steps=with_header(run, header, _STRANGE))
    yield from run.verdict(check, exchange, not exchange.succeeded, f"{status}, since {header} is {_STRANGE}")
    if 400 <= exchange.status < 500 and exchange.status != status:
        yield from run.verdict(check, exchange, False, f"{status}, as documented", level=SHOULD, detail="status")


def with_header(run: CheckRun, header: str, value: str) -> SigningSteps:
    """One more header, or another value of it."""
    return with_headers(run, {header: value})


def with_headers(run: CheckRun, headers: Mapping[str, str], steps: SigningSteps = CORRECT) -> SigningSteps:
    """The steps with more headers, or other values of them.

    They come behind the signing of parameters, which they must not change, and ahead of that of whole requests.
    """
    if run.api.scheme is None:
        return replace(steps, mutate=_change_headers(headers))
    change = _change_headers(headers)

    def after_signing(request: PreparedRequest, _scheme: Scheme) -> PreparedRequest:
        return change(request, None)

    return replace(steps, after_signing=after_signing)


def _change_headers(headers: Mapping[str, str]) -> Callable[[PreparedRequest, Parts | None], PreparedRequest]:
    def change(request: PreparedRequest, _parts: Parts | None) -> PreparedRequest:
        request.headers.update(headers)
        return request

    return change
