"""How a parameter's value becomes text in the base string.

A value is JSON data: str, int, float, bool, None, list, dict. `ruby-text` is what a Rails
application makes of it (source: the vendor's signing tables, and runs of Ruby 3.1).
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from urllib.parse import quote, quote_plus

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


def plain(value: object) -> str:
    """Strings as they are, booleans as `true` and `false`, null as the empty text, the rest as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json_text(value)


def json_text(value: object) -> str:
    """Compact JSON, non-ASCII characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def percent_encoded(value: object) -> str:
    """The plain text, percent-encoded as RFC 3986 asks: a space is `%20`."""
    return quote(plain(value), safe="-._~")


def form_encoded(value: object) -> str:
    """The plain text as an HTML form encodes it: a space is `+`."""
    return quote_plus(plain(value), safe="-._*")


def ruby_text(value: object) -> str:
    """The text of Ruby's interpolation, `"#{value}"`: arrays and objects are inspected."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if type(value) is int:  # the common case, without `inspect`; True and False are not of this type
        return str(value)
    return ruby_inspect(_drop_nulls(value))


def ruby_inspect(value: object) -> str:
    """Ruby's `inspect` of JSON data."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, float | Decimal):
        return ruby_float(float(value))
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(ruby_inspect, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_quote(str(k))}=>{ruby_inspect(v)}" for k, v in value.items()) + "}"
    return str(value)


def ruby_float(value: float) -> str:
    """Ruby's `Float#to_s`: the shortest digits, fixed for exponents of -4 to 15."""
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
    if -4 < point <= 0:
        return "0." + "0" * -point + digits
    return f"{digits[0]}.{digits[1:] or '0'}e{point - 1:+03d}"


def _drop_nulls(value: object) -> object:
    """Rails drops the nulls inside arrays, at any depth, and keeps those of objects."""
    if isinstance(value, list | tuple):
        return [_drop_nulls(item) for item in value if item is not None]
    if isinstance(value, Mapping):
        return {key: _drop_nulls(item) for key, item in value.items()}
    return value


def _quote(text: str) -> str:
    pairs = zip(text, text[1:] + " ", strict=False)  # of an empty text, the second is longer
    return '"' + "".join(_escape(char, following) for char, following in pairs) + '"'


def _escape(char: str, following: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char == "#" and following in "{$@":
        return "\\#"
    if char in _PRINTABLE_CONTROL or unicodedata.category(char) not in _UNPRINTABLE:
        return char
    return f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\u{{{ord(char):X}}}"


VALUES: Mapping[str, Callable[[object], str]] = {
    "ruby-text": ruby_text,
    "json": json_text,
    "form-encoded": form_encoded,
    "percent-encoded": percent_encoded,
    "plain": plain,
}
