"""The signed parameters, their values written otherwise, as programs in many languages write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain, combinations, islice, product
from typing import Any, Literal
from urllib.parse import quote, quote_plus

from .attempts import Attempts, Cause, RefusedRequest, list_names
from .blanks import wrong_blanks
from .json_texts import escape_letters, is_json, list_json_ways
from .list_ways import list_rare_ways, list_usual_ways
from .text_ways import list_text_ways

RewrittenKind = Literal["boolean", "null", "list", "text", "number"]

_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_WORK_OF_VALUE = 32  # as of so many characters
_WORK_OF_TEXT = 800  # for each character, written in all ways
_WORK_OF_LIST = 2_000
_WORK_OF_JSON = 800
_MOST_TOGETHER = 3_000
USUAL_COMBINATIONS = 600  # with them, two ways together are tried for parameters of all kinds
_MOST_COMBINED = 60  # together with another mistake
_MOST_RARE = 1_000
_RARE_WORDS = (
    *(("yes", "no"), ("Yes", "No"), ("YES", "NO"), ("on", "off"), ("On", "Off"), ("ON", "OFF")),
    *(("t", "f"), ("T", "F"), ("y", "n"), ("Y", "N")),
)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One way to write values of a kind: the wrong text of a value that it fits, or None; and what to say about it.

    The sentence has `{names}`, and `{wrong}` and `{right}` if these texts keep no secret. What is `rare` is combined
    with other ways last.
    """

    kind: RewrittenKind
    fits: Callable[[object, str], bool]
    write: Callable[[Any, str], str | None]
    sentence: str
    rare: bool = False

    def rewrite_text(self, value: object, text: str) -> str | None:
        """The wrong text, or None where this way does not fit."""
        return self.write(value, text) if self.fits(value, text) else None


def _is_boolean(value: object, _: str) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_null(value: object, _: str) -> bool:
    return value is None or value == ""


def _is_list(value: object, _: str) -> bool:
    return isinstance(value, list | tuple)


def _is_text(_: object, text: str) -> bool:
    return bool(text)


def _is_json(value: object, text: str) -> bool:
    return isinstance(value, str) and is_json(text)


def _is_number(value: object, text: str) -> bool:
    numeric = isinstance(value, int | float | str) and not isinstance(value, bool)
    return numeric and _NUMBER.fullmatch(text) is not None


def _boolean(true: str, false: str, *, rare: bool = False) -> Rewrite:
    def write(value: object, _: str) -> str:
        return true if value in (True, "true") else false

    return Rewrite("boolean", _is_boolean, write, "{wrong} was signed for {names}; write {right}", rare)


def _null(text: str) -> Rewrite:
    sentence = "{wrong} was signed for {names}; write {right}, or leave the parameter out"
    return Rewrite("null", _is_null, lambda _, __: text, sentence)


def _list(write: Callable[[list[object]], str], how: str, *, rare: bool = False) -> Rewrite:
    sentence = f"the list {{names}} was signed {how}; write it as the scheme does, such as `{{right}}`"
    return Rewrite("list", _is_list, lambda value, _: write(list(value)), sentence, rare)


def _text(change: Callable[[str], str], how: str, *, rare: bool = False) -> Rewrite:
    return Rewrite("text", _is_text, lambda _, text: change(text), how, rare)


def _json(write: Callable[[str], str | None], how: str) -> Rewrite:
    sentence = f"the JSON {{names}} was signed {how}; sign the very text that you send"
    return Rewrite("text", _is_json, lambda _, text: write(text), sentence)


def _percent_encode(text: str, safe: str) -> str:
    """The text percent-encoded; half a surrogate pair as its three bytes, as it is signed."""
    return quote(text, safe=safe, errors="surrogatepass")


def _number(change: Callable[[Decimal], str]) -> Rewrite:
    sentence = "the number {names} was signed with other digits than were sent; sign the digits that you send"
    return Rewrite("number", _is_number, lambda _, text: change(Decimal(text)), sentence)


