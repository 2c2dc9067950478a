"""Methods that nobody described, on paths that somebody did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from procwise.signing.scheme import Scheme
from procwise_conformance.description import Method

from ...api import Json, Operation
from ...http.caller import Caller
from ...http.signer import CORRECT, SigningSteps
from ...http.wire import Parts
from ...lifecycles import find_lifecycle
from ...results import Result
from ..check_run import CheckRun, Exchange, NotPossible
from ..checks.responses import ALLOW, METHODS
from ..factory import CreatedObject, ObjectFactory
from ..lists.pager import Pager

_READING: tuple[Method, ...] = ("GET",)
_CHANGING: tuple[Method, ...] = ("POST", "PUT", "PATCH", "DELETE")
_OF_A_WHOLE_LIST: tuple[Method, ...] = ("PUT", "PATCH", "DELETE")
_NOT_ALLOWED = 405
_OF_OTHERS = "the list may hold what the suite did not create, and such a request could change all of it"


def check_methods(run: CheckRun, operations: tuple[Operation, ...]) -> Iterator[Result]:
    """Send the methods that the paths of a resource do not have: what changes something to own objects alone."""
    factory, own = ObjectFactory(run), _OwnObjects()
    by_path: dict[str, list[Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, []).append(operation)
    for path, on_path in by_path.items():
        if all(o.restricted for o in on_path):
            continue
        carrier = next(o for o in on_path if not o.restricted)
        described = {o.method for o in run.api.operations if o.path == path}
        for method in (*_READING, *(_CHANGING if carrier.placeholders else _OF_A_WHOLE_LIST)):
            if method not in described:
                yield from _check_method(run, factory, own, carrier, method, described)


@dataclass(slots=True)
class _OwnObjects:
    """Objects that only requests of undescribed methods name; each serves until one of them succeeds."""

    kept: dict[str, CreatedObject] = field(default_factory=dict)

    def object_for(self, factory: ObjectFactory, carrier: Operation) -> CreatedObject:
        """The object that the path of the operation names last; raises NotPossible if nothing creates it."""
        creator = carrier.placeholders[-1].creator
        if creator not in self.kept:
            self.kept[creator] = factory.create(factory.creator(creator))
        return self.kept[creator]

    def forget(self, carrier: Operation) -> None:
        self.kept.pop(carrier.placeholders[-1].creator if carrier.placeholders else "", None)


def _check_method(
    run: CheckRun,
    factory: ObjectFactory,
    own: _OwnObjects,
    carrier: Operation,
    method: Method,
    described: set[Method],
) -> Iterator[Result]:
    try:
        exchange = _send(run, factory, carrier, method, _choose_ids(run, factory, own, carrier, method))
    except NotPossible as error:
        yield from run.skip(METHODS, carrier, str(error), error.needs)
        return
    expected = f"405, since {method} is not described here"
    detail = method if exchange.succeeded else ""
    yield from run.verdict(METHODS, exchange, not exchange.succeeded, expected, of=carrier, detail=detail)
    if exchange.succeeded:
        own.forget(carrier)
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


def _choose_ids(
    run: CheckRun, factory: ObjectFactory, own: _OwnObjects, carrier: Operation, method: Method
) -> Mapping[str, object]:
    """The ids of own objects; raises NotPossible if the request could change what is not the suite's."""
    if method in _READING:
        return factory.ids(carrier)
    if carrier.placeholders:
        return factory.ids(carrier, own.object_for(factory, carrier))
    lister = next((one for one in run.api.operations if one.path == carrier.path and one.kind == "list"), None)
    if lister is None or not all(_holds_only_own(run, factory, lister, user) for user in _list_callers(run)):
        raise NotPossible(_OF_OTHERS)
    return {}


def _list_callers(run: CheckRun) -> Iterator[Caller]:
    """Everybody whose objects are known to be on the server."""
    yield run.context.caller
    yield from (run.context.second,) if run.context.second is not None else ()
    yield from (run.context.caller_for_user(run.plan.superuser),) if run.plan.superuser is not None else ()


def _holds_only_own(run: CheckRun, factory: ObjectFactory, lister: Operation, caller: Caller) -> bool:
    """Whether the whole list is read, and the suite created everything on it."""
    lifecycle = find_lifecycle(run.api, lister)
    if lifecycle is None:
        return False
    creator, pager = lifecycle.creator, Pager(factory=factory, lister=lister, caller=caller)

    def is_foreign(page: Exchange) -> bool:
        known = (run.context.objects.exists(creator.id, item.get(creator.identity)) for item in page.items)
        return not page.succeeded or not all(known)

    page, is_certain = pager.first_page_where(is_foreign)
    return is_certain and not is_foreign(page)


def _send(
    run: CheckRun, factory: ObjectFactory, carrier: Operation, method: Method, ids: Mapping[str, object]
) -> Exchange:
    body: Json = {} if method in ("POST", "PUT", "PATCH") else None
    stranger = as_undescribed(carrier, method)
    return run.ask(stranger, ids, body, query=factory.query(carrier), steps=sign_path(run, ids))


def as_undescribed(carrier: Operation, method: Method) -> Operation:
    """Another method on the path of an operation."""
    return replace(carrier, method=method, kind="action", destroyer="", example=None)


def sign_path(run: CheckRun, ids: Mapping[str, object]) -> SigningSteps:
    """Steps that sign the ids of a path, though no operation says that there are any."""
    texts = {name: str(value) for name, value in ids.items()}

    def compute(scheme: Scheme, parts: Parts, key: str) -> str:
        return scheme.sign(scheme.merge(path=texts, query=parts.query, body=parts.body), key)

    signs_path = bool(texts) and run.api.scheme is not None and "path" in run.api.scheme.sources
    return SigningSteps(compute_signature=compute) if signs_path else CORRECT
