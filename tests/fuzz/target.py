"""One function of the product as the fuzzer sees it: bytes go in, and nothing but declared errors may come out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What to try, and with what.

    `run` tries one input, and raises only `declared` errors unless something is wrong. `tokens` are thrown into
    inputs. `plant_bug` puts a bug into the product for as long as its context lasts, to see that it is found.
    """

    name: str
    run: Callable[[bytes], object]
    declared: tuple[type[Exception], ...]
    tokens: tuple[bytes, ...]
    plant_bug: Callable[[], AbstractContextManager[object]]

    @property
    def corpus(self) -> tuple[Path, ...]:
        """The inputs to begin with."""
        return tuple(sorted((CORPUS / self.name).iterdir()))


class WrongResult(Exception):
    """Nothing was raised, but what came out is wrong."""


def read_members(data: bytes) -> Iterator[tuple[str, object]]:
    """Names and values of an input with one of them on each line: any bytes are such an input.

    A value is JSON, and text if it is no JSON; a `\\ud800` in the JSON is half a surrogate pair.
    """
    for line in data.decode("utf-8", "replace").split("\n"):
        name, _, value = line.partition("=")
        try:
            yield name, json.loads(value)
        except (ValueError, RecursionError):
            yield name, value


VALUES = (
    *(b"null", b"true", b"-0", b"0.1", b"1e400", b"1e-7", b"123456789012345678901234567890", b"NaN", b"-Infinity"),
    *(b'""', b'"\\ud800"', b'"\\u0000"', b'"\\u2028"', b"[]", b"{}", b"[null]", b'{"a":[1,{"b":null}]}', b'["'),
    *(b"?", b"&", b"=", b"%", b"#{x}", b"\xc3\xa9", b"\xf0\x9f\x98\x80", b"\xff", b"\x00", b"\n", b"\x85"),
)
