"""Downloads: whole or not at all, resumed where they broke off, with progress, and ended when wanted."""

from __future__ import annotations

import gzip
import os
import socket
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import procwise
from procwise import Progress
from tests.client.files.file_server import Caller, FileServer, archive, caller

__all__ = ["caller"]
WHOLE = archive()


def list_left_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 6000), max_size=8), breaks=st.booleans(), has_length=st.booleans())
def test_a_download_goes_on_where_it_broke_off(
    caller: Caller, tmp_path: Path, cuts: list[int], breaks: bool, has_length: bool
) -> None:
    """Every byte is sent once, however often the connection breaks, as long as each attempt brings some."""
    cuts = [cut for cut in cuts if cut]
    server = FileServer(cuts=cuts.copy(), breaks=breaks or not has_length, has_length=has_length)
    path = caller.download(server, tmp_path / "a.zip")
    assert path.read_bytes() == WHOLE
    assert list_left_files(tmp_path) == ["a.zip"]
    reached = [sum(cuts[:number]) for number in range(len(cuts) + 1)]
    expected = [f"bytes={start}-" if start else "" for start in reached if start < len(WHOLE)]
    assert server.ranges == expected


def test_attempts_that_bring_nothing_are_counted(caller: Caller, tmp_path: Path) -> None:
    server = FileServer(cuts=[5000, *[0] * 20])
    with pytest.raises(procwise.ConnectionFailed) as caught:
        caller.download(server, tmp_path / "a.zip", max_retries=2)
    assert caught.value.attempts == len(server.ranges) == 4  # the first one does not count
    assert not list_left_files(tmp_path)


def test_without_retries_nothing_is_resumed(caller: Caller, tmp_path: Path) -> None:
    server = FileServer(cuts=[5000])
    with pytest.raises(procwise.ConnectionFailed):
        caller.download(server, tmp_path / "a.zip", max_retries=0)
    assert server.ranges == [""]


@pytest.mark.parametrize("etag", [None, 'W/"one"'])
def test_without_a_strong_etag_everything_is_sent_anew(caller: Caller, tmp_path: Path, etag: str | None) -> None:
    server = FileServer(cuts=[5000, 6000], etag=etag)
    assert caller.download(server, tmp_path / "a.zip").read_bytes() == WHOLE
    assert server.ranges == ["", "", ""]


def test_a_file_that_changed_meanwhile_is_sent_anew(caller: Caller, tmp_path: Path) -> None:
    server = FileServer(cuts=[5000])

    def change() -> None:
        if len(server.ranges) == 2:
            return
        server.content, server.etag = archive(3000), '"two"'

    old = server.content
    server.served = change
    path = caller.download(server, tmp_path / "a.zip")
    assert path.read_bytes() == archive(3000) != old
    assert server.ranges == ["", "bytes=5000-"]


@pytest.mark.parametrize(
    "odd",
    [
        {"content-range": "bytes 4-9/20"},
        {"content-range": "pages 5000-/x"},
        {"etag": '"two"'},
        {"content-encoding": "gzip"},
    ],
    ids=lambda odd: next(iter(odd)),
)
def test_another_part_than_the_one_asked_for_is_not_put_into_the_file(
    caller: Caller, tmp_path: Path, odd: dict[str, str]
) -> None:
    server = FileServer(cuts=[5000])

    def serve(request: httpx2.Request) -> httpx2.Response:
        response = server(request)
        if len(server.ranges) == 2:
            response.headers.update(odd)
        return response

    assert caller.download(serve, tmp_path / "a.zip").read_bytes() == WHOLE
    assert server.ranges == ["", "bytes=5000-", ""]


def test_a_range_that_is_not_to_be_had_begins_anew(caller: Caller, tmp_path: Path) -> None:
    server = FileServer(cuts=[5000])

    def shrink() -> None:
        server.content = archive(100)

    server.served = shrink
    assert caller.download(server, tmp_path / "a.zip").read_bytes() == archive(100)
    assert server.ranges == ["", "bytes=5000-", ""]


