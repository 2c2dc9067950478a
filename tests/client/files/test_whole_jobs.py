"""A job in one call: started, waited for, downloaded; taken up after a crash; with progress, deadline and cancel."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anyio.lowlevel import checkpoint

import procwise
from procwise import Progress
from tests.client.conftest import BASE_URL, TOKEN
from tests.client.files.file_server import Caller, FileServer, archive, caller
from tests.client.files.test_downloads import list_left_files

__all__ = ["caller"]
WHOLE = archive()


def cut_nothing(seconds: float) -> list[float]:
    return [seconds]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """No time passes between two looks at a job; how long it would have been."""
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)
        await checkpoint()

    monkeypatch.setattr(time, "sleep", rests.append)
    monkeypatch.setattr("anyio.sleep", rest)
    monkeypatch.setattr("procwise._files.cancel._cut_rest", cut_nothing)
    return rests


def test_one_call_does_it_all(caller: Caller, tmp_path: Path) -> None:
    server = FileServer(states=["queued", "running", "success"], cuts=[5000])
    seen: list[Progress] = []
    path = caller.call(server, "documents_zip", 17, tmp_path / "a.zip", progress=seen.append)
    assert path == tmp_path / "a.zip"
    assert path.read_bytes() == WHOLE
    assert list_left_files(tmp_path) == ["a.zip"]
    assert server.asked == ["generate", "status", "status", "status", "download", "download"]
    assert [one.state for one in seen if one.stage == "wait"] == ["queued", "running", "success"]
    assert seen[-1] == Progress(stage="download", done=len(WHOLE), total=len(WHOLE))


def test_a_file_without_a_name_gets_one(caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert caller.call(FileServer(), "documents_zip", 17, tmp_path) == tmp_path / "documents_zip-17.zip"
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    assert caller.call(FileServer(), "documents_zip", 17).absolute() == tmp_path / "other" / "documents_zip-17.zip"


def test_where_nothing_can_be_written_nothing_is_started(caller: Caller, tmp_path: Path) -> None:
    server = FileServer()
    with pytest.raises(procwise.FileNotWritten, match="there is no folder"):
        caller.call(server, "documents_zip", 17, tmp_path / "missing" / "a.zip")
    with pytest.raises(procwise.FileNotWritten, match="there is no folder"):
        caller.call(server, "documents_zip", 17, tmp_path / "a.zip", handle=tmp_path / "missing" / "a.job")
    assert not server.asked


def test_a_target_that_no_file_can_have_starts_nothing(
    caller: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FileServer()
    monkeypatch.chdir(tmp_path)
    os.mkfifo("a.job")
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "documents_zip-17.zip")
    for options in ({"to": "a" * 300}, {"to": "out"}, {"to": "a.zip", "handle": "a.job"}):
        with pytest.raises(procwise.FileNotWritten):
            caller.call(server, "documents_zip", 17, **options)
    assert not server.asked
    assert list_left_files(tmp_path) == ["a.job", "out"]


def test_every_step_sends_the_extra_headers(caller: Caller, tmp_path: Path) -> None:
    server, seen = FileServer(states=["running", "success"], cuts=[5000]), list[str]()

    def watch(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("x-gateway", ""))
        return server(request)

    caller.call(watch, "documents_zip", 17, tmp_path / "a.zip", extra_headers={"X-Gateway": "open"})
    assert server.asked == ["generate", "status", "status", "download", "download"]
    assert seen == ["open"] * 5


def test_a_handle_is_written_through_a_link(caller: Caller, tmp_path: Path) -> None:
    handle, file = tmp_path / "a.job", tmp_path / "real.job"
    handle.symlink_to("real.job")
    with pytest.raises(procwise.JobTimedOut):
        caller.call(FileServer(states=["x"]), "documents_zip", 17, tmp_path / "a.zip", handle=handle, deadline=0.01)
    assert (handle.is_symlink(), file.is_symlink()) == (True, False)
    assert "17" in file.read_text()


def test_the_time_between_two_looks_grows(caller: Caller, tmp_path: Path, at_once: list[float]) -> None:
    caller.call(FileServer(states=["running"] * 14 + ["success"]), "documents_zip", 17, tmp_path / "a.zip")
    assert at_once[:4] == [0.5, 0.75, 1.125, 1.6875]
    assert at_once[-1] == 30


def test_the_deadline_limits_all_of_it(caller: Caller, tmp_path: Path) -> None:
    with pytest.raises(procwise.JobTimedOut, match=r"not done within .* its state is 'running'"):
        caller.call(FileServer(states=["running"]), "documents_zip", 17, tmp_path / "a.zip", deadline=0.2)
    assert not list_left_files(tmp_path)


@pytest.mark.parametrize("stage", ["wait", "download"])
def test_it_can_be_cancelled_at_any_stage(caller: Caller, tmp_path: Path, stage: str) -> None:
    cancel = threading.Event()

    def stop(progress: Progress) -> None:
        if progress.stage == stage:
            cancel.set()

    server = FileServer(states=["running", "success"])
    with pytest.raises(procwise.Cancelled, match="cancelled"):
        caller.call(server, "documents_zip", 17, tmp_path / "a.zip", progress=stop, cancel=cancel)
    assert not list_left_files(tmp_path)
    assert ("download" in server.asked) == (stage == "download")


def test_an_interrupted_call_goes_on(caller: Caller, tmp_path: Path) -> None:
    """Interrupted while waiting, then while downloading; each time another process calls the same."""
    place, handle, server = tmp_path / "a.zip", tmp_path / "a.job", FileServer(states=["running", "success"])

    def interrupt(progress: Progress) -> None:
        if progress.state == "running" or progress.done >= 7000:
            raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            caller.call(server, "documents_zip", 17, place, progress=interrupt, handle=handle)
        assert TOKEN not in handle.read_text()
    assert caller.call(server, "documents_zip", 17, place, handle=handle).read_bytes() == WHOLE
    assert server.asked.count("generate") == 1
    assert server.ranges == ["", "bytes=7000-"]
    assert list_left_files(tmp_path) == ["a.zip"]


@pytest.mark.parametrize("state", ["failure", "not_found", "never_run"])
def test_a_job_that_is_gone_is_not_taken_up_twice(caller: Caller, tmp_path: Path, state: str) -> None:
    place, handle = tmp_path / "a.zip", tmp_path / "a.job"
    with pytest.raises(procwise.JobTimedOut):
        caller.call(FileServer(states=["running"]), "documents_zip", 17, place, deadline=0.01, handle=handle)
    assert list_left_files(tmp_path) == ["a.job"]
    with pytest.raises(procwise.JobFailed, match=f"ended as '{state}'"):
        caller.call(FileServer(states=[state]), "documents_zip", 17, place, handle=handle, deadline=5)
    assert not list_left_files(tmp_path)
    assert caller.call(FileServer(states=["never_run", "success"]), "documents_zip", 17, place, handle=handle)


def test_a_handle_of_another_job_is_refused(caller: Caller, tmp_path: Path) -> None:
    handle = tmp_path / "a.job"
    for text in (b"", b"\xff", b"[]", b'{"arguments": {}}'):
        handle.write_bytes(text)
        with pytest.raises(procwise.InvalidArgument, match="handle of"):
            caller.call(FileServer(), "documents_zip", 17, tmp_path / "a.zip", handle=handle)
    with pytest.raises(procwise.JobTimedOut):
        handle.unlink()
        caller.call(FileServer(states=["x"]), "documents_zip", 17, tmp_path / "a.zip", handle=handle, deadline=0.01)
    with pytest.raises(procwise.InvalidArgument, match="another job"):
        caller.call(FileServer(), "documents_zip", 18, tmp_path / "a.zip", handle=handle)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"job": "otherJob"}, f"otherJob at {BASE_URL}/api/v3, not generateExamDocumentsZip"),
        ({"server": "https://other.example"}, "at https://other.example, not"),
        ({"arguments": {"exam": 1}}, "other arguments than id"),
        ({"arguments": 1}, "no handle of a job"),
    ],
    ids=lambda value: str(next(iter(value))) if isinstance(value, dict) else "",
)
def test_what_is_no_handle_of_this_job(client: procwise.Client, change: dict[str, Any], message: str) -> None:
    good = {"job": "generateExamDocumentsZip", "server": f"{BASE_URL}/api/v3", "arguments": {"id": 17}}
    assert json.loads(client.exams.resume_documents_zip(json.dumps(good)).handle) == good
    with pytest.raises(procwise.InvalidArgument, match=message):
        client.exams.resume_documents_zip(json.dumps(good | change))
    with pytest.raises(procwise.ProcwiseError, match="taken up, not started"):
        _ = client.exams.resume_documents_zip(json.dumps(good)).answer


@pytest.mark.parametrize("option", [{"timeout": -1}, {"timeout": "1"}, {"interval": None}, {"longest_interval": True}])
def test_no_number_of_seconds(client: procwise.Client, server: Any, option: dict[str, Any]) -> None:
    server.reply()
    job = client.exams.generate_documents_zip(17)
    with pytest.raises(procwise.InvalidArgument, match=f"{next(iter(option))}=.* is no number of seconds"):
        job.wait(**option)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"progress": 7}, "progress= must be a function, not a value of type int"),
        ({"cancel": True}, "cancel= must be an event, not a value of type bool"),
        ({"deadline": "soon"}, "deadline='soon' is no number"),
        ({"patience": 7}, "patience= is neither an argument nor an option"),
    ],
)
def test_what_is_no_option_starts_nothing(caller: Caller, tmp_path: Path, option: dict[str, Any], message: str) -> None:
    server = FileServer()
    with pytest.raises(procwise.InvalidArgument, match=message):
        caller.call(server, "documents_zip", 17, tmp_path / "a.zip", **option)
    assert not server.asked


def test_a_slow_status_does_not_outlast_the_deadline(caller: Caller, tmp_path: Path) -> None:
    """What is left of the deadline limits each look at the job, however often that may be repeated."""
    limits: list[float] = []
    server = FileServer(states=["running", "running", "success"])

    def serve(request: httpx2.Request) -> httpx2.Response:
        limits.append(request.extensions["timeout"]["read"])
        return server(request)

    caller.call(serve, "documents_zip", 17, tmp_path / "a.zip", deadline=4)
    assert limits == sorted(limits, reverse=True)
    assert len(set(limits)) == len(limits) == 5
    assert max(limits) <= 4


def test_trouble_on_the_way_is_waited_out(caller: Caller, tmp_path: Path) -> None:
    server, troubles = FileServer(states=["running", "running", "success"]), [503, 429, 502]

    def serve(request: httpx2.Request) -> httpx2.Response:
        if "status" in request.url.path and troubles:
            return httpx2.Response(troubles.pop())
        return server(request)

    path = caller.call(serve, "documents_zip", 17, tmp_path / "a.zip", max_retries=0)
    assert path.read_bytes() == WHOLE
