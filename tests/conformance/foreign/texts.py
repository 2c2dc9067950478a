"""How a server reads and writes values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus


def write_plain(value: Any) -> str:
    """A text as it is, nothing for null, everything else as JSON."""
    return value if isinstance(value, str) else "" if value is None else write_json(value)


def write_json(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_double(text: str) -> int | float:
    """A number as a double, without a fraction if that is 0: up to 1e21 JavaScript writes such a one in digits."""
    value = float(text)
    if abs(value) >= 1e21 or not value.is_integer():
        return value
    mantissa, _, exponent = repr(value).partition("e")
    digits = mantissa.replace(".", "")
    return int(digits.ljust(int(exponent) + 1 + digits.startswith("-"), "0")) if exponent else int(value)


def split_tags(text: str) -> list[str]:
    """The tags that a condition names; that of a weak one counts as well when something is only read."""
    return [one.strip().removeprefix("W/") for one in text.split(",")]


TEXTS: Mapping[str, Callable[[Any], str]] = {
    "plain": write_plain,
    "json": write_json,
    "form-encoded": lambda value: quote_plus(write_plain(value), safe="-._*"),
    "percent-encoded": lambda value: quote(write_plain(value), safe="-._~"),
}
