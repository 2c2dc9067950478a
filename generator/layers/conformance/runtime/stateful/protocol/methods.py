"""Methods that nobody described, on paths that somebody did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from procwise.signing.scheme import Scheme
from procwise_conformance.description import Method

from ...api import Json, Operation
from ...http.signer import CORRECT, SigningSteps
from ...http.wire import Parts
from ...results import Result
from ..check_run import CheckRun, Exchange, NotPossible
from ..checks.responses import ALLOW, METHODS
from ..factory import ObjectFactory

_READING: tuple[Method, ...] = ("GET",)
_CHANGING: tuple[Method, ...] = ("POST", "PUT", "PATCH", "DELETE")
_NOT_ALLOWED = 405


def check_methods(run: CheckRun, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Send the methods that the paths of a resource do not have: what changes something to own objects alone."""
    factory = ObjectFactory(run)
    by_path: dict[str, list[Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, []).append(operation)
    for path, own in by_path.items():
        if all(o.restricted for o in own):
            continue
        carrier = next(o for o in own if not o.restricted)
        described = {o.method for o in run.api.operations if o.path == path}
        is_item = bool(carrier.placeholders) and path.endswith("}")
        for method in (*_READING, *(_CHANGING if is_item else ())):
            if method not in described:
                yield from _check_method(run, factory, carrier, method, described, is_item=is_item)


def _check_method(
    run: CheckRun, factory: ObjectFactory, carrier: Operation, method: Method, described: set[Method], *, is_item: bool
) -> Iterator[Result]:
    try:
        ids = factory.ids(carrier, factory.object_for(carrier) if is_item and method == "DELETE" else None)
        exchange = _send(run, factory, carrier, method, ids)
    except NotPossible as error:
        yield from run.skip(METHODS, carrier, str(error), error.needs)
        return
    expected = f"405, since {method} is not described here"
    detail = method if exchange.succeeded else ""
    yield from run.verdict(METHODS, exchange, not exchange.succeeded, expected, of=carrier, detail=detail)
    if exchange.status == _NOT_ALLOWED:
        allowed: set[str] = {one.strip().upper() for one in exchange.response.headers.get("allow", "").split(",")}
        fine = described <= allowed
        expected, observed = (
            f"Allow: {', '.join(sorted(described))}",
            f"Allow: {', '.join(sorted(allowed)) or 'nothing'}",
        )
        yield from run.verdict(
            ALLOW, exchange, fine, expected, of=carrier, observed=observed, detail="" if fine else method
        )


def _send(
    run: CheckRun, factory: ObjectFactory, carrier: Operation, method: Method, ids: Mapping[str, object]
) -> Exchange:
    """The request, signed with the ids of its path, though no operation says that there are any."""
    body: Json = {} if method in ("POST", "PUT", "PATCH") else None
    stranger = replace(carrier, method=method, kind="action", destroyer="", example=None)
    texts = {name: str(value) for name, value in ids.items()}

    def compute(scheme: Scheme, parts: Parts, key: str) -> str:
        return scheme.sign(scheme.merge(path=texts, query=parts.query, body=parts.body), key)

    signs_path = bool(texts) and run.api.scheme is not None and "path" in run.api.scheme.sources
    steps = SigningSteps(compute_signature=compute) if signs_path else CORRECT
    return run.ask(stranger, ids, body, query=factory.query(carrier), steps=steps)
