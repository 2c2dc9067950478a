"""Uploaded files: name, size and type in the response are those that were sent."""

from __future__ import annotations

from collections.abc import Iterator

from ..api import Operation
from ..http.caller import Upload
from ..results import Result
from .check_run import CheckRun, Exchange
from .checks.objects import ANSWERED, NAMED, SIZE
from .factory import ObjectFactory

FILES = (
    Upload(name="all-bytes.bin", content=bytes(range(256)) * 4, media_type="application/octet-stream"),
    Upload(name="Zoë_\U0001d4b3_Łukasz.txt", content="decomposed e\u0301 and 😀\r\n".encode(), media_type="text/plain"),
    Upload(name="odd.csv", content=b"a;b\r\n1;2\r\n\x00", media_type="text/csv"),
    Upload(name="large.bin", content=bytes(range(256)) * 4096, media_type="application/octet-stream"),
    Upload(name="empty.txt", content=b"", media_type="text/plain"),
)
_SIZES = ("size",)
_NAMES = ("file_name", "filename")
_TYPES = ("content_type", "media_type", "mime_type")


def check_uploads(run: CheckRun, creator: Operation) -> Iterator[Result]:
    """Check one operation that takes files."""
    factory = ObjectFactory(run)
    for setting in creator.settable:
        if setting.kind == "file":
            for upload in FILES:
                exchange, _ = factory.try_create(creator, {setting.name: upload})
                yield from _check_upload(run, exchange, upload)


def _check_upload(run: CheckRun, exchange: Exchange, upload: Upload) -> Iterator[Result]:
    failed = exchange.status >= 500
    yield from run.verdict(ANSWERED, exchange, not failed, "a response below 500", detail=upload.name * failed)
    if not exchange.succeeded:
        return  # whether a file may be that large, or empty, is not described
    facts = (SIZE, _SIZES, len(upload.content)), (NAMED, _NAMES, upload.name), (NAMED, _TYPES, upload.media_type)
    for check, names, sent in facts:
        shown = _member(exchange, names)
        if shown is None:
            yield from run.skip(check, exchange.operation, f"the response has no {names[0]} of the file")
            continue
        detail = f"{names[0]} {upload.name}" * (shown != sent)
        yield from run.verdict(check, exchange, shown == sent, f"{names[0]} {sent}", observed=str(shown), detail=detail)


def _member(exchange: Exchange, endings: tuple[str, ...]) -> object:
    """The member with a fact about the file; None if there is none."""
    return next((value for name, value in exchange.object.items() if name.endswith(endings)), None)
