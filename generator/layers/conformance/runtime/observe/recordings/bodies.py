"""The bodies of a recording as bytes: base64, fields of a form in place of a text, content that is still compressed."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from urllib.parse import urlencode

from ...http.wire import FORM, MULTIPART, media_type

LARGEST = 64 * 1024 * 1024  # bytes of one body, after it was unpacked
_GZIP, _ZLIB = b"\x1f\x8b", b"\x78"
_WINDOW = 32 + zlib.MAX_WBITS  # either of the two heads
_HEAD_OF_A_FORM = "content-type:"
Fields = Mapping[str, object]


def read_content(content: Fields, encoding: str, kind: str) -> bytes | None:
    """The body of a response; None if the recording does not have it, or has only a part of it.

    `encoding` and `kind` are the headers Content-Encoding and Content-Type.
    """
    text, size = content.get("text"), content.get("size")
    if not isinstance(text, str):
        return b"" if size == 0 else None
    data = _decode(text, content.get("encoding"))
    data = None if data is None else unpack(data, encoding)
    if data is None:
        return None
    is_part = isinstance(size, int) and size > len(data) and media_type(kind).endswith("json") and not _is_json(data)
    return None if is_part else data


def read_post_data(post: Fields, kind: str) -> tuple[bytes | None, bool]:
    """The body of a request, and whether its bytes are those that were sent; None if the recording lacks it."""
    text, fields = post.get("text"), post.get("params")
    if isinstance(text, str) and text:
        data = _decode(_drop_head(text), post.get("encoding") or post.get("_encoding"))
        return data, data is not None
    if isinstance(fields, list) and fields:
        return _write_fields(fields, kind or str(post.get("mimeType") or "")), False
    return (b"", True) if text == "" else (None, False)


def unpack(data: bytes, encoding: str) -> bytes | None:
    """The content without its coding, if it still has one; None if that cannot be undone here."""
    for coding in reversed([one.strip().lower() for one in encoding.split(",") if one.strip()]):
        if coding in ("gzip", "x-gzip", "deflate"):
            unpacked = _inflate(data, coding)
        elif coding == "identity":
            continue
        else:
            return data if _is_json(data) else None
        if unpacked is None:
            return None
        data = unpacked
    return data


def _inflate(data: bytes, coding: str) -> bytes | None:
    """The unpacked bytes; the bytes as they are, if they were unpacked before."""
    if not data.startswith(_GZIP if coding.endswith("gzip") else _ZLIB):
        return data
    packed = zlib.decompressobj(_WINDOW)
    try:
        unpacked = packed.decompress(data, LARGEST)
    except zlib.error:
        return data if coding == "deflate" else None  # a text may begin with an x
    return None if packed.unconsumed_tail else unpacked


def _decode(text: str, encoding: object) -> bytes | None:
    if encoding != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _drop_head(text: str) -> str:
    """The text of a form without the headers that Firefox may put ahead of it."""
    head, found, rest = text.partition("\r\n\r\n")
    return rest if found and head.lower().startswith(_HEAD_OF_A_FORM) and head.count("\r\n") <= 1 else text


def _write_fields(fields: list[object], kind: str) -> bytes | None:
    """A form with these fields; None if a file is among them, whose bytes no recording has."""
    pairs = [(str(one.get("name") or ""), one.get("value")) for one in fields if isinstance(one, dict)]
    if media_type(kind) == MULTIPART:
        return None
    if media_type(kind) not in (FORM, ""):
        return None
    return urlencode([(name, "" if value is None else str(value)) for name, value in pairs]).encode()


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
