"""Files of other libraries that cannot be read while they are uploaded."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import procwise
from tests.client.conftest import Recorder
from tests.client.files.test_uploads import PICTURE, create

__all__ = ["create"]


def _cut_gzip() -> Any:
    return gzip.open(io.BytesIO(gzip.compress(PICTURE)[:-9]))


def _no_xz() -> Any:
    return lzma.open(io.BytesIO(b"no xz"))


def _no_bzip2() -> Any:
    return bz2.open(io.BytesIO(b"BZh9 is no bzip2"))


def _damaged_entry() -> Any:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a", PICTURE)
    damaged = content.getvalue().replace(PICTURE[300:400], bytes(100), 1)
    return zipfile.ZipFile(io.BytesIO(damaged)).open("a")


class _Odd(io.BytesIO):
    """A file of which one method fails in a way of its own."""

    def __init__(self, method: str, error: BaseException) -> None:
        super().__init__(PICTURE)
        self._error = error
        setattr(self, method, self._fail)

    def _fail(self, *_: object) -> Any:
        raise self._error


class _Moving:
    """A file whose `seek` returns nothing."""

    def read(self, _: int = -1) -> bytes:
        return b""

    def seek(self, *_: int) -> None:
        return None


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (_cut_gzip, "ended before"),
        (_no_xz, "format not supported"),
        (_no_bzip2, "Invalid data"),
        (_damaged_entry, "Bad CRC"),
        (_Moving, "no position"),
        *(
            (partial(_Odd, method, error), re.escape(reason))
            for method in ("read", "seek", "seekable", "readable")
            for error, reason in (
                (KeyError("lost"), "'lost'"),
                (RuntimeError(), "RuntimeError"),
                (StopIteration(), "Stop"),
            )
        ),
    ],
)
def test_what_goes_wrong_in_any_kind_of_file_is_refused_with_its_name(
    create: Any, origin: str, make: Callable[[], Any], reason: str
) -> None:
    with pytest.raises(procwise.InvalidArgument, match=rf"^(upload|plan\.pdf): the file cannot be read \(.*{reason}"):
        create(origin, procwise.Upload(make(), name="plan.pdf"))


def test_an_interruption_while_a_file_is_read_is_passed_on(client: procwise.Client, server: Recorder) -> None:
    server.reply(data={"attachment": {"id": 1}})
    with pytest.raises(KeyboardInterrupt):
        client.attachments.create(17, document=_Odd("read", KeyboardInterrupt()))
