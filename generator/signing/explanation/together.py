"""Two mistakes at once: values written otherwise, and the pairs in another order, joined or encoded otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from .attempts import Attempts, Pairs, RefusedRequest
from .clauses import other_separators
from .orders import Order
from .values import Found, other_encodings, value_mistakes


def wrong_together(request: RefusedRequest, found: Sequence[Found], orders: Sequence[Order]) -> Attempts:
    """Each wrong order, joined or encoded otherwise; then values written otherwise in them."""
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