REWRITES = (
    _boolean("True", "False"),
    _boolean("1", ""),
    _boolean("1", "0"),
    _boolean("TRUE", "FALSE"),
    *(_boolean(*words, rare=True) for words in _RARE_WORDS),
    *(_null(text) for text in ("None", "null", "<nil>", "nil", "NULL", "undefined", '""')),
    *(_list(write, how) for how, write in list_usual_ways()),
    *(_list(write, how, rare=True) for how, write in list_rare_ways()),
    *(
        _text(partial(_percent_encode, safe=safe), "{names} was percent-encoded before signing; sign the raw text")
        for safe in ("-._~", "-._~/", "!~*'()-._")
    ),
    _text(
        lambda text: quote_plus(text, safe="-._*", errors="surrogatepass"),
        "{names} was form-encoded before signing; sign the raw text",
    ),
    _text(
        escape_letters, "{names} was signed with `\\u` and digits for letters beyond ASCII; sign the letters themselves"
    ),
    _text(
        lambda text: text.encode("utf-8", "replace").decode("latin-1"),
        "{names} was encoded as UTF-8 twice; sign its letters as UTF-8 once",
    ),
    _text(
        lambda text: unicodedata.normalize("NFD", text),
        "{names} was signed with accents apart from their letters (decomposed), and sent with them; sign what you send",
    ),
    _text(
        lambda text: unicodedata.normalize("NFC", text),
        "{names} was signed with accents composed, and sent decomposed; sign what you send",
    ),
    _text(lambda text: text.strip(), "{names} was trimmed before signing; sign the blanks at its ends too"),
    _text(lambda text: text.lower(), "{names} was signed in small letters; sign what you send"),
    *(_text(change, sentence, rare=True) for sentence, change in list_text_ways()),
    *(_json(write, how) for how, write in list_json_ways()),
    _number(lambda number: f"{number.normalize():f}"),
    _number(lambda number: f"{number:.1f}"),
    _number(lambda number: f"{number:.2f}"),
    _number(lambda number: f"{number:.3f}"),
    _number(lambda number: str(int(number))),
    _number(lambda number: f"{float(number):e}"),
    _number(lambda number: str(float(number))),
)
_FAMILIES = {
    fits: [(at, one) for at, one in enumerate(REWRITES) if one.fits is fits]
    for fits in (_is_boolean, _is_null, _is_list, _is_text, _is_json, _is_number)
}


Found = tuple[Rewrite, dict[str, str]]  # a way to write values, and the wrong texts by name


