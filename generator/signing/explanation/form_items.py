"""Values of a query or a form as programs print them, for schemes that sign the text as it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, unquote_plus

from .attempts import list_names
from .values import REWRITES, Rewrite, quote_text

_KINDS = ("boolean", "null", "number")


def encode_text(text: str, safe: str = "") -> str:
    """The text, percent-encoded but for `safe` and what needs no encoding."""
    return quote(text, safe=f"-._~{safe}", errors="surrogatepass")


def rewrite_items(text: str) -> Iterator[tuple[str, str]]:
    """Values of a query or a form written as programs print them: for all values that are so, once for each way."""
    for rewrite in REWRITES if text else ():
        if rewrite.kind in _KINDS:
            items, names = [], []
            for item in text.split("&"):
                name, equals, value = item.partition("=")
                plain = unquote_plus(value)
                wrong = rewrite.rewrite_text(plain, plain) if equals else None
                changed = wrong is not None and wrong != plain
                names += [(unquote_plus(name), plain, wrong or "")] if changed else []
                items.append(f"{name}={encode_text(wrong or '')}" if changed else item)
            if names:
                yield _describe_values(rewrite, names), "&".join(items)


def _describe_values(rewrite: Rewrite, found: list[tuple[str, str, str]]) -> str:
    if "{wrong}" not in rewrite.sentence:
        return rewrite.sentence.format(names=list_names([name for name, _, _ in found]))
    sentences = []
    for wrong in dict.fromkeys(wrong for _, _, wrong in found):
        names = [name for name, _, text in found if text == wrong]
        right = next(plain for _, plain, text in found if text == wrong)
        words = {"wrong": quote_text(wrong), "right": quote_text(right), "names": list_names(names)}
        sentences.append(rewrite.sentence.format(**words))
    return "; and ".join(sentences)
