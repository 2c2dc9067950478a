"""Several processes behind one socket over one state, and ends that lose nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tests.programs import Programs
from tests.proofs import mark_slow
from tests.sandbox.sandbox_calls import send
from tests.sandbox.settings.test_command import error_of
from tests.sandbox.storms import Command, Storm, command, post, signal_all

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers need a system with fork")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    folder = tmp_path_factory.mktemp("pair")
    with command(folder, "--workers", "2", "--database", f"sqlite:///{folder / 'state.db'}") as result:
        yield result


def workers(pair: Command) -> list[int]:
    """The processes that serve, the youngest last."""
    return [int(line.split()[1]) for line in pair.until_logged(" serves", 2)][-2:]


def is_locked(pair: Command) -> bool:
    """Whether a transaction has begun in the database."""
    words = pair.process.args
    assert isinstance(words, list)
    url = next(str(word) for word in words if "sqlite:///" in str(word))
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        database.execute("ROLLBACK")
        return False


@contextmanager
def only(pair: Command, number: int) -> Iterator[None]:
    """One worker answers everything, since the other one stands still; it is not halted amid a transaction."""
    other = workers(pair)[1 - number]
    while True:
        os.kill(other, signal.SIGSTOP)
        time.sleep(0.01)
        if not is_locked(pair):
            break
        os.kill(other, signal.SIGCONT)
        time.sleep(0.05)
    try:
        yield
    finally:
        os.kill(other, signal.SIGCONT)


def test_the_workers_share_credentials_state_and_nonces(pair: Command) -> None:
    demo = pair.demo
    with only(pair, 0):
        created = demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]
        nonce = demo.stamp()["nonce"]
        assert demo.call("GET", "/exams", over={"nonce": nonce}).status == 200
    with only(pair, 1):
        assert demo.call("GET", "/exams/{id}", id=created["id"]).json["exam"] == created
        assert demo.call("GET", "/exams", over={"nonce": nonce}).code == "nonce_used"


def test_a_job_of_one_worker_is_seen_and_served_by_the_other(pair: Command) -> None:
    demo = pair.demo
    exam = demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
    start, status, fetch = (f"/exams/{{id}}/{verb}_exam_documents_zip" for verb in ("generate", "status", "download"))
    with only(pair, 0):
        demo.call("PUT", start, id=exam)
        for _ in range(200):
            if demo.call("GET", status, id=exam).json["zip_job_status"] == "success":
                break
            time.sleep(0.05)
    with only(pair, 1):
        assert demo.call("GET", status, id=exam).json == {"zip_job_status": "success"}
        assert demo.call("GET", fetch, id=exam).content.startswith(b"PK")


def test_a_worker_counts_what_another_has_written(pair: Command) -> None:
    counts = []
    for number in (1, 1, 0, 0):
        with only(pair, 0):
            counts.append(int(pair.demo.call("GET", "/exams").headers["x-pagination-item-count"]))
        with only(pair, number):
            assert pair.demo.call("POST", "/exams", {"name": "n", "type": "demo"}).status == 200
    assert counts == [counts[0] + more for more in range(4)]


def test_workers_respond_while_another_process_writes(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with (
        command(tmp_path, "--workers", "2", "--database", f"sqlite:///{state}") as result,
        ThreadPoolExecutor(8) as pool,
    ):
        with closing(sqlite3.connect(state, isolation_level=None)) as elsewhere:
            elsewhere.execute("BEGIN IMMEDIATE")
            waiting = [pool.submit(result.demo.call, "GET", "/exams") for _ in range(8)]
            time.sleep(0.3)
            began = time.monotonic()
            healths = [send(result.info["base_url"], "GET", "/healthz").status for _ in range(8)]
            assert (healths, time.monotonic() - began < 2) == ([200] * 8, True)
            assert not any(one.done() for one in waiting)
            elsewhere.execute("COMMIT")
        assert [one.result().status for one in waiting] == [200] * 8


def test_every_worker_tells_the_requests_of_all(pair: Command) -> None:
    paths = {f"/asked/{number}" for number in range(20)}
    for number, path in enumerate(sorted(paths)):
        with only(pair, number % 2):
            assert send(pair.info["base_url"], "GET", path).status == 404
    _log_entries(pair, paths)
    for number in (0, 1):
        with only(pair, number):
            entries = _log_entries(pair, paths)
            assert entries == sorted(entries, key=lambda entry: entry["time"])
            assert len({entry["process"] for entry in entries}) == 2


def _log_entries(pair: Command, paths: set[str]) -> list[dict[str, Any]]:
    """The requests for these paths, once all of them are listed: that may take half a second."""
    for _ in range(100):
        entries = [
            one for one in send(pair.info["base_url"], "GET", "/log.json").json["entries"] if one["path"] in paths
        ]
        if {one["path"] for one in entries} == paths:
            return entries
        time.sleep(0.02)
    raise AssertionError(entries)


def test_of_24_at_once_in_two_workers_one_succeeds(pair: Command) -> None:
    body = json.dumps(pair.demo.sign({**pair.demo.stamp(), "name": "once", "type": "demo"})).encode()
    start = Barrier(24)

    def fire(_: int) -> int:
        start.wait()
        return post(pair.demo, body).status

    with ThreadPoolExecutor(24) as pool:
        assert sorted(pool.map(fire, range(24))) == [200] + [403] * 23


def test_a_worker_that_dies_is_reported_and_replaced(pair: Command) -> None:
    killed, other = workers(pair)
    os.kill(killed, signal.SIGKILL)
    (line,) = pair.until_logged(f"worker {killed} died")
    assert line.endswith("another takes its place")
    pair.until_logged(" serves", 3)
    assert killed not in workers(pair)
    assert other in workers(pair)
    with only(pair, 1):
        assert send(pair.info["base_url"], "GET", "/healthz").status == 200


@pytest.mark.slow
def test_without_their_parent_workers_end(tmp_path: Path) -> None:
    with command(tmp_path, "--workers", "2", "--database", f"sqlite:///{tmp_path / 'state.db'}") as result:
        left = workers(result)
        result.process.kill()
        for _ in range(300):
            if not any(_runs(pid) for pid in left):
                break
            time.sleep(0.02)
        assert not any(_runs(pid) for pid in left)


@pytest.mark.slow
def test_a_second_stop_kills_a_worker_that_hangs(tmp_path: Path) -> None:
    with command(tmp_path, "--workers", "2", "--database", f"sqlite:///{tmp_path / 'state.db'}") as result:
        hung, other = workers(result)
        os.kill(hung, signal.SIGSTOP)
        result.process.terminate()
        for _ in range(1000):
            if not _runs(other):  # the parent now waits for the one that hangs
                break
            time.sleep(0.02)
        result.process.terminate()
        assert result.process.wait(timeout=20) == 0
        assert not _runs(hung)


@pytest.mark.slow
@pytest.mark.parametrize("count", ["1", "2"])
def test_a_graceful_stop_loses_no_accepted_create(count: str, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    storm = Storm()
    with command(tmp_path, "--quiet", "--seed", "empty", "--workers", count, "--database", database) as result:
        stop = partial(os.kill, result.process.pid, signal.SIGTERM)
        storm.rage(result.demo, lambda: storm.finish(result.demo, between=stop))
        assert result.process.wait(timeout=20) == 0
        lines = result.log.read_text().splitlines()
    assert [line for line in lines if not line.startswith("the page, by a link")] == []
    storm.check(database, graceful=True)


@pytest.mark.slow
def test_kill_9_loses_no_acknowledged_create(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    storm = Storm()
    with command(tmp_path, "--seed", "empty", "--workers", "2", "--database", database) as result:
        storm.rage(result.demo, lambda: signal_all(result.process, signal.SIGKILL))
    storm.check(database)


@pytest.mark.parametrize("database", ["sqlite://", mark_slow("sqlite:///file::memory:?uri=true")])
def test_a_state_in_memory_is_not_shared(program: Programs, database: str) -> None:
    message = error_of(program, "--port", "0", "--workers", "2", "--database", database)
    assert "name one with --database sqlite:///state.db" in message


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
