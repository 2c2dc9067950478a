"""Awkward values: signed correctly they must be accepted, and signed over another encoding they must not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from requests import PreparedRequest

from procwise.signing import Scheme

from ..api import Json
from ..http.signer import SignatureFunction, SigningSteps
from ..http.wire import Parts, is_json, kind_of, place_parameters, with_members
from ..results import ADVISORY, MUST, Level
from .additions import Mutation, add_parameters, takes_json
from .attack import OFTEN, PASSES, Attack
from .wrong_signatures import in_encoding, over_texts, with_clauses, with_values

Spelling = tuple[str, str, str, SignatureFunction, str]  # id, name, text, how it is signed, cause

_VALUES = "x-signing.message.values"
_ENCODING = "x-signing.message.encoding"
_COMPOSED = "Zoë Ångström ốǖ"
_DECOMPOSED = unicodedata.normalize("NFD", _COMPOSED)
_ASTRAL = "\U0001f511 \U00020bb7 \U0001d54f"
_LARGEST_EXACT = 2**53 - 1
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
    (
        "SIG-225",
        "largest number of 64 bits",
        2**63 - 1,
        "whole numbers are cut to fewer bits, or go through floating point",
    ),
    (
        "SIG-226",
        "smallest number of 64 bits",
        -(2**63),
        "whole numbers are cut to fewer bits, or go through floating point",
    ),
    ("SIG-227", "zero", 0, "zero counts as nothing"),
)


def attacks(_scheme: Scheme) -> Iterator[Attack]:
    """Attacks on values."""
    valid = partial(Attack, clause=_VALUES, error_statuses=PASSES)
    for id_, name, text, cause in _TEXTS:
        clause = _VALUES if text.isascii() else _ENCODING
        yield valid(id=id_, name=name, clause=clause, cause=cause, steps=SigningSteps(mutate=_anywhere(text)))
    for id_, name, value, cause in _MEMBERS:
        level: Level = ADVISORY if _is_beyond_doubles(value) else MUST
        steps = SigningSteps(mutate=_member(value))
        yield valid(id=id_, name=name, cause=cause, level=level, steps=steps, fits=takes_json)
    yield from _spellings()
    yield from _value_rules()
    yield from _lists_and_nulls()


def _is_beyond_doubles(value: Json) -> bool:
    """Whether programs that read JSON numbers as doubles, as RFC 8259 lets them, may read another number."""
    return isinstance(value, int) and abs(value) > _LARGEST_EXACT


def _spellings() -> Iterator[Attack]:
    """Texts that are signed in another form than the one that is sent."""
    for id_, name, text, compute_signature, cause in (*_other_characters(), *_other_texts()):
        steps = SigningSteps(mutate=_anywhere(text), compute_signature=compute_signature)
        clause = _VALUES if text.isascii() else _ENCODING
        yield Attack(id=id_, name=name, clause=clause, cause=cause, steps=steps)


def _other_characters() -> Iterator[Spelling]:
    composed, decomposed = (partial(unicodedata.normalize, form) for form in ("NFC", "NFD"))
    yield "SIG-230", "signed decomposed", _COMPOSED, over_texts(decomposed), "texts are normalised"
    yield "SIG-231", "signed composed", _DECOMPOSED, over_texts(composed), "texts are normalised"
    latin, ascii_ = in_encoding("latin-1"), in_encoding("ascii")
    yield "SIG-232", "signed in Latin-1", "Zoë", latin, "base strings are taken in Latin-1, too"
    yield "SIG-233", "signed in ASCII", "Zoë", ascii_, "characters beyond ASCII are replaced before signing"


def _other_texts() -> Iterator[Spelling]:
    trimmed, spaces, twice = over_texts(str.strip), over_texts(_plus_to_space), over_texts(unquote)
    yield "SIG-234", "signed trimmed", "  a  ", trimmed, "values are trimmed before they are signed"
    yield "SIG-235", "signed with spaces for plus signs", "a+b", spaces, "plus signs are read as spaces"
    yield "SIG-236", "signed decoded twice", "%41%20", twice, "values are decoded twice"
    lines, filled = over_texts(_to_unix_line_breaks), with_values(lambda value: value not in _EMPTY)
    yield "SIG-237", "signed over plain line breaks", "a\r\nb", lines, "line breaks are changed before signing"
    yield "SIG-238", "signed without empty values", "", filled, _omission_cause("empty values")


def _value_rules() -> Iterator[Attack]:
    """Values that are signed by other rules for texts than those of the scheme."""
    row = partial(Attack, clause=_VALUES, spread=OFTEN)
    text = _anywhere("a b/c~d*e%é")
    for id_, values in (("SIG-239", "percent-encoded"), ("SIG-240", "form-encoded"), ("SIG-241", "json")):
        cause = f"values are also taken as {values}"
        yield row(
            id=id_, name=f"signed over {values} values", cause=cause, steps=_steps(text, with_clauses(values=values))
        )
    row = partial(row, fits=takes_json)
    for id_, values in (("SIG-242", "plain"), ("SIG-243", "ruby-text")):
        cause = f"lists are also taken as {values}"
        steps = _steps(_member(["b", 1]), with_clauses(values=values))
        yield row(id=id_, name=f"signed over {values} lists", cause=cause, steps=steps)


def _lists_and_nulls() -> Iterator[Attack]:
    row = partial(Attack, clause=_VALUES, fits=takes_json, spread=OFTEN)
    no_lists = with_values(lambda value: not isinstance(value, list | dict))
    yield row(
        id="SIG-244",
        name="signed without lists",
        cause=_omission_cause("lists"),
        steps=_steps(_member(["b", 1]), no_lists),
    )
    no_nulls = with_values(lambda value: value is not None)
    yield row(
        id="SIG-245", name="signed without nulls", cause=_omission_cause("nulls"), steps=_steps(_member(None), no_nulls)
    )


def _steps(mutate: Mutation, compute_signature: SignatureFunction) -> SigningSteps:
    return SigningSteps(mutate=mutate, compute_signature=compute_signature)


def _omission_cause(what: str) -> str:
    return f"{what} are left out of the base string"


def _anywhere(text: str) -> Mutation:
    """The text in the query, and in the body where that is JSON."""

    def add(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
        if is_json(kind_of(request)):
            request = with_members(request, {"conformance_member": text})
        return place_parameters(request, {"conformance_text": text}, "query")

    return add


def _member(value: Json) -> Mutation:
    return add_parameters(body={"conformance_member": value})


def _plus_to_space(text: str) -> str:
    return text.replace("+", " ")


def _to_unix_line_breaks(text: str) -> str:
    return text.replace("\r\n", "\n")
