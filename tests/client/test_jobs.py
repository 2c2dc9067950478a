"""The job: started, watched, fetched; its file appears complete or not at all."""

from __future__ import annotations

import asyncio
import io
import itertools
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

import procwise
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder

ZIP = {"Content-Type": "application/zip"}


def archive(comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        opened.comment = comment
        opened.writestr(zipfile.ZipInfo("answer.txt"), "forty-two " * 1000)
    return made.getvalue()


def zip_nothing() -> bytes:
    made = io.BytesIO()
    zipfile.ZipFile(made, "w").close()
    return made.getvalue()


def job_server(states: list[str], content: bytes) -> Recorder:
    """A server whose job goes through the states, the last one for ever."""
    remaining: Iterator[str] = itertools.chain(states, itertools.repeat(states[-1]))

    def serve(request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if "status" in path:
            return httpx2.Response(200, json={"zip_job_status": next(remaining)})
        if "download" in path:
            return httpx2.Response(200, content=content, headers=ZIP)
        return httpx2.Response(200, json={})

    server = Recorder()
    server.responses.append(serve)
    return server


def sync(server: Recorder) -> procwise.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    return procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http)


@pytest.mark.parametrize("content", [archive(b"made by hand"), zip_nothing()], ids=["with a comment", "of nothing"])
def test_odd_archives_are_whole(tmp_path: Path, content: bytes) -> None:
    path = sync(job_server(["success"], content)).exams.download_documents_zip(17, tmp_path / "result.zip")
    assert path.read_bytes() == content


def test_start_wait_download(tmp_path: Path) -> None:
    content = archive()
    server = job_server(["never_run", "queued", "running", "success"], content)
    job = sync(server).exams.generate_documents_zip(17)
    path = job.wait(timeout=5, interval=0.001).download(tmp_path / "result.zip")
    assert path == tmp_path / "result.zip"
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["result.zip"]
    assert [request.method for request in server.requests] == ["PUT", "GET", "GET", "GET", "GET", "GET"]


def test_start_wait_download_awaited(tmp_path: Path) -> None:
    async def work() -> Path:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(job_server(["running", "success"], archive())))
        client = procwise.AsyncClient(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http)
        job = await client.exams.generate_documents_zip(17)
        await job.wait(timeout=5, interval=0.001)
        return await job.download(tmp_path / "result.zip")

    assert asyncio.run(work()).read_bytes() == archive()
    assert [p.name for p in tmp_path.iterdir()] == ["result.zip"]


@pytest.mark.parametrize("state", ["failure", "not_found"])
def test_a_failed_job_says_how_it_ended(state: str) -> None:
    job = sync(job_server(["running", state], b"")).exams.generate_documents_zip(17)
    with pytest.raises(procwise.JobFailed, match=state) as caught:
        job.wait(timeout=5, interval=0.001)
    assert caught.value.state == state


def test_a_slow_job_times_out_with_its_last_state() -> None:
    job = sync(job_server(["running"], b"")).exams.generate_documents_zip(17)
    with pytest.raises(procwise.JobTimedOut, match=r"0\.01 seconds; its state is 'running'"):
        job.wait(timeout=0.01, interval=0.001)


def test_whoever_cancels_does_not_wait_for_the_next_look() -> None:
    job = sync(job_server(["running"], b"")).exams.generate_documents_zip(17)
    cancel = threading.Event()
    threading.Timer(0.05, cancel.set).start()
    began = time.monotonic()
    with pytest.raises(procwise.Cancelled, match="waiting for the job was cancelled"):
        job.wait(interval=60, cancel=cancel)
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    "content",
    [
        archive()[:-30],
        b"",
        b"no zip at all",
        archive().replace(b"forty-two ", b"forty-one ", 1),
        archive() + bytes(40),
        archive(b"comment") + b"<html>",
        b"HTTP/1.1 200 OK\r\n\r\n" + archive(),
    ],
    ids=["cut off", "empty", "text", "one bit off", "more behind it", "more behind a comment", "more before it"],
)
def test_a_damaged_archive_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "result.zip"
    target.write_bytes(b"what was there before")
    with pytest.raises(procwise.DownloadDamaged, match="download it again"):
        sync(job_server(["success"], content)).exams.download_documents_zip(17, target)
    assert target.read_bytes() == b"what was there before"
    assert [p.name for p in tmp_path.iterdir()] == ["result.zip"]


def test_a_refused_download_leaves_nothing(tmp_path: Path, client: procwise.Client, server: Recorder) -> None:
    server.reply(404, {"error": "Not ready."})
    with pytest.raises(procwise.NotFoundError):
        client.exams.download_documents_zip(17, tmp_path / "result.zip")
    assert not list(tmp_path.iterdir())


def test_a_page_instead_of_an_archive_is_no_download(tmp_path: Path, client: procwise.Client, server: Recorder) -> None:
    server.responses.append(httpx2.Response(200, html="<html>Sign in</html>"))
    with pytest.raises(procwise.WrongBaseUrl):
        client.exams.download_documents_zip(17, tmp_path / "result.zip")
    assert not list(tmp_path.iterdir())


class Broken(httpx2.SyncByteStream):
    """A body that breaks off."""

    def __iter__(self) -> Iterator[bytes]:
        yield archive()[:50]
        raise httpx2.ReadError("gone")


def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path, client: procwise.Client, server: Recorder) -> None:
    server.responses.append(httpx2.Response(200, stream=Broken(), headers=ZIP))
    with pytest.raises(procwise.ConnectionFailed, match="broke"):
        client.exams.download_documents_zip(17, tmp_path / "result.zip")
    assert not list(tmp_path.iterdir())
