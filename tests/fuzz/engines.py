"""Where inputs come from: the corpus, changed at random, or by Atheris, which looks at what each input reaches.

Hypothesis would take 3 ms to draw the changes of one input, ten times as long as most targets take to try it.
"""

from __future__ import annotations

import os
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from tests.fuzz.search import Search

LARGEST = 100_000  # bytes of one input
_MOST_CHANGES = 6
_LONGEST_PIECE = 12
_WORD = re.compile(rb"(?<!\w)\w+")
_REPETITIONS = (2, 3, 10, 100, 1000, 10_000)
_INSTRUMENTED = ["procwise", "procwise_sandbox", "generator", "python_multipart"]


def search_at_random(search: Search, number: int) -> None:
    """Searches until it is over; the same number tries the same inputs."""
    corpus = [path.read_bytes() for path in search.target.corpus]
    for data in chain(corpus, change_inputs(random.Random(number), corpus, search.target.tokens)):
        if search.is_over:
            break
        search.try_input(data)


def change_inputs(chance: random.Random, corpus: Sequence[bytes], tokens: Sequence[bytes]) -> Iterator[bytes]:
    """Inputs of the corpus with some bytes repeated, lost, or replaced by tokens or by a piece of another; no end."""
    while True:
        data = chance.choice(corpus)
        for _ in range(chance.randint(1, _MOST_CHANGES)):
            start, end = _choose_span(chance, data)
            data = (data[:start] + _piece(chance, data[start:end], corpus, tokens) + data[end:])[:LARGEST]
        yield data


def _choose_span(chance: random.Random, data: bytes) -> tuple[int, int]:
    """Where to change the data: a word of it, or any bytes."""
    start = chance.randint(0, len(data))
    word = _WORD.search(data, start) if chance.randrange(2) else None
    return word.span() if word else (start, start + chance.randint(0, _LONGEST_PIECE))


def _piece(chance: random.Random, old: bytes, corpus: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """What stands in the place of the old bytes."""
    match chance.randrange(8):
        case 0:
            return b""
        case 1:
            return chance.randbytes(chance.randint(1, 4))
        case 2:
            return _repeat(old, chance)
        case 3:
            return _repeat(chance.choice(tokens), chance)
        case 4:
            other = chance.choice(corpus)
            start = chance.randint(0, len(other))
            return other[start : start + chance.randint(0, len(other))]
        case _:
            return chance.choice(tokens)


def _repeat(piece: bytes, chance: random.Random) -> bytes:
    return piece * min(chance.choice(_REPETITIONS), LARGEST // max(1, len(piece)))


def search_with_atheris(load_search: Callable[[], Search], finish: Callable[[Search], int], number: int) -> None:
    """The same, led by the branches that inputs reach. Ends the process with what `finish` returns: libFuzzer does."""
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        search = load_search()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    tokens = folder / "tokens"
    escaped = ("".join(f"\\x{byte:02x}" for byte in token) for token in search.target.tokens)
    tokens.write_text("".join(f'"{token}"\n' for token in escaped))

    def try_input(data: bytes) -> None:
        search.try_input(data)
        if search.is_over:
            code = finish(search)
            sys.stdout.flush()
            os._exit(code)

    found = folder / "corpus"  # what is new goes into the first folder
    found.mkdir()
    places = [str(found), str(search.target.corpus[0].parent)]
    options = [f"-dict={tokens}", f"-max_len={LARGEST}", f"-seed={number}", "-rss_limit_mb=0", "-timeout=0"]
    atheris.Setup([sys.argv[0], *options, "-verbosity=0", *places], try_input)
    atheris.Fuzz()
