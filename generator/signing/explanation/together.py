"""Two mistakes at once: values written otherwise, and the pairs in another order, joined or encoded otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from .attempts import Attempts, Pairs, RefusedRequest
from .clauses import other_separators
from .orders import known_orders
from .values import other_encodings, value_mistakes


def wrong_together(request: RefusedRequest) -> Attempts:
    """Each wrong way to write values in each wrong order, then joined or encoded otherwise; then such orders."""
    orders = [*known_orders(request)]
    for said, wrong in value_mistakes(request):
        texts = {name: wrong.get(name, text) for name, text in request.pairs}
        for cause, ordered in orders:
            yield f"{cause}; and {said}", request.sign_pairs((name, texts[name]) for name, _ in ordered)
        yield from ((f"{cause}; and {said}", signature) for cause, signature in _rejoin(request, list(texts.items())))
    for said, ordered in orders:
        yield from ((f"{said}; and {cause}", signature) for cause, signature in _rejoin(request, ordered))


def _rejoin(request: RefusedRequest, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """The pairs with another joiner, or in another encoding."""
    for cause, other in other_separators(request.scheme):
        yield cause, request.sign_text(other.joined(pairs))
    for cause, message in other_encodings(request.scheme.joined(pairs)):
        yield cause, request.sign_text(message)
