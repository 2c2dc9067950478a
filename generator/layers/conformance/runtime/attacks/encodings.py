"""Awkward values: rightly signed they must pass, and signed over another spelling they must not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from requests import PreparedRequest

from procwise.signing import Scheme

from ..description import Json
from ..http.signer import Forgery, Signing
from ..http.wire import JSON, Parts, kind_of, placed, with_members
from .attack import OFTEN, PASSES, Attack
from .mutations import Dressing, adding, takes_json
from .wrong_signatures import by, encoded, keeping, texts

_VALUES = "x-signing.message.values"
_ENCODING = "x-signing.message.encoding"
_COMPOSED = "Zoë Ångström ốǖ"
_DECOMPOSED = unicodedata.normalize("NFD", _COMPOSED)
_ASTRAL = "\U0001f511 \U00020bb7 \U0001d54f"
_EMPTY: tuple[Json, ...] = (None, "", [], {})
_TEXTS = (
    ("SIG-200", "composed accents", _COMPOSED, "texts beyond ASCII are read or signed otherwise than as UTF-8"),
    ("SIG-201", "decomposed accents", _DECOMPOSED, "texts are normalised before they are signed"),
    ("SIG-202", "characters beyond the basic plane", _ASTRAL, "characters of four bytes are lost or replaced"),
    ("SIG-203", "separators in a value", "a?b=c&d;e:f,g|h", "separators inside a value are escaped or cut there"),
    ("SIG-204", "percent signs", "100 % %zz %", "percent signs of a decoded value are decoded again"),
    ("SIG-205", "plus signs and spaces", "a+b c", "a plus sign is read as a space once too often"),
    ("SIG-206", "a text that looks encoded", "%41%20%C3%A9", "values are decoded twice"),
    ("SIG-207", "line breaks and tabs", "a\r\nb\nc\td", "line breaks are changed before the values are signed"),
    ("SIG-208", "empty text", "", "empty values are left out of the base string"),
    ("SIG-209", "spaces around a value", "  a  ", "values are trimmed before they are signed"),
    ("SIG-210", "quotes and backslashes", "\"a\\b'`#{c}<d>", "quotes or backslashes are escaped in the base string"),
    ("SIG-211", "a text that looks like a number", "007", "texts that look like numbers are signed as numbers"),
    ("SIG-212", "a text that looks like a word of JSON", "null", "texts are read as JSON before they are signed"),
    ("SIG-213", "invisible characters", "a\u200b\u202eb\u00a0", "invisible characters are dropped"),
    ("SIG-214", "a long text", "long " * 200, "long values are cut before they are signed"),
)
_MEMBERS: tuple[tuple[str, str, Json, str], ...] = (
    ("SIG-220", "null", None, "null is signed as a word, or left out"),
    ("SIG-221", "booleans", True, "booleans are signed in another way than described"),
    ("SIG-222", "list of numbers", [1, 22, -3], "lists are signed in another way than described"),
    ("SIG-223", "list of texts", ["b", 'é "quoted"', "a\\b"], "lists are signed in another way than described"),
    ("SIG-224", "whole number beyond 53 bits", 2**53 + 1, "whole numbers go through floating point"),
    ("SIG-225", "largest number of 64 bits", 2**63 - 1, "whole numbers are cut to fewer bits"),
    ("SIG-226", "smallest number of 64 bits", -(2**63), "whole numbers are cut to fewer bits"),
    ("SIG-227", "zero", 0, "zero counts as nothing"),
)


def attacks(_scheme: Scheme) -> Iterator[Attack]:
    """The rows about values."""
    right = partial(Attack, clause=_VALUES, refusals=PASSES)
    for id_, name, text, cause in _TEXTS:
        clause = _VALUES if text.isascii() else _ENCODING
        yield right(id=id_, name=name, clause=clause, cause=cause, forgery=Forgery(dressing=_anywhere(text)))
    for id_, name, value, cause in _MEMBERS:
        yield right(id=id_, name=name, cause=cause, forgery=Forgery(dressing=_member(value)), fits=takes_json)
    yield from _respelt()
    yield from _written()
    yield from _in_lists()


def _respelt() -> Iterator[Attack]:
    """Texts that are signed over another spelling than the one that is sent."""
    composed, decomposed = (partial(unicodedata.normalize, form) for form in ("NFC", "NFD"))
    rows: tuple[tuple[str, str, str, Signing, str], ...] = (
        ("SIG-230", "signed decomposed", _COMPOSED, texts(decomposed), "texts are normalised"),
        ("SIG-231", "signed composed", _DECOMPOSED, texts(composed), "texts are normalised"),
        ("SIG-232", "signed in Latin-1", "Zoë", encoded("latin-1"), "base strings are taken in Latin-1, too"),
        ("SIG-233", "signed in ASCII", "Zoë", encoded("ascii"), "characters beyond ASCII are replaced before signing"),
        ("SIG-234", "signed trimmed", "  a  ", texts(str.strip), "values are trimmed before they are signed"),
        ("SIG-235", "signed with spaces for plus signs", "a+b", texts(_spaced), "plus signs are read as spaces"),
        ("SIG-236", "signed decoded twice", "%41%20", texts(unquote), "values are decoded twice"),
        ("SIG-237", "signed over plain line breaks", "a\r\nb", texts(_unix), "line breaks are changed before signing"),
        (
            "SIG-238",
            "signed without empty values",
            "",
            keeping(lambda value: value not in _EMPTY),
            _left("empty values"),
        ),
    )
    for id_, name, text, signing, cause in rows:
        clause = _VALUES if text.isascii() else _ENCODING
        yield Attack(
            id=id_, name=name, clause=clause, cause=cause, forgery=Forgery(dressing=_anywhere(text), signing=signing)
        )


def _written() -> Iterator[Attack]:
    """Values that are signed by other rules for texts than those of the scheme."""
    row = partial(Attack, clause=_VALUES, spread=OFTEN)
    text = _anywhere("a b/c~d*e%é")
    for id_, values in (("SIG-239", "percent-encoded"), ("SIG-240", "form-encoded"), ("SIG-241", "json")):
        cause = f"values are also taken as {values}"
        yield row(id=id_, name=f"signed over {values} values", cause=cause, forgery=_forged(text, by(values=values)))
    row = partial(row, fits=takes_json)
    for id_, values in (("SIG-242", "plain"), ("SIG-243", "ruby-text")):
        cause = f"lists are also taken as {values}"
        forgery = _forged(_member(["b", 1]), by(values=values))
        yield row(id=id_, name=f"signed over {values} lists", cause=cause, forgery=forgery)


def _in_lists() -> Iterator[Attack]:
    row = partial(Attack, clause=_VALUES, fits=takes_json, spread=OFTEN)
    no_lists = keeping(lambda value: not isinstance(value, list | dict))
    yield row(
        id="SIG-244", name="signed without lists", cause=_left("lists"), forgery=_forged(_member(["b", 1]), no_lists)
    )
    no_nulls = keeping(lambda value: value is not None)
    yield row(id="SIG-245", name="signed without nulls", cause=_left("nulls"), forgery=_forged(_member(None), no_nulls))


def _forged(dressing: Dressing, signing: Signing) -> Forgery:
    return Forgery(dressing=dressing, signing=signing)


def _left(what: str) -> str:
    return f"{what} are left out of the base string"


def _anywhere(text: str) -> Dressing:
    """The text in the query, and in the body where that is JSON."""

    def dressed(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
        if kind_of(request) == JSON:
            request = with_members(request, {"conformance_member": text})
        return placed(request, {"conformance_text": text}, "query")

    return dressed


def _member(value: Json) -> Dressing:
    return adding(body={"conformance_member": value})


def _spaced(text: str) -> str:
    return text.replace("+", " ")


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")
