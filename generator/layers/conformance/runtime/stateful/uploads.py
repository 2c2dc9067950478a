"""Uploaded files: what the answer tells of them is what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from ..description import Operation
from ..http.caller import Upload
from ..results import Result
from .check_context import Exchange, Trial
from .checks.objects import ANSWERED, NAMED, SIZE
from .factory import Making

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


def uploaded(trial: Trial, creator: Operation) -> Iterator[Result]:
    """The checks of one operation that takes files."""
    making = Making(trial)
    for setting in creator.settings:
        if setting.kind == "file":
            for upload in FILES:
                exchange, _ = making.tried(creator, {setting.name: upload})
                yield from _judged(trial, exchange, upload)


def _judged(trial: Trial, exchange: Exchange, upload: Upload) -> Iterator[Result]:
    failed = exchange.status >= 500
    yield from trial.verdict(ANSWERED, exchange, not failed, "an answer below 500", detail=upload.name * failed)
    if not exchange.succeeded:
        return  # whether a file may be that large, or empty, is not described
    told = (SIZE, _SIZES, len(upload.content)), (NAMED, _NAMES, upload.name), (NAMED, _TYPES, upload.media_type)
    for check, names, sent in told:
        shown = _member(exchange, names)
        if shown is None:
            yield from trial.skipped(check, exchange.operation, f"the answer has no {names[0]} of the file")
            continue
        detail = f"{names[0]} {upload.name}" * (shown != sent)
        yield from trial.verdict(
            check, exchange, shown == sent, f"{names[0]} {sent}", observed=str(shown), detail=detail
        )


def _member(exchange: Exchange, endings: tuple[str, ...]) -> object:
    """The member that tells a fact of the file; None where none does."""
    return next((value for name, value in exchange.object.items() if name.endswith(endings)), None)
