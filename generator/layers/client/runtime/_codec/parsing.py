"""JSON text to data."""

from __future__ import annotations

import json
from typing import Any

from msgspec import DecodeError, Raw
from msgspec.json import decode

from .reading import Reading


def parse_json(content: bytes | Raw, reading: Reading) -> Any:
    """The data of JSON text; raises ValueError if it is none, RecursionError if it is nested too deeply."""
    try:
        return decode(content)
    except (DecodeError, UnicodeDecodeError):
        return _parse_leniently(bytes(content), reading)


def _parse_leniently(content: bytes, reading: Reading) -> Any:
    """As the standard library reads it: also byte order marks, half surrogate pairs, and numbers such as NaN."""

    def constant(word: str) -> float:
        reading.note("JSON (RFC 8259)", word)
        return float(word)

    return json.loads(content, parse_constant=constant)
