"""Compressed responses, unpacked bit by bit: bounded, and an error if they are cut short."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

from .._files.part import Damaged

_STEP = 1 << 18
_WITHOUT_BODY = (204, 205)
_GZIP, _ZLIB, _DEFLATE = 31, 15, -15


class Oversized(Exception):
    """The unpacked response is larger than it may be."""


class Unpacker:
    """Takes the bytes as they come; `largest` is how many unpacked ones there may be, None for any number."""

    def __init__(self, status: int, headers: Mapping[str, str], largest: int | None) -> None:
        words = [word.strip().lower() for word in headers.get("content-encoding", "").split(",")]
        self._encodings = [word for word in words if word not in ("", "identity")]
        self._largest = largest
        self._seen = 0
        self._stream = self._open() if self._encodings else None
        self._may_end = status in _WITHOUT_BODY or headers.get("content-length") == "0"

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The unpacked bytes that these bring."""
        if self._stream is None:
            yield self._count(chunk)
            return
        self._may_end = self._may_end and not chunk
        while chunk:
            if self._stream.eof:  # gzip may have several members, and zero bytes after them
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    return
                self._stream = self._open()
            yield self._count(self._unpack(chunk))
            chunk = self._stream.unconsumed_tail or self._stream.unused_data

    def finish(self) -> None:
        """Raise Damaged if more had to come."""
        if self._stream is not None and not self._stream.eof and not self._may_end:
            raise Damaged(f"its {self._encodings[0]} data is cut short")

    def _unpack(self, chunk: bytes) -> bytes:
        assert self._stream is not None  # noqa: S101  # only called for packed responses
        try:
            return self._stream.decompress(chunk, _STEP)
        except zlib.error as error:
            if self._encodings[0] == "deflate" and not self._seen:
                self._stream = zlib.decompressobj(_DEFLATE)  # without the header of zlib, as some servers send it
                self._encodings[0] = "raw deflate"
                return self._unpack(chunk)
            raise Damaged(f"its {self._encodings[0]} data is damaged ({error})") from None

    def _open(self) -> zlib._Decompress:
        if len(self._encodings) > 1 or self._encodings[0] not in ("gzip", "x-gzip", "deflate", "raw deflate"):
            raise Damaged(f"it is packed as {', '.join(self._encodings)[:50]!r}, which was not asked for")
        return zlib.decompressobj(_GZIP if "gzip" in self._encodings[0] else _ZLIB)

    def _count(self, part: bytes) -> bytes:
        self._seen += len(part)
        if self._largest is not None and self._seen > self._largest:
            raise Oversized(f"is larger than {self._largest >> 20} MiB")
        return part
