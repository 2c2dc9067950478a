"""JSON text to data."""

from __future__ import annotations

import json
from typing import Any

from msgspec import DecodeError, Raw
from msgspec.json import Decoder, decode

from .reading import Reading

_CHECKER = Decoder(Raw)


def parse_json(content: bytes | Raw, reading: Reading) -> Any:
    """The data of JSON text; raises ValueError if it is none, RecursionError if it is nested too deeply."""
    try:
        return decode(content)
    except (DecodeError, UnicodeDecodeError):
        return _parse_leniently(bytes(content), reading)


def is_damaged(content: bytes) -> bool:
    """Whether this is no JSON text, such as one that was cut short; nothing at all is not damaged."""
    try:
        _CHECKER.decode(content or b"{}")
        content.decode()
    except RecursionError:
        return False
    except (DecodeError, UnicodeDecodeError):
        return not _is_lenient_json(content)
    return False


def _is_lenient_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _parse_leniently(content: bytes, reading: Reading) -> Any:
    """As the standard library reads it: also byte order marks, half surrogate pairs, and numbers such as NaN."""

    def constant(word: str) -> float:
        reading.note("JSON (RFC 8259)", word)
        return float(word)

    data = json.loads(content, parse_constant=constant)
    if not reading.faults:
        reading.note("JSON (RFC 8259)", "text that only a lenient reader takes")
    return data
