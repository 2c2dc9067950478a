"""JSON text to data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
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


def note_doubled(content: bytes, reading: Reading) -> None:
    """Note each member that an object of the text has more than once; other readers keep the last of them alone."""
    doubled: dict[int, tuple[dict[str, Any], list[str]]] = {}  # the objects are kept, so that each number is of one

    def gather(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            doubled[id(found)] = found, [name for name, count in counts.items() if count > 1]
        return found

    data = json.loads(content, object_pairs_hook=gather, parse_int=str, parse_float=str)
    if doubled:
        _note_doubled(data, {number: names for number, (_, names) in doubled.items()}, reading)


def _note_doubled(data: Any, doubled: Mapping[int, list[str]], reading: Reading) -> None:
    for name in doubled.get(id(data), ()):
        reading.note("each member once", "a member twice", name)
    steps = data.items() if type(data) is dict else enumerate(data) if type(data) is list else ()
    for step, value in steps:
        before = reading.enter(step)
        _note_doubled(value, doubled, reading)
        reading.leave(before)


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
