"""A SQLite file that another program holds, and a disk without space: what needs neither is served meanwhile."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.programs import Program, Programs
from tests.proofs import mark_most_slow, mark_slow
from tests.sandbox.sandbox_calls import Caller, Reply, send

MOST_BYTES = 900_000  # of a file: more than the empty state, less than what an upload holds in memory


@contextmanager
def start_sandbox(program: Programs, folder: Path, *arguments: str, **limits: int) -> Iterator[tuple[Program, Caller]]:
    call = ("procwise_sandbox", "--port", "0", "--database", f"sqlite:///{folder / 'state.db'}", *arguments)
    with program.start(*call, environment=os.environ, **limits) as result:
        content = json.loads(result.stdout.readline())
        yield result, Caller(content["base_url"], content["token"], content["secret_key"])
        result.kill()


@contextmanager
def lock_state(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "state.db", isolation_level=None)) as elsewhere:
        elsewhere.execute("BEGIN IMMEDIATE")
        yield elsewhere


def await_waiting(demo: Caller, waiting: list[Any]) -> None:
    """Returns once the requests had time to reach the database, whose lock keeps them."""
    for _ in range(10):
        assert send(demo.base_url, "GET", "/healthz").status == 200
        time.sleep(0.02)
    assert not any(call.done() for call in waiting)


def test_a_locked_file_keeps_only_what_needs_it(program: Programs, tmp_path: Path) -> None:
    with start_sandbox(program, tmp_path) as (_, demo), ThreadPoolExecutor(50) as pool:
        with lock_state(tmp_path) as elsewhere:
            waiting = [pool.submit(demo.call, "GET", "/exams") for _ in range(50)]
            await_waiting(demo, waiting)
            for path, status in (("/", 200), ("/api/v3/nothing", 404), ("/api/v9", 404)):
                assert send(demo.base_url, "GET", path).status == status
            assert not any(call.done() for call in waiting)
            elsewhere.execute("ROLLBACK")
        assert [call.result().status for call in waiting] == [200] * 50


@pytest.mark.parametrize("workers", ["1", mark_slow("2")])
def test_a_locked_file_delays_no_end(program: Programs, tmp_path: Path, workers: str) -> None:
    with start_sandbox(program, tmp_path, "--workers", workers) as (process, demo), ThreadPoolExecutor(4) as pool:
        with lock_state(tmp_path):
            waiting = [pool.submit(demo.call, "GET", "/exams") for _ in range(4)]
            await_waiting(demo, waiting)
            began = time.monotonic()
            process.terminate()
            assert process.wait() == 0
            assert time.monotonic() - began < 9
        assert {(call.result().status, call.result().code) for call in waiting} == {(503, "database_busy")}


def fill(demo: Caller, kind: str) -> Reply:
    """The first error of requests of one kind that write more and more."""
    for number in range(200):
        if kind == "rows":
            reply = demo.call("POST", "/exams", {"name": f"{number}", "type": "demo", "description": "d" * 100_000})
        else:
            reply = demo.upload("/exams/{exam_id}/attachments", "big.txt", b"b" * (MOST_BYTES + 1000), exam_id=1)
        if reply.status != 200:
            return reply
    raise AssertionError("there was always space")


@pytest.mark.parametrize("kind", ["rows", "files"])
def test_a_full_disk_is_one_line_and_leaves_nothing(program: Programs, tmp_path: Path, kind: str) -> None:
    with start_sandbox(program, tmp_path, "--quiet", largest_file=MOST_BYTES) as (process, demo):
        files = tmp_path / "state.db-files"
        before = {*files.iterdir()}
        reply = fill(demo, kind)
        assert (reply.status, reply.code) in ((507, "storage_full"), (503, "storage_unavailable"))
        assert send(demo.base_url, "GET", "/healthz").status == 200
        assert {*files.iterdir()} == before
        process.terminate()
        _, err = process.communicate(20)
        (line,) = [line for line in err.splitlines() if "/?" not in line]
        assert line.startswith("POST failed: The")


def test_a_zip_without_space_fails_and_leaves_nothing(program: Programs, tmp_path: Path) -> None:
    with start_sandbox(program, tmp_path, "--quiet", largest_file=MOST_BYTES) as (process, demo):
        files = tmp_path / "state.db-files"
        for name in "ab":
            content = os.urandom(MOST_BYTES - 1000)
            assert demo.upload("/exams/{exam_id}/attachments", name, content, exam_id=2).status == 200
        assert demo.call("PUT", "/exams/{id}/generate_exam_documents_zip", id=2).status == 200
        assert await_job(demo) == "failure"
        assert [path.name for path in files.glob("*zip*")] == ["exam-1-documents.zip"]  # of the demo data
        process.terminate()
        _, err = process.communicate(20)
        (line,) = [line for line in err.splitlines() if "/?" not in line]
        assert line.startswith("the job exam-2-documents.zip failed: There is no space left")


REFUSE = """CREATE TRIGGER refuse BEFORE UPDATE ON _background_jobs WHEN NEW.status = '{status}'
BEGIN SELECT RAISE(FAIL, 'no space'); END"""


@pytest.mark.parametrize("status", mark_most_slow(["queued", "running", "failure"], 3))
def test_a_job_fails_visibly_where_the_database_cannot_say_so(program: Programs, tmp_path: Path, status: str) -> None:
    """A disk that is full of other files takes none of the changes that a job makes of its row."""
    with start_sandbox(program, tmp_path, "--quiet", largest_file=MOST_BYTES) as (_, demo):
        for name in "ab":
            content = os.urandom(MOST_BYTES - 1000)
            assert demo.upload("/exams/{exam_id}/attachments", name, content, exam_id=2).status == 200
        with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as elsewhere:
            elsewhere.execute(REFUSE.format(status=status))
            assert demo.call("PUT", "/exams/{id}/generate_exam_documents_zip", id=2).status == 200
            assert await_job(demo) == "failure"
            assert [path.name for path in (tmp_path / "state.db-files").glob("*zip*")] == ["exam-1-documents.zip"]
            elsewhere.execute("DROP TRIGGER refuse")
    with start_sandbox(program, tmp_path, "--quiet") as (_, demo):  # with space for all
        assert demo.call("PUT", "/exams/{id}/generate_exam_documents_zip", id=2).status == 200
        assert await_job(demo) == "success"


def await_job(demo: Caller) -> str:
    """The end of the zip job of the second exam."""
    for _ in range(1500):
        status = demo.call("GET", "/exams/{id}/status_exam_documents_zip", id=2).json["zip_job_status"]
        if status not in ("queued", "running"):
            break
        time.sleep(0.02)
    return str(status)


def test_a_folder_that_is_gone_is_503(program: Programs, tmp_path: Path) -> None:
    with start_sandbox(program, tmp_path) as (_, demo):
        (tmp_path / "state.db-files").rename(tmp_path / "elsewhere")
        reply = demo.upload("/exams/{exam_id}/attachments", "a.txt", b"a", exam_id=1)
        assert (reply.status, reply.code) == (503, "storage_unavailable")


def test_a_log_that_nobody_reads_stops_nothing() -> None:
    """A pipe takes 64 KiB; the rest waits for a reader up to a number of lines, and is dropped beyond."""
    script = (
        "import logging, os, sys; from procwise_sandbox.server import log_stream\n"
        "log_stream.KEPT = 50; handler = log_stream.DroppingHandler()\n"
        "logging.basicConfig(handlers=[handler], format='%(message)s')\n"
        "for number in range(2000): logging.error('%d %s', number, 'x' * 100)\n"
        "print('done', flush=True); sys.stdin.read(); logging.error('after')\n"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "done\n"
        threading.Timer(0.2, process.stdin.close if process.stdin else lambda: None).start()
        lines = process.stderr.read().splitlines()
    kept = [int(line.split()[0]) for line in lines if line.endswith("x")]
    dropped = [int(line.split()[0]) for line in lines if line.endswith("were dropped: nobody reads them")]
    assert kept == sorted({*kept})
    assert len(kept) + sum(dropped) == 2000
    assert 50 <= len(kept) < 1500
    assert lines[-1] == "after"


def test_a_sandbox_whose_log_nobody_reads_serves_on(program: Programs, tmp_path: Path) -> None:
    with start_sandbox(program, tmp_path) as (_, demo):
        path = "/" + "p/" * 240  # shown in the log
        for _ in range(200):
            assert send(demo.base_url, "GET", path).status == 404
