"""Two mistakes at once: wrong ids of the path, values written otherwise, another order, joiner or encoding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

from ..orders import sort_pairs
from .attempts import Attempts, Pairs, RefusedRequest
from .clauses import other_separators
from .orders import Order, known_orders
from .values import Found, other_encodings, value_mistakes


def wrong_together(request: RefusedRequest, found: Sequence[Found], orders: Sequence[Order]) -> Attempts:
    """Wrong ids of the path and wrong orders, joined or encoded otherwise; then values written otherwise in them."""
    for path, other in _wrong_paths(request):
        yield from ((f"{path}; and {cause}", signature) for cause, signature in _rejoin(other, other.pairs))
        for say, ordered in known_orders(other):
            yield partial(_join_rewritten, path, say), other.sign_pairs(ordered)
        for say, wrong in value_mistakes(request, found):
            signature = other.sign_pairs((name, wrong.get(name, text)) for name, text in other.pairs)
            yield partial(_join_rewritten, path, say), signature
    for said, ordered in orders:
        for cause, signature in _rejoin(request, ordered):
            yield partial(_join_ordered, said, cause), signature
    for say, wrong in value_mistakes(request, found):
        texts = {name: wrong.get(name, text) for name, text in request.pairs}
        for said, ordered in orders:
            signature = request.sign_pairs((name, texts[name]) for name, _ in ordered)
            yield partial(_join_said, said, say), signature
        for cause, signature in _rejoin(request, list(texts.items())):
            yield partial(_join_rewritten, cause, say), signature


def _wrong_paths(request: RefusedRequest) -> Iterator[tuple[str, RefusedRequest]]:
    """What is said of ids of the path that were left out, or of one that was renamed, and the request so changed."""
    path = [name for name in request.path if name in request.params]
    if path:
        yield "the ids in the path were not signed", _rename(request, dict.fromkeys(path, ""))
    for name, other in product(path, request.names):
        if other not in request.params:
            yield f"the id in the path was signed as {other!r} instead of {name!r}", _rename(request, {name: other})


def _rename(request: RefusedRequest, names: Mapping[str, str]) -> RefusedRequest:
    """The request with other names of parameters, without those whose new name is empty."""
    pairs = [(names.get(name, name), text) for name, text in request.pairs]
    kept = sort_pairs([pair for pair in pairs if pair[0]], request.scheme.order)
    params = {names.get(name, name): value for name, value in request.params.items()}
    path = tuple(new for name in request.path if (new := names.get(name, name)))
    return replace(request, params={name: params[name] for name in params if name}, pairs=kept, path=path)


def _join_ordered(said: Callable[[], str], cause: str) -> str:
    return f"{said()}; and {cause}"


def _join_said(said: Callable[[], str], say: Callable[[], str]) -> str:
    return f"{said()}; and {say()}"


def _join_rewritten(cause: str, say: Callable[[], str]) -> str:
    return f"{cause}; and {say()}"


def _rejoin(request: RefusedRequest, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """The pairs with another joiner, or in another encoding."""
    for cause, other in other_separators(request.scheme):
        yield cause, request.sign_text(other.joined(pairs))
    for cause, message in other_encodings(request.scheme.joined(pairs)):
        yield cause, request.sign_text(message)
