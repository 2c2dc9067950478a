"""The states of hash functions, to go on hashing where somebody else stopped.

A signature that is a plain hash over a secret and a message is such a state: whoever sees it can sign a longer message.
`hashlib` cannot be given a state, so the compression functions are written here, for this attack and nothing else.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

_MASK = 0xFFFFFFFF
_BLOCK = 64
State = tuple[int, ...]


def _rotate(value: int, by: int) -> int:
    return ((value << by) | (value >> (32 - by))) & _MASK


def _cube_root_bits(number: int) -> int:
    """The first 32 bits behind the point of a cube root."""
    wanted = number << 96
    root = 1 << (wanted.bit_length() // 3 + 1)
    while root**3 > wanted:
        root = (2 * root + wanted // root**2) // 3
    return root & _MASK


_SINES = [int(abs(math.sin(i + 1)) * 2**32) for i in range(64)]
_TURNS = [
    turns[i % 4] for turns in ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21)) for i in range(16)
]
_CUBE_ROOTS = [_cube_root_bits(n) for n in range(2, 312) if all(n % d for d in range(2, math.isqrt(n) + 1))]


def _compress_md5(state: State, block: bytes) -> State:
    words, (a, b, c, d) = struct.unpack("<16L", block), state
    for i in range(64):
        mixed, index = (
            ((b & c) | (~b & d), i),
            ((d & b) | (~d & c), 5 * i + 1),
            (b ^ c ^ d, 3 * i + 5),
            (c ^ (b | (~d & _MASK)), 7 * i),
        )[i // 16]
        turned = _rotate((a + mixed + _SINES[i] + words[index % 16]) & _MASK, _TURNS[i])
        a, b, c, d = d, (b + turned) & _MASK, b, c
    return a, b, c, d


def _compress_sha1(state: State, block: bytes) -> State:
    words, (a, b, c, d, e) = list(struct.unpack(">16L", block)), state
    for i in range(16, 80):
        words.append(_rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1))
    for i in range(80):
        mixed, constant = (
            ((b & c) | (~b & d), 0x5A827999),
            (b ^ c ^ d, 0x6ED9EBA1),
            ((b & c) | (b & d) | (c & d), 0x8F1BBCDC),
            (b ^ c ^ d, 0xCA62C1D6),
        )[i // 20]
        a, b, c, d, e = (_rotate(a, 5) + (mixed & _MASK) + e + constant + words[i]) & _MASK, a, _rotate(b, 30), c, d
    return a, b, c, d, e


def _compress_sha256(state: State, block: bytes) -> State:
    words, (a, b, c, d, e, f, g, h) = list(struct.unpack(">16L", block)), state
    for i in range(16, 64):
        early, late = words[i - 15], words[i - 2]
        small = _rotate(early, 25) ^ _rotate(early, 14) ^ (early >> 3)
        large = _rotate(late, 15) ^ _rotate(late, 13) ^ (late >> 10)
        words.append((words[i - 16] + small + words[i - 7] + large) & _MASK)
    for i in range(64):
        turned = _rotate(e, 26) ^ _rotate(e, 21) ^ _rotate(e, 7)
        first = h + turned + ((e & f) ^ (~e & g)) + _CUBE_ROOTS[i] + words[i]
        second = (_rotate(a, 30) ^ _rotate(a, 19) ^ _rotate(a, 10)) + ((a & b) ^ (a & c) ^ (b & c))
        a, b, c, d, e, f, g, h = (first + second) & _MASK, a, b, c, (d + first) & _MASK, e, f, g
    return a, b, c, d, e, f, g, h


@dataclass(frozen=True, slots=True)
class _Hash:
    """How a hash function takes one block, and in which order it writes bytes."""

    compress: Callable[[State, bytes], State]
    order: Literal["<", ">"]


EXTENSIBLE: Mapping[str, _Hash] = {
    "md5": _Hash(_compress_md5, "<"),
    "sha1": _Hash(_compress_sha1, ">"),
    "sha256": _Hash(_compress_sha256, ">"),
}


def build_padding(name: str, length: int) -> bytes:
    """What the function adds to a message of so many bytes."""
    zeros = b"\0" * ((55 - length) % _BLOCK)
    return b"\x80" + zeros + struct.pack(f"{EXTENSIBLE[name].order}Q", length * 8)


def extend(name: str, digest: bytes, length: int, suffix: bytes) -> bytes:
    """The hash of a message of so many bytes with its padding and a suffix; of the message only the hash is known."""
    own = EXTENSIBLE[name]
    form = f"{own.order}{len(digest) // 4}L"
    state: State = struct.unpack(form, digest)
    padded = length + len(build_padding(name, length))
    rest = suffix + build_padding(name, padded + len(suffix))
    for start in range(0, len(rest), _BLOCK):
        added = own.compress(state, rest[start : start + _BLOCK])
        state = tuple((old + new) & _MASK for old, new in zip(state, added, strict=True))
    return struct.pack(form, *state)
