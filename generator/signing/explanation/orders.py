"""The signed parameters in a wrong order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations

from .attempts import Attempts, Pairs, RefusedRequest

_MOST_PERMUTED = 7
_MOST_SHOWN = 12
Order = tuple[Callable[[], str], Pairs]  # what is said of it, and the pairs in it


def wrong_orders(request: RefusedRequest, orders: Sequence[Order]) -> Attempts:
    """The order of the request, and others that programs sort by."""
    for cause, pairs in orders:
        yield cause, request.sign_pairs(pairs)


def every_order(request: RefusedRequest, orders: Sequence[Order]) -> Attempts:
    """Every order of a few parameters that is not among the others."""
    right = request.pairs
    if len(right) > _MOST_PERMUTED:
        return
    tried = {tuple(right), *(tuple(pairs) for _, pairs in orders)}
    for pairs in permutations(right):
        if pairs not in tried:
            yield partial(_describe, request, "in another order", list(pairs)), request.sign_pairs(pairs)


def known_orders(request: RefusedRequest) -> Iterator[Order]:
    """What is said of each other order that programs have, and the pairs in it; none twice."""
    tried = {tuple(request.pairs)}
    for how, pairs in _orders(request, request.pairs):
        if tuple(pairs) not in tried:
            tried.add(tuple(pairs))
            yield partial(_describe, request, how, pairs), pairs


def _describe(request: RefusedRequest, how: str, pairs: Pairs) -> str:
    by_name = f"sort them by name: {_names(request.pairs)}"
    advice = "sign them in the order sent" if request.scheme.order == "as-sent" else by_name
    return f"the parameters were signed {how}: {_names(pairs)}; {advice}"


def _orders(request: RefusedRequest, right: Pairs) -> Iterator[tuple[str, Pairs]]:
    for pairs in _orders_sent(request, right):
        yield "in the order sent, not sorted by name", pairs
    signing = (request.scheme.timestamp_parameter, request.scheme.nonce_parameter)
    for pairs in (right, *_orders_sent(request, right)):
        rest = [pair for pair in pairs if pair[0] not in signing]
        own = [pair for pair in pairs if pair[0] in signing]
        yield "with the signing parameters last", [*rest, *own]
        yield "with the signing parameters last", [*rest, *reversed(own)]
        yield "with the signing parameters first", [*own, *rest]
        yield "with the signing parameters first", [*reversed(own), *rest]
    yield "sorted without regard to capital letters", sorted(right, key=lambda pair: pair[0].lower())
    yield "sorted by bytes of their names", sorted(right, key=lambda pair: pair[0].encode("utf-8", "surrogatepass"))
    yield "in reversed order", right[::-1]
    yield "sorted by value", sorted(right, key=lambda pair: pair[1])
    yield "sorted by length of their names", sorted(right, key=lambda pair: len(pair[0]))


def _orders_sent(request: RefusedRequest, right: Pairs) -> Iterator[Pairs]:
    """The pairs as they were sent, the places in every order; in each place also sorted by itself."""
    texts = dict(right)
    known = {*request.path, *request.query, *request.body}
    rest = [name for name in request.params if name not in known]
    places = [names for names in (request.path, request.query, request.body, rest) if names]
    for order in permutations(places):
        yield _pick(texts, order)
    for order in permutations(places):
        yield _pick(texts, [sorted(names) for names in order])


def _pick(texts: dict[str, str], places: Sequence[Sequence[str]]) -> Pairs:
    names = dict.fromkeys(name for place in places for name in place if name in texts)
    return [(name, texts[name]) for name in names]


def _names(pairs: Pairs) -> str:
    names = [name for name, _ in pairs]
    return ", ".join(names[:_MOST_SHOWN]) + (", …" if len(names) > _MOST_SHOWN else "")