def find_rewrites(request: RefusedRequest) -> list[Found]:
    """The ways that change a text; of long texts, only as many are written as the work of the search allows."""
    wrong: list[dict[str, str]] = [{} for _ in REWRITES]
    left = dict.fromkeys(_FAMILIES, request.most_work // _WORK_OF_TEXT)
    left |= {_is_list: request.most_work // _WORK_OF_LIST, _is_json: request.most_work // _WORK_OF_JSON}
    for name, text in request.pairs:
        value = request.params[name]
        for fits, rewrites in _FAMILIES.items():
            work = len(text) + _WORK_OF_VALUE
            if work <= left[fits] and fits(value, text):
                left[fits] -= work
                for at, rewrite in rewrites:
                    changed = rewrite.write(value, text)
                    if changed is not None and changed != text:
                        wrong[at][name] = changed
    return [(rewrite, changed) for rewrite, changed in zip(REWRITES, wrong, strict=True) if changed]


def wrong_values(request: RefusedRequest, found: Sequence[Found]) -> Attempts:
    """Each way alone for all values and for one; another encoding of the whole."""
    texts = dict(request.pairs)
    yield from wrong_blanks(request)
    yield from (_attempt(request, texts, [one]) for one in found)
    for rewrite, wrong in found:
        if len(wrong) > 1:
            yield from (_attempt(request, texts, [(rewrite, {name: wrong[name]})]) for name in wrong)
    yield from _other_encoding(request)


def wrong_combinations(request: RefusedRequest, found: Sequence[Found]) -> Attempts:
    """Ways of several kinds together."""
    texts = dict(request.pairs)
    yield from (_attempt(request, texts, chosen) for chosen in _together(found))


def rare_combinations(request: RefusedRequest, found: Sequence[Found]) -> Attempts:
    """A rare way with one of another kind."""
    texts = dict(request.pairs)
    rare = (chosen for chosen in _combine(found, 2) if any(rewrite.rare for rewrite, _ in chosen))
    yield from (_attempt(request, texts, chosen) for chosen in islice(rare, _MOST_RARE))


def value_mistakes(
    request: RefusedRequest, found: Sequence[Found]
) -> Iterator[tuple[Callable[[], str], dict[str, str]]]:
    """Each usual way for all values, and some of several kinds: what to say, and the wrong texts by name."""
    texts = dict(request.pairs)
    for chosen in chain(([one] for one in found if not one[0].rare), islice(_together(found), _MOST_COMBINED)):
        yield partial(_cause, request, texts, chosen), _merge_texts(chosen)


def _together(found: Sequence[Found]) -> Iterator[list[Found]]:
    """Usual rewrites of different kinds at once: of two kinds, then of three, and so on."""
    usual = [one for one in found if not one[0].rare]
    yield from islice(_combine(usual, len(usual)), _MOST_TOGETHER)


def _combine(found: Sequence[Found], most: int) -> Iterator[list[Found]]:
    """One of each kind, of so many kinds at the most."""
    kinds: dict[RewrittenKind, list[Found]] = {}
    for one in found:
        kinds.setdefault(one[0].kind, []).append(one)
    for count in range(2, min(most, len(kinds)) + 1):
        for some in combinations(kinds.values(), count):
            yield from map(list, product(*some))


def _attempt(request: RefusedRequest, texts: Mapping[str, str], chosen: list[Found]) -> tuple[Cause, str]:
    wrong = _merge_texts(chosen)
    signature = request.sign_pairs((name, wrong.get(name, text)) for name, text in texts.items())
    return partial(_cause, request, texts, chosen), signature


def _merge_texts(chosen: list[Found]) -> dict[str, str]:
    return {name: text for _, changed in chosen for name, text in changed.items()}


def _cause(request: RefusedRequest, texts: Mapping[str, str], chosen: list[Found]) -> str:
    return "; and ".join(sentence for one in chosen for sentence in _sentences(one, texts, request))


def _sentences(one: Found, texts: Mapping[str, str], request: RefusedRequest) -> Iterator[str]:
    """What to say of a rewrite: once for each wrong text if it is shown, else once for all names."""
    rewrite, wrong = one
    if rewrite.kind == "list":
        shown = next((texts[name] for name in wrong if name not in request.masked and len(texts[name]) < 40), "[1, 2]")
        yield rewrite.sentence.format(names=list_names([*wrong]), right=shown)
    elif "{wrong}" not in rewrite.sentence:
        yield rewrite.sentence.format(names=list_names([*wrong]))
    else:
        for text in dict.fromkeys(wrong.values()):
            names = [name for name in wrong if wrong[name] == text]
            yield rewrite.sentence.format(
                wrong=quote_text(text), right=quote_text(texts[names[0]]), names=list_names(names)
            )


def quote_text(text: str) -> str:
    """A text for a sentence."""
    return f"`{text}`" if text else "nothing"


def _other_encoding(request: RefusedRequest) -> Attempts:
    for cause, message in other_encodings(request.base_string):
        yield cause, request.scheme.digest_of(message, request.secret_key)


def other_encodings(base: str) -> Iterator[tuple[str, bytes]]:
    """What is said of each encoding that makes other bytes of a base string, and these bytes."""
    for name, encoding in (("Latin-1", "latin-1"), ("Windows-1252", "cp1252"), ("UTF-16", "utf-16-le")):
        try:
            message = base.encode(encoding)
        except UnicodeEncodeError:
            continue
        if message != base.encode("utf-8", "surrogatepass"):
            yield f"the base string was encoded as {name}; encode it as UTF-8", message
