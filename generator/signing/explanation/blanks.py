"""Blanks and `+`, which stand for one another in queries: all of them, or some."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, islice, product
from urllib.parse import quote

from .attempts import Attempts, RefusedRequest, list_names

_MOST_BLANKS = 6  # of which every choice is tried
_MOST_CHOICES = 256


def wrong_blanks(request: RefusedRequest) -> Attempts:
    """A `+` that was not encoded arrives as a blank; and texts that were encoded, their blanks in two ways."""
    texts = dict(request.pairs)
    sent = [name for name in (*request.query, *request.body) if " " in texts.get(name, "")]
    for wrong in _choose_plus(sent, texts):
        signature = request.sign_pairs((name, wrong.get(name, text)) for name, text in texts.items())
        yield f"`+` was not encoded in {list_names(wrong)}: it arrives as a blank; send `%2B`", signature
    for name in sent:
        for mixed in islice(_mix_encoded(texts[name]), _MOST_CHOICES):
            cause = f"`{name}` was percent-encoded before signing, some blanks as `+`; sign the raw text"
            yield cause, request.sign_pairs((own, mixed if own == name else text) for own, text in texts.items())


def _choose_plus(names: list[str], texts: dict[str, str]) -> Iterator[dict[str, str]]:
    """The texts with `+` for all blanks, in all of them and in each; then for some of the blanks."""
    for chosen in (names, *([name] for name in names)):
        if chosen:
            yield {name: texts[name].replace(" ", "+") for name in chosen}
    for name in names:
        yield from ({name: text} for text in islice(replace_some(texts[name], " ", "+"), _MOST_CHOICES))
    if len(names) > 1:
        variants = (
            (texts[name], texts[name].replace(" ", "+"), *replace_some(texts[name], " ", "+")) for name in names
        )
        for picked in islice(product(*(islice(each, 16) for each in variants)), _MOST_CHOICES):
            wrong = {name: text for name, text in zip(names, picked, strict=True) if text != texts[name]}
            if len(wrong) > 1:
                yield wrong


def _mix_encoded(text: str) -> Iterator[str]:
    """The text percent-encoded, some of its blanks as `+`."""
    return replace_some(quote(text, safe="-._~", errors="surrogatepass"), "%20", "+")


def replace_some(text: str, old: str, new: str) -> Iterator[str]:
    """The text with some of its `old` as `new`, but not all: every choice of few; of many, each one and all but one."""
    pieces = text.split(old)
    places = range(len(pieces) - 1)
    sizes = range(1, len(places)) if len(places) <= _MOST_BLANKS else (1, len(places) - 1)
    for chosen in chain.from_iterable(combinations(places, size) for size in sizes):
        joints = ((new if at in chosen else old) + pieces[at + 1] for at in places)
        yield pieces[0] + "".join(joints)


def mix_blanks(text: str) -> Iterator[str]:
    """A query or a form with some of its blanks written otherwise than they are sent, or with `+` encoded."""
    found = dict.fromkeys((*replace_some(text, "%20", "+"), *replace_some(text, "+", "%20")))
    if "+" in text and "%20" in text:  # both are blanks: every other choice of the two
        plain = text.replace("+", "%20")
        found |= dict.fromkeys(
            (plain.replace("%20", "+"), plain, *islice(replace_some(plain, "%20", "+"), _MOST_CHOICES))
        )
    yield from islice((one for one in found if one != text), _MOST_CHOICES)
