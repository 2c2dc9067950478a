"""How a parameter's value becomes text in the base string.

A value is JSON data: str, int, float, bool, None, list, dict. `ruby-text` is what a Rails
application makes of it (source: the vendor's signing tables, and runs of Ruby 3.1).
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal
from urllib.parse import quote, quote_plus

ValueText = Literal["ruby-text", "json", "form-encoded", "percent-encoded", "plain"]

_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\f": "\\f",
    "\v": "\\v",
    "\b": "\\b",
    "\a": "\\a",
    "\x1b": "\\e",
}
_UNPRINTABLE = frozenset(("Cc", "Cn", "Cs", "Zl", "Zp"))
_PRINTABLE_CONTROL = "\x85"  # Ruby 3.1 prints this one control character as it is
_FIXED_DIGITS = 15
_WORDS: Mapping[object, str] = {None: "nil", True: "true", False: "false"}
_FIXED = (1e-4, 1e15)  # between them Python writes a number as Ruby does
_MOST_ESCAPES = 65_536
_QUOTED_AS_IT_IS = re.compile(r'[^"\\#]*')


def plain(value: object) -> str:
    """Strings as they are, booleans as `true` and `false`, null as the empty text, the rest as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value) if type(value) is int else json_text(value)


def json_text(value: object) -> str:
    """Compact JSON, non-ASCII characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def percent_encoded(value: object) -> str:
    """The plain text, percent-encoded as RFC 3986 asks: a space is `%20`."""
    return quote(plain(value), safe="-._~", errors="surrogatepass")


def form_encoded(value: object) -> str:
    """The plain text as an HTML form encodes it: a space is `+`."""
    return quote_plus(plain(value), safe="-._*", errors="surrogatepass")


def ruby_text(value: object) -> str:
    """The text of Ruby's interpolation, `"#{value}"`: arrays and objects are inspected."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if type(value) is int:  # the common case, without `inspect`; True and False are not of this type
        return str(value)
    return ruby_inspect(value)


def ruby_inspect(value: object) -> str:
    """Ruby's `inspect` of JSON data, after Rails has dropped the nulls in arrays; those in objects stay."""
    parts: list[str] = []
    _inspect(value, parts.append)
    return "".join(parts)


def _inspect(value: object, write: Callable[[str], None]) -> None:
    if isinstance(value, str):
        write(_quote(value))
    elif isinstance(value, Mapping):
        _inspect_object(value, write)
    elif isinstance(value, list | tuple):
        _inspect_array(value, write)
    elif isinstance(value, float | Decimal):
        write(ruby_float(float(value)))
    else:
        write(_WORDS.get(value, "") if value is None or isinstance(value, bool) else str(value))


def _inspect_object(members: Mapping[str, object], write: Callable[[str], None]) -> None:
    before = "{"
    for name, value in members.items():
        write(f"{before}{_quote(str(name))}=>")
        _inspect(value, write)
        before = ", "
    write("}" if members else "{}")


def _inspect_array(items: Sequence[object], write: Callable[[str], None]) -> None:
    write("[")
    before = ""
    for item in items:
        if item is not None:
            write(before)
            _inspect(item, write)
            before = ", "
    write("]")


def ruby_float(value: float) -> str:
    """Ruby's `Float#to_s`: the shortest digits, fixed for exponents of -4 to 15."""
    if _FIXED[0] <= abs(value) < _FIXED[1]:
        return repr(value)
    if not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    sign, digit_tuple, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, digit_tuple))
    point = len(digits) + int(exponent)
    digits = digits.rstrip("0") or "0"
    point = 1 if digits == "0" else point
    return "-" * sign + _place_point(digits, point)


def _place_point(digits: str, point: int) -> str:
    if 0 < point < len(digits):
        return f"{digits[:point]}.{digits[point:]}"
    if 0 < point <= _FIXED_DIGITS:
        return digits.ljust(point, "0") + ".0"
    return f"{digits[0]}.{digits[1:] or '0'}e{point - 1:+03d}"


class _Escapes(dict[int, str]):
    """What `inspect` writes for a character, by its number: each is looked up once, at most so many are kept."""

    def __missing__(self, number: int) -> str:
        written = _escape(chr(number))
        if len(self) < _MOST_ESCAPES:
            self[number] = written
        return written


_escapes = _Escapes()


def _quote(text: str) -> str:
    if text.isprintable() and _QUOTED_AS_IT_IS.fullmatch(text):  # almost every text, at the speed of C
        return f'"{text}"'
    quoted = text.translate(_escapes)
    for following in "{$@":  # with them, `#` would begin an interpolation
        quoted = quoted.replace(f"#{following}", f"\\#{following}")
    return f'"{quoted}"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char in _PRINTABLE_CONTROL or unicodedata.category(char) not in _UNPRINTABLE:
        return char
    return f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\u{{{ord(char):X}}}"


VALUES: Mapping[ValueText, Callable[[object], str]] = {
    "ruby-text": ruby_text,
    "json": json_text,
    "form-encoded": form_encoded,
    "percent-encoded": percent_encoded,
    "plain": plain,
}
