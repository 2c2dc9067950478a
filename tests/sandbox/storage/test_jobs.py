"""Background jobs: more of them than a lease lasts, ends of their process, and what goes on meanwhile."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from procwise_sandbox.loading import load_description
from procwise_sandbox.server.application import build
from procwise_sandbox.server.serving import run_in_thread
from procwise_sandbox.settings.options import Options
from tests.proofs import mark_slow
from tests.sandbox.sandbox_calls import Caller
from tests.sandbox.storms import command

OWNER = "SELECT owner FROM _background_jobs WHERE status <> 'success'"
START, STATUS, FETCH = (f"/exams/{{id}}/{verb}_exam_documents_zip" for verb in ("generate", "status", "download"))
PENDING = ("queued", "running")
SERVE = """
import sys
from pathlib import Path
from procwise_sandbox.loading import load_description
from procwise_sandbox.server.application import build
from procwise_sandbox.settings.options import Options
from procwise_sandbox.server.serving import serve
state, seconds = Path(sys.argv[1]), float(sys.argv[2])
options = Options(database=f"sqlite:///{state}", files=state.parent / "files", job_seconds=seconds, lease_seconds=0.3)
serve(build(load_description(), options), host="127.0.0.1", port=0)
"""


@dataclass(frozen=True)
class Place:
    """A state in a folder, with its files."""

    folder: Path

    @contextmanager
    def serve(self, *, job_seconds: float = 0.01, lease_seconds: float = 0.3) -> Iterator[Caller]:
        options = Options(
            database=f"sqlite:///{self.folder / 'state.db'}",
            files=self.folder / "files",
            job_seconds=job_seconds,
            lease_seconds=lease_seconds,
        )
        with run_in_thread(build(load_description(), options)) as result:
            yield Caller(result.base_url, result.token, result.secret_key)

    @contextmanager
    def serve_and_kill(self, job_seconds: float) -> Iterator[Caller]:
        """Served by a process that gets no time to tidy up."""
        call = [sys.executable, "-c", SERVE, str(self.folder / "state.db"), str(job_seconds)]
        with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            content = json.loads(process.stdout.readline())
            try:
                yield Caller(content["base_url"], content["token"], content["secret_key"])
            finally:
                process.kill()

    def stuck(self, demo: Caller) -> int:
        """An exam whose zip is not done before `loosen`: reading its attachment waits for somebody who writes."""
        exam = new_exam(demo)
        assert demo.upload("/exams/{exam_id}/attachments", "a.txt", b"0", exam_id=exam).status == 200
        (stored,) = (self.folder / "files").glob("attachment-*-a.txt")
        stored.unlink()
        os.mkfifo(stored)
        return exam

    def loosen(self) -> None:
        (stored,) = (self.folder / "files").glob("attachment-*-a.txt")
        with stored.open("wb") as pipe:
            pipe.write(b"written")

    def owner(self) -> str:
        with closing(sqlite3.connect(self.folder / "state.db")) as connection:
            return str(connection.execute(OWNER).fetchone()[0])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def new_exam(demo: Caller) -> int:
    return int(demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"])


def status(demo: Caller, exam: int) -> str:
    return str(demo.call("GET", STATUS, id=exam).json["zip_job_status"])


def until(demo: Caller, exam: int, wanted: Callable[[str], bool]) -> list[str]:
    seen: list[str] = []
    for _ in range(500):
        seen.append(status(demo, exam))
        if wanted(seen[-1]):
            return seen
        time.sleep(0.02)
    raise AssertionError(seen)


def has_ended(state: str) -> bool:
    return state not in PENDING


@pytest.mark.slow
def test_jobs_that_wait_longer_than_a_lease_stay_queued(place: Place) -> None:
    with place.serve(job_seconds=0.05, lease_seconds=0.2) as demo:
        exams = [new_exam(demo) for _ in range(12)]
        for exam in exams:
            assert demo.call("PUT", START, id=exam).json == {}
        began, seen = time.monotonic(), set()
        while "queued" in (now := {status(demo, exam) for exam in exams}):
            seen |= now
        assert time.monotonic() - began > 0.6, "the last of them waited for several leases"
        assert seen <= {*PENDING, "success"}
        assert until(demo, exams[-1], has_ended)[-1] == "success"
        assert {status(demo, exam) for exam in exams} == {"success"}


@pytest.mark.slow
def test_a_job_that_waited_at_kill_9_is_done_after_the_restart(place: Place) -> None:
    with place.serve_and_kill(job_seconds=60) as demo:
        first, second = new_exam(demo), new_exam(demo)
        for exam in (first, second):
            demo.call("PUT", START, id=exam)
        assert [status(demo, exam) for exam in (first, second)] == ["queued"] * 2
    with place.serve() as demo:
        for exam in (first, second):
            assert until(demo, exam, has_ended)[-1] == "success"
            assert demo.call("GET", FETCH, id=exam).status == 200


@pytest.mark.slow
@pytest.mark.parametrize("asked_again", [False, mark_slow(True)])
def test_a_job_that_ran_at_kill_9_is_requeued(place: Place, asked_again: bool) -> None:
    with place.serve_and_kill(job_seconds=0.01) as demo:
        exam = place.stuck(demo)
        demo.call("PUT", START, id=exam)
        until(demo, exam, lambda state: state == "running")
    (stored,) = (place.folder / "files").glob("attachment-*-a.txt")
    stored.unlink()
    stored.write_bytes(b"whole")
    with place.serve() as demo:
        if asked_again:
            assert demo.call("PUT", START, id=exam).json == {}
        assert until(demo, exam, has_ended)[-1] == "success"
    assert zipfile.ZipFile(place.folder / "files" / f"exam-{exam}-documents.zip").testzip() is None
    assert not [*(place.folder / "files").glob("*.part")]


@pytest.mark.slow
def test_a_job_of_a_dead_neighbour_is_taken_over_by_the_next_look(place: Place) -> None:
    with place.serve() as neighbour:
        with place.serve_and_kill(job_seconds=60) as demo:
            exam = new_exam(demo)
            demo.call("PUT", START, id=exam)
            with closing(sqlite3.connect(place.folder / "state.db")) as connection:
                while not connection.execute(OWNER).fetchone()[0]:
                    time.sleep(0.01)
        assert until(neighbour, exam, has_ended)[-1] == "success"


def test_a_job_that_takes_longer_than_its_lease_stays_with_its_process(place: Place) -> None:
    with place.serve(lease_seconds=2) as demo, place.serve(lease_seconds=2) as neighbour:
        exam = place.stuck(demo)
        demo.call("PUT", START, id=exam)
        until(demo, exam, lambda state: state == "running")
        owner = place.owner()
        for _ in range(10):
            assert neighbour.call("PUT", START, id=exam).json == {}
            time.sleep(0.4)
            assert (status(neighbour, exam), place.owner()) == ("running", owner)
        place.loosen()
        assert until(demo, exam, has_ended)[-1] == "success"
        time.sleep(0.1)
        assert status(neighbour, exam) == "success", "asking again had started no second one"


def test_a_stop_hands_the_jobs_that_wait_to_the_next_start(place: Place) -> None:
    with place.serve(job_seconds=60, lease_seconds=60) as demo:
        exam = new_exam(demo)
        demo.call("PUT", START, id=exam)
    with place.serve() as demo:
        assert until(demo, exam, has_ended)[-1] == "success"


def test_a_zip_whose_file_is_gone_is_not_found(place: Place) -> None:
    with place.serve() as demo:
        exam = new_exam(demo)
        demo.call("PUT", START, id=exam)
        assert until(demo, exam, has_ended)[-1] == "success"
        (place.folder / "files" / f"exam-{exam}-documents.zip").unlink()
        assert status(demo, exam) == "not_found"
        demo.call("PUT", START, id=exam)
        assert until(demo, exam, has_ended)[-1] == "success"


def test_while_files_are_packed_others_read_and_write(place: Place) -> None:
    with place.serve() as demo:
        exam = place.stuck(demo)
        demo.call("PUT", START, id=exam)
        until(demo, exam, lambda state: state == "running")
        began = time.monotonic()
        created = new_exam(demo)
        assert demo.call("DELETE", "/exams/{id}", id=created).status == 200
        assert demo.call("GET", "/exams").status == 200
        assert (status(demo, exam), time.monotonic() - began < 2) == ("running", True)
        place.loosen()
        assert until(demo, exam, has_ended)[-1] == "success"


@pytest.mark.parametrize("count", ["1", mark_slow("2")])
def test_a_database_that_stays_locked_is_503(count: str, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    options = ("--workers", count, "--database", f"sqlite:///{state}?timeout=0.3")
    with ExitStack() as stack:
        result = stack.enter_context(command(tmp_path, *options))
        elsewhere = stack.enter_context(closing(sqlite3.connect(state, isolation_level=None)))
        elsewhere.execute("BEGIN IMMEDIATE")
        for method, body in (("GET", None), ("POST", {"name": "n", "type": "demo"})):
            reply = result.demo.call(method, "/exams", body)
            assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "database_busy", "1")
        elsewhere.execute("COMMIT")
        assert result.demo.call("GET", "/exams").status == 200
        assert "Traceback" not in result.log.read_text()


@pytest.mark.slow
def test_files_outlast_the_process_with_the_database(tmp_path: Path) -> None:
    options = ("--database", f"sqlite:///{tmp_path / 'state.db'}")
    with command(tmp_path, *options) as result:
        exam = new_exam(result.demo)
        result.demo.upload("/exams/{exam_id}/attachments", "a.txt", b"kept", exam_id=exam)
        photographed = result.demo.call("GET", "/student_sessions").json["students"][0]["id"]
    assert (tmp_path / "state.db-files").is_dir()
    with command(tmp_path, *options) as result:
        demo = result.demo
        assert demo.call("GET", "/student_sessions/{id}/face_photo", id=photographed).status == 200
        demo.call("PUT", START, id=exam)
        assert until(demo, exam, has_ended)[-1] == "success"
        with zipfile.ZipFile(io.BytesIO(demo.call("GET", FETCH, id=exam).content)) as archive:
            assert b"kept" in map(archive.read, archive.namelist())
