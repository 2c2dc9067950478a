"""The signed parameters in a wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, permutations

from .attempts import Attempts, Pairs, RefusedRequest

_MOST_PERMUTED = 7
_MOST_SHOWN = 12


def wrong_orders(request: RefusedRequest) -> Attempts:
    """The order of the request, others that programs sort by, and every order of a few parameters."""
    right = request.pairs
    expected = _names(right)
    advice = "sign them in the order sent" if request.scheme.order == "as-sent" else f"sort them by name: {expected}"
    tried = {expected}
    for how, pairs in chain(_known_orders(request, right), _all_orders(right)):
        order = _names(pairs)
        if order not in tried:
            tried.add(order)
            yield f"the parameters were signed {how}: {order}; {advice}", request.sign_pairs(pairs)


def _known_orders(request: RefusedRequest, right: Pairs) -> Iterator[tuple[str, Pairs]]:
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


def _all_orders(right: Pairs) -> Iterator[tuple[str, Pairs]]:
    if len(right) <= _MOST_PERMUTED:
        yield from (("in another order", list(pairs)) for pairs in permutations(right))


def _names(pairs: Pairs) -> str:
    names = [name for name, _ in pairs]
    return ", ".join(names[:_MOST_SHOWN]) + (", …" if len(names) > _MOST_SHOWN else "")
