"""What can be done to a part of a message: text to text, a hash, and the form that bytes are written in.

Each transform says what it takes and what it gives; `same` gives what it takes. The same transform is the same object,
so that two schemes are equal if they mean the same.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args
from urllib.parse import quote, quote_plus, unquote, unquote_plus

HashName = Literal["md5", "sha1", "sha256", "sha384", "sha512"]
DigestForm = Literal["hex-lower", "hex-upper", "base64", "base64url"]
ValueKind = Literal["text", "bytes"]

HASHES: tuple[HashName, ...] = get_args(HashName)
DIGEST_FORMS: tuple[DigestForm, ...] = get_args(DigestForm)
_UNRESERVED = "-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """One step. `growth` is how many times longer the result can be; 0 if its length is fixed.

    `name` is what `x-signing` calls it, with its argument if it has one.
    """

    apply: Callable[[str | bytes], str | bytes]
    takes: Literal["text", "any"]
    gives: ValueKind | Literal["same"]
    growth: float = 1
    undo: Callable[[str], str | bytes] | None = None
    name: str = ""


def encode(value: str | bytes) -> bytes:
    """The bytes of text, which is UTF-8; a lone surrogate is its three bytes."""
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def decode(value: str | bytes) -> str:
    """The text of bytes that came from the wire."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def remove_dot_segments(path: str) -> str:
    """The path without `.`, `..` and empty segments, as RFC 3986 5.2.4 resolves them."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    folder = path.endswith(("/", "/.", "/.."))
    return "/" + "/".join(kept) + ("/" if folder and kept else "")


def _has_only_letters(text: str) -> bool:
    """Whether a text has only letters and digits that no encoding changes, as almost every name has."""
    return text.isascii() and text.isalnum()


def _encode_percent(text: str) -> str:
    return text if _has_only_letters(text) else quote(text, safe=_UNRESERVED, errors="surrogatepass")


def _encode_form(text: str) -> str:
    """As an HTML form writes it: a space is `+`, and `~` is not left as it is."""
    if _has_only_letters(text):
        return text
    return quote_plus(text, safe="-._*", errors="surrogatepass").replace("~", "%7E")


def _undo_percent(text: str) -> str:
    """The text that was percent-encoded, half surrogates among it; ValueError if its bytes are no text."""
    return unquote(text, errors="surrogatepass")


def _text(apply: Callable[[str], str], growth: float = 1, undo: Callable[[str], str] | None = None) -> Transform:
    return Transform(apply=lambda value: apply(decode(value)), takes="text", gives="text", growth=growth, undo=undo)


def _hash(name: str) -> Transform:
    return Transform(
        apply=lambda value: hashlib.new(name, encode(value), usedforsecurity=False).digest(),
        takes="any",
        gives="bytes",
        growth=0,
    )


def _form(apply: Callable[[bytes], str], growth: float, undo: Callable[[str], bytes]) -> Transform:
    return Transform(apply=lambda value: apply(encode(value)), takes="any", gives="text", growth=growth, undo=undo)


def _from_base64(text: str) -> bytes:
    """The bytes of base64 in either alphabet, padded or not; ValueError if it is no base64."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _from_hex(text: str) -> bytes:
    return bytes.fromhex(text)


def _from(read: Callable[[str], bytes]) -> Transform:
    return Transform(apply=lambda value: read(decode(value)), takes="text", gives="bytes")


_STEPS: Mapping[str, Transform] = {
    "upper": _text(str.upper, 3),
    "lower": _text(str.lower, 3),
    "trim": _text(lambda text: text.strip(" \t")),
    "squeeze": _text(lambda text: " ".join(re.findall(r"[^ \t]+", text))),
    "percent-encode": _text(_encode_percent, 3, _undo_percent),
    "percent-encode-path": _text(
        lambda text: quote(text, safe=_UNRESERVED + "/", errors="surrogatepass"), 3, _undo_percent
    ),
    "percent-decode": _text(unquote),
    "form-encode": _text(_encode_form, 3, lambda text: _undo_percent(text.replace("+", " "))),
    "form-decode": _text(unquote_plus),
    "dot-segments": _text(remove_dot_segments),
    "last-segment": _text(lambda text: text.rstrip("/").rpartition("/")[2]),
    "media-type": _text(lambda text: text.partition(";")[0].strip().lower()),
    "unpadded": _text(lambda text: text.rstrip("=")),
    **{name: _hash(name) for name in HASHES},
    "hex-lower": _form(lambda data: data.hex(), 2, _from_hex),
    "hex-upper": _form(lambda data: data.hex().upper(), 2, _from_hex),
    "base64": _form(lambda data: base64.b64encode(data).decode(), 2, _from_base64),
    "base64url": _form(lambda data: base64.urlsafe_b64encode(data).decode(), 2, _from_base64),
    "from-base64": _from(_from_base64),
    "from-hex": _from(_from_hex),
}
TRANSFORMS: Mapping[str, Transform] = {name: replace(step, name=name) for name, step in _STEPS.items()}


@cache
def encode_as(encoding: str) -> Transform:
    """The text as bytes of this encoding."""
    return Transform(apply=lambda value: decode(value).encode(encoding), takes="text", gives="bytes", name=encoding)


@cache
def cut(length: int) -> Transform:
    """The first characters, or bytes."""
    return Transform(apply=lambda value: value[:length], takes="any", gives="same", name=f"first {length}")


@cache
def strip_prefix(prefix: str) -> Transform:
    """The text without a prefix, if it has it."""
    return replace(_text(lambda text: text.removeprefix(prefix)), name=f"strip {prefix!r}")


@cache
def replace_text(old: str, new: str) -> Transform:
    """Every occurrence of a text replaced."""
    step = _text(lambda text: text.replace(old, new), max(1, len(new) / len(old)))
    return replace(step, name=f"replace {old!r} by {new!r}")