def test_what_came_is_kept_for_the_next_process(caller: Caller, tmp_path: Path) -> None:
    place, server = tmp_path / "a.zip", FileServer(cuts=[7000, 0, 0])
    with pytest.raises(procwise.ConnectionFailed):
        caller.download(server, place, resume=True, max_retries=0)
    assert len(list_left_files(tmp_path)) == 2
    assert not place.exists()
    server.cuts = []
    assert caller.download(server, place, resume=True).read_bytes() == WHOLE
    assert server.ranges == ["", "bytes=7000-"]
    assert list_left_files(tmp_path) == ["a.zip"]


def test_what_is_kept_of_another_file_is_not_taken(caller: Caller, tmp_path: Path) -> None:
    server = FileServer(cuts=[7000])
    with pytest.raises(procwise.ConnectionFailed):
        caller.download(server, tmp_path / "a.zip", resume=True, max_retries=0)
    path = caller.call(server, "download_documents_zip", 18, tmp_path / "a.zip", resume=True)
    assert path.read_bytes() == WHOLE
    assert server.ranges == ["", ""]


def test_two_cannot_write_one_kept_part(caller: Caller, tmp_path: Path) -> None:
    place = tmp_path / "a.zip"

    def download_too(progress: Progress) -> None:
        with pytest.raises(procwise.FileNotWritten, match="somebody else"):
            Caller(is_async=False).download(FileServer(), place, resume=True)
        raise KeyError("seen")

    with pytest.raises(KeyError, match="seen"):
        caller.download(FileServer(), place, resume=True, progress=download_too)


def test_a_length_of_thousands_of_digits_is_none(caller: Caller, tmp_path: Path) -> None:
    server = FileServer()

    def serve(request: httpx2.Request) -> httpx2.Response:
        response = server(request)
        response.headers["content-length"] = "9" * 5000
        return response

    assert caller.download(serve, tmp_path / "a.zip").read_bytes() == WHOLE


def test_a_file_that_ends_early_is_no_file(caller: Caller, tmp_path: Path) -> None:
    server = FileServer(cuts=[5000] * 9, breaks=False, etag=None, media_type="application/zip")
    with pytest.raises(procwise.ConnectionFailed, match=f"5000 of {len(WHOLE)} bytes came"):
        caller.download(server, tmp_path / "a.zip", max_retries=2)
    assert not list_left_files(tmp_path)


@pytest.mark.parametrize("kept", [0, 5000])
@pytest.mark.parametrize("media_type", ["application/zip", "application/pdf", "image/png", "application/octet-stream"])
def test_a_packed_file_that_is_cut_short_is_no_file(caller: Caller, tmp_path: Path, media_type: str, kept: int) -> None:
    packed = gzip.compress(os.urandom(20_000))

    def serve(_: httpx2.Request) -> httpx2.Response:
        headers = {"Content-Type": media_type, "Content-Encoding": "gzip"}
        return httpx2.Response(200, headers=headers, stream=Cut(packed[:kept]))

    with pytest.raises(procwise.ConnectionFailed, match="cut short"):
        caller.download(serve, tmp_path / "a.pdf")
    assert not list_left_files(tmp_path)


