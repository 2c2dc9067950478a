"""Values of a query or a form as programs print them, for schemes that sign the text as it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote_plus

from .attempts import list_names
from .blanks import mix_blanks
from .values import REWRITES, Rewrite, quote_text

_KINDS = ("boolean", "null", "number")
_OF_PARAMETERS = "encoded before signing"  # what is said of values that are signed as they are


def encode_text(text: str, safe: str = "") -> str:
    """The text, percent-encoded but for `safe` and what needs no encoding."""
    return quote(text, safe=f"-._~{safe}", errors="surrogatepass")


def rewrite_items(text: str) -> Iterator[tuple[str, str]]:
    """Values of a query or a form written as programs print them: for all values that are so, once for each way."""
    yield from _rewrite_by((one for one in REWRITES if one.kind in _KINDS), text)


def rewrite_texts(text: str) -> Iterator[tuple[str, str]]:
    """The same for values that are escaped, quoted or changed as texts."""
    rewrites = (one for one in REWRITES if one.kind == "text" and _OF_PARAMETERS not in one.sentence)
    yield from _rewrite_by(rewrites, text)


def _rewrite_by(rewrites: Iterable[Rewrite], text: str) -> Iterator[tuple[str, str]]:
    for rewrite in rewrites if text else ():
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


def rewrite_blanks(text: str, where: str) -> Iterator[tuple[str, str]]:
    """A query or a form with some of its blanks written otherwise, or with each `+` encoded."""
    for mixed in mix_blanks(text):
        yield f"some blanks of the {where} were signed as `+` and others as `%20`, not as they were sent", mixed
    if "+" in text:
        yield f"`+` was not encoded in the {where}: it arrives as a blank; send `%2B`", text.replace("+", "%2B")


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
