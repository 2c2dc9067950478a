"""The check of a downloaded archive, however much it unpacks to, ends in time and soon after somebody cancels."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

import procwise
from procwise import Progress
from tests.client.files.file_server import Caller, FileServer, archive, caller
from tests.client.files.test_downloads import list_left_files

__all__ = ["caller"]
METHODS = pytest.mark.parametrize("method", ["download_documents_zip", "documents_zip"])


def pack(method: int, size: int = 30_000_000, entries: int = 1) -> bytes:
    """An archive that unpacks to much more than it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as opened:
        for number in range(entries):
            opened.writestr(f"{number}.bin", bytes(size))
    return made.getvalue()


class Watcher:
    """Cancels at the given look after the last byte came."""

    def __init__(self, looks: int) -> None:
        self._left = looks
        self._has_come = False

    def note(self, progress: Progress) -> None:
        self._has_come = progress.stage == "download" and progress.done == progress.total

    def is_set(self) -> bool:
        self._left -= self._has_come
        return self._left < 0


@METHODS
@pytest.mark.parametrize(
    "content",
    [pack(zipfile.ZIP_DEFLATED), pack(zipfile.ZIP_BZIP2, 1000, 40), pack(zipfile.ZIP_STORED, 0, 40)],
    ids=["one-large-entry", "many-entries", "empty-entries"],
)
def test_the_check_looks_whether_it_is_cancelled(caller: Caller, tmp_path: Path, method: str, content: bytes) -> None:
    watcher = Watcher(looks=20)
    with pytest.raises(procwise.Cancelled, match="cancelled"):
        caller.call(FileServer(content), method, 17, tmp_path / "a.zip", progress=watcher.note, cancel=watcher)
    assert not list_left_files(tmp_path)


@METHODS
def test_the_check_ends_with_the_deadline(caller: Caller, tmp_path: Path, method: str) -> None:
    def wait(progress: Progress) -> None:
        if progress.stage == "download" and progress.done == progress.total:
            time.sleep(3)

    with pytest.raises(procwise.TimedOut, match=r"not done within|in time"):
        caller.call(FileServer(), method, 17, tmp_path / "a.zip", progress=wait, deadline=3)
    assert not list_left_files(tmp_path)


def test_what_came_is_kept_for_a_call_with_more_time(caller: Caller, tmp_path: Path) -> None:
    def wait(progress: Progress) -> None:
        if progress.done == progress.total:
            time.sleep(3)

    server, place = FileServer(), tmp_path / "a.zip"
    with pytest.raises(procwise.TimedOut):
        caller.download(server, place, progress=wait, deadline=3, resume=True)
    assert len(list_left_files(tmp_path)) == 2
    assert caller.download(server, place, resume=True).read_bytes() == archive()
    assert list_left_files(tmp_path) == ["a.zip"]


def test_an_error_of_the_users_own_event_is_no_damage(caller: Caller, tmp_path: Path) -> None:
    class Broken(Watcher):
        def is_set(self) -> bool:
            if super().is_set():
                raise ZeroDivisionError("made up")
            return False

    watcher = Broken(looks=0)
    with pytest.raises(ZeroDivisionError, match="made up"):
        caller.download(FileServer(), tmp_path / "a.zip", progress=watcher.note, cancel=watcher)


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_kind_of_entry_is_checked_to_its_end(caller: Caller, tmp_path: Path, kind: int) -> None:
    content = pack(kind, 600_000, 2)
    assert caller.download(FileServer(content), tmp_path / "a.zip").read_bytes() == content
    entry = zipfile.ZipFile(io.BytesIO(content)).infolist()[1]
    record = content.rindex(b"PK\x01\x02")  # its check sum stands in the central directory
    changed = (
        content[: record + 16] + bytes(byte ^ 1 for byte in content[record + 16 : record + 20]) + content[record + 20 :]
    )
    assert entry.CRC.to_bytes(4, "little") == content[record + 16 : record + 20]
    with pytest.raises(procwise.DownloadDamaged, match=r"entry '1\.bin' is damaged"):
        caller.download(FileServer(changed), tmp_path / "b.zip")