class Cut(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """A body that ends, as far as anybody can see."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Any:
        yield self._content

    async def __aiter__(self) -> Any:
        yield self._content


def test_progress_reaches_the_end_and_goes_back_only_to_begin_anew(caller: Caller, tmp_path: Path) -> None:
    seen: list[Progress] = []
    caller.download(FileServer(cuts=[5000]), tmp_path / "a.zip", progress=seen.append)
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert seen[-1] == Progress(stage="download", done=len(WHOLE), total=len(WHOLE))
    assert {one.total for one in seen} == {len(WHOLE)}


def test_a_download_can_be_cancelled(caller: Caller, tmp_path: Path) -> None:
    cancel, seen = threading.Event(), []

    def stop(progress: Progress) -> None:
        seen.append(progress.done)
        cancel.set()

    with pytest.raises(procwise.Cancelled, match="the download was cancelled"):
        caller.download(FileServer(), tmp_path / "a.zip", progress=stop, cancel=cancel)
    assert seen == [1000]
    assert not list_left_files(tmp_path)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("missing/a.zip", "there is no folder .*missing .make it first."),
        ("", "is a folder .name a file in it."),
        ("a\0.zip", "cannot be written .embedded null"),
        ("x" * 300, "cannot be written .File name too long"),
        ("\ud800" + "x" * 300, "cannot be written"),
    ],
)
def test_where_nothing_can_be_written(caller: Caller, tmp_path: Path, place: str, message: str) -> None:
    server = FileServer()
    with pytest.raises(procwise.FileNotWritten, match=message):
        caller.download(server, tmp_path / place)
    assert not list_left_files(tmp_path)


@pytest.mark.parametrize("method", ["download_documents_zip", "documents_zip"])
@pytest.mark.parametrize("kind", ["pipe", "socket", "link"])
def test_what_is_no_file_stays_what_it_is(caller: Caller, tmp_path: Path, kind: str, method: str) -> None:
    server, place = FileServer(), tmp_path / "a.zip"
    with socket.socket(socket.AF_UNIX) as bound:
        if kind == "socket":
            bound.bind(str(place))
        else:
            os.mkfifo(tmp_path / "pipe" if kind == "link" else place)
        if kind == "link":
            place.symlink_to("pipe")
        before = place.stat()
        with pytest.raises(procwise.FileNotWritten, match="is no regular file"):
            caller.call(server, method, 17, place)
        assert os.path.samestat(place.stat(), before)
    assert not server.asked


def test_what_is_made_meanwhile_stays_too(caller: Caller, tmp_path: Path) -> None:
    server, place = FileServer(), tmp_path / "a.zip"
    server.served = lambda: os.mkfifo(place)
    with pytest.raises(procwise.FileNotWritten, match="is no regular file"):
        caller.download(server, place)
    assert place.is_fifo()
    assert list_left_files(tmp_path) == ["a.zip"]


@pytest.mark.parametrize("method", ["download_documents_zip", "documents_zip"])
@pytest.mark.parametrize("is_dangling", [True, False])
def test_a_link_is_written_through(caller: Caller, tmp_path: Path, method: str, is_dangling: bool) -> None:
    (tmp_path / "folder").mkdir()
    outer, link, file = tmp_path / "link.zip", tmp_path / "folder" / "inner.zip", tmp_path / "folder" / "real.zip"
    if not is_dangling:
        file.write_bytes(b"old")
    link.symlink_to("real.zip")
    outer.symlink_to("folder/inner.zip")
    assert caller.call(FileServer(cuts=[5000]), method, 17, outer) == outer
    assert (outer.is_symlink(), link.is_symlink(), file.is_symlink()) == (True, True, False)
    assert file.read_bytes() == WHOLE
    assert list_left_files(tmp_path) == ["folder", "link.zip"]
    assert list_left_files(file.parent) == ["inner.zip", "real.zip"]


def test_a_link_that_leads_nowhere_is_refused(caller: Caller, tmp_path: Path) -> None:
    server = FileServer()
    (tmp_path / "a.zip").symlink_to("a.zip")
    (tmp_path / "b.zip").symlink_to("missing/b.zip")
    for name, message in (("a.zip", "leads back to itself|symbolic links"), ("b.zip", "there is no folder .*missing")):
        with pytest.raises(procwise.FileNotWritten, match=message):
            caller.download(server, tmp_path / name)
    assert not server.asked
    assert list_left_files(tmp_path) == ["a.zip", "b.zip"]


@pytest.mark.parametrize("place", [None, 17, b"a.zip"])
def test_what_is_no_path(caller: Caller, place: Any) -> None:
    server = FileServer()
    with pytest.raises(procwise.InvalidArgument, match="is no path of a file"):
        caller.download(server, place)
    assert not server.asked


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk here")
def test_a_full_disk_is_an_error_of_the_client(caller: Caller, tmp_path: Path, monkeypatch: Any) -> None:
    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda path, *args, **kw: opened(Path("/dev/full"), *args, **kw))
    with pytest.raises(procwise.FileNotWritten, match="cannot be written"):
        caller.download(FileServer(), tmp_path / "a.zip")
