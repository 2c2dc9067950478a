"""The signed parameters, their values written otherwise, as programs in many languages write them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain, combinations, islice, product
from typing import Literal
from urllib.parse import quote, quote_plus

from .attempts import Attempts, Cause, RefusedRequest, list_names
from .json_texts import escape_letters, list_json_ways

RewrittenKind = Literal["boolean", "null", "list", "text", "number"]

_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_LONGEST_VALUE = 10_000
_MOST_TOGETHER = 3_000
_MOST_COMBINED = 60  # together with another mistake


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One way to write values of a kind: the wrong text of a value, or None; and what to say about it.

    The sentence has `{names}`, and `{wrong}` and `{right}` if these texts keep no secret.
    """

    kind: RewrittenKind
    write: Callable[[object, str], str | None]
    sentence: str


def _boolean(true: str, false: str) -> Rewrite:
    def write(value: object, _: str) -> str | None:
        known = {True: true, False: false, "true": true, "false": false}
        return known[value] if isinstance(value, bool) or value in ("true", "false") else None

    return Rewrite("boolean", write, "{wrong} was signed for {names}; write {right}")


def _null(text: str) -> Rewrite:
    sentence = "{wrong} was signed for {names}; write {right}, or leave the parameter out"
    return Rewrite("null", lambda value, _: text if value is None or value == "" else None, sentence)


def _list(write: Callable[[list[object]], str], how: str) -> Rewrite:
    def apply(value: object, _: str) -> str | None:
        return write(list(value)) if isinstance(value, list | tuple) else None

    return Rewrite(
        "list", apply, f"the list {{names}} was signed {how}; write it as the scheme does, such as `{{right}}`"
    )


def _text(change: Callable[[str], str], how: str) -> Rewrite:
    def apply(_: object, text: str) -> str | None:
        return change(text) if text else None

    return Rewrite("text", apply, how)


def _json(write: Callable[[str], str | None], how: str) -> Rewrite:
    def apply(value: object, text: str) -> str | None:
        return write(text) if isinstance(value, str) else None

    return Rewrite("text", apply, f"the JSON {{names}} was signed {how}; sign the very text that you send")


def _percent_encode(text: str, safe: str) -> str:
    """The text percent-encoded; half a surrogate pair as its three bytes, as it is signed."""
    return quote(text, safe=safe, errors="surrogatepass")


def _number(change: Callable[[Decimal], str]) -> Rewrite:
    def apply(value: object, text: str) -> str | None:
        numeric = not isinstance(value, bool) and isinstance(value, int | float | str) and _NUMBER.fullmatch(text)
        return change(Decimal(text)) if numeric else None

    sentence = "the number {names} was signed with other digits than were sent; sign the digits that you send"
    return Rewrite("number", apply, sentence)


REWRITES = (
    _boolean("True", "False"),
    _boolean("1", ""),
    _boolean("1", "0"),
    _boolean("TRUE", "FALSE"),
    *(_null(text) for text in ("None", "null", "<nil>", "nil", "NULL", "undefined", '""')),
    _list(lambda items: ",".join(map(str, items)), "with commas alone"),
    _list(lambda items: ", ".join(map(str, items)), "with commas alone"),
    _list(lambda _: "Array", "as `Array`"),
    _list(lambda items: str(items), "as Python prints it"),
    _list(lambda items: json.dumps(items, ensure_ascii=False, separators=(",", ":")), "as JSON"),
    _list(lambda items: json.dumps(items, ensure_ascii=False), "as JSON"),
    _list(lambda items: json.dumps(items), "as JSON"),
    _list(lambda items: json.dumps(items, separators=(",", ":")), "as JSON"),
    _list(lambda items: json.dumps(items, separators=(",", ":")).replace("/", "\\/"), "as JSON"),
    _list(lambda items: f"[{', '.join(map(str, items))}]", "as Java prints it"),
    _list(lambda items: f"[{' '.join(map(str, items))}]", "with blanks alone"),
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
    *(_json(write, how) for how, write in list_json_ways()),
    _number(lambda number: f"{number.normalize():f}"),
    _number(lambda number: f"{number:.1f}"),
    _number(lambda number: f"{number:.2f}"),
    _number(lambda number: f"{number:.3f}"),
    _number(lambda number: str(int(number))),
    _number(lambda number: f"{float(number):e}"),
    _number(lambda number: str(float(number))),
)


def wrong_values(request: RefusedRequest) -> Attempts:
    """Each way alone for all values and for one; ways of several kinds together; another encoding of the whole."""
    texts = dict(request.pairs)
    found = _applicable(request, texts)
    yield from _plus_signs(request, texts)
    yield from (_attempt(request, texts, [one]) for one in found)
    for rewrite, wrong in found:
        if len(wrong) > 1:
            yield from (_attempt(request, texts, [(rewrite, {name: wrong[name]})]) for name in wrong)
    yield from (_attempt(request, texts, chosen) for chosen in _together(found))
    yield from _other_encoding(request)


Found = tuple[Rewrite, dict[str, str]]


def value_mistakes(request: RefusedRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """Each way for all values, and some ways of several kinds: what to say, and the wrong texts by name."""
    texts = dict(request.pairs)
    found = _applicable(request, texts)
    for chosen in chain(([one] for one in found), islice(_together(found), _MOST_COMBINED)):
        yield _cause(request, texts, chosen), _merge_texts(chosen)


def _applicable(request: RefusedRequest, texts: Mapping[str, str]) -> list[Found]:
    return [(one, wrong) for one in REWRITES if (wrong := _wrong_texts(request, texts, one))]


def _wrong_texts(request: RefusedRequest, texts: Mapping[str, str], rewrite: Rewrite) -> dict[str, str]:
    """The parameters that the rewrite changes, with their wrong texts."""
    wrong = {}
    for name, text in texts.items():
        changed = rewrite.write(request.params[name], text) if len(text) <= _LONGEST_VALUE else None
        if changed is not None and changed != text:
            wrong[name] = changed
    return wrong


def _together(found: list[Found]) -> Iterator[list[Found]]:
    """Rewrites of different kinds at once: of two kinds, then of three, and so on."""
    kinds: dict[RewrittenKind, list[Found]] = {}
    for one in found:
        kinds.setdefault(one[0].kind, []).append(one)
    chosen = (
        list(picked)
        for count in range(2, len(kinds) + 1)
        for some in combinations(kinds.values(), count)
        for picked in product(*some)
    )
    yield from islice(chosen, _MOST_TOGETHER)


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
            yield rewrite.sentence.format(wrong=_quote(text), right=_quote(texts[names[0]]), names=list_names(names))


def _quote(text: str) -> str:
    return f"`{text}`" if text else "nothing"


def _plus_signs(request: RefusedRequest, texts: Mapping[str, str]) -> Attempts:
    """A `+` that was not encoded arrives as a blank."""
    sent = [name for name in (*request.query, *request.body) if " " in texts.get(name, "")]
    for names in (sent, *([name] for name in sent)):
        if names:
            wrong = {name: texts[name].replace(" ", "+") for name in names}
            signature = request.sign_pairs((name, wrong.get(name, text)) for name, text in texts.items())
            yield f"`+` was not encoded in {list_names(names)}: it arrives as a blank; send `%2B`", signature


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
