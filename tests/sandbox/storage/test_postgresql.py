"""The same state on PostgreSQL, shared by several processes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from procwise_sandbox import SandboxError, running
from procwise_sandbox.loading import load_description
from procwise_sandbox.server import serving
from procwise_sandbox.server.application import build
from procwise_sandbox.settings.options import Options
from tests.sandbox.http.test_every_operation import call_every_operation
from tests.sandbox.postgresql import create_database, is_installed, run_cluster
from tests.sandbox.sandbox_calls import Caller, send
from tests.sandbox.server.test_admin import Place
from tests.sandbox.storms import Storm, command, signal_all

pytestmark = pytest.mark.needs("psql")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A cluster of its own, reached by a socket in its folder."""
    if not is_installed():
        pytest.skip("PostgreSQL is missing: install the package postgresql")
    with run_cluster() as folder:
        yield folder


@pytest.fixture
def database(cluster: Path, request: pytest.FixtureRequest) -> str:
    """A fresh database."""
    return create_database(cluster, request.node.name)


def shared_options(database: str, folder: Path) -> tuple[str, ...]:
    return "--database", database, "--files", str(folder / "files")


@pytest.mark.slow
def test_without_a_folder_for_files_it_does_not_start(database: str) -> None:
    with pytest.raises(SandboxError, match="name a folder with --files"), running(database=database):
        pass


@pytest.mark.slow
def test_a_job_of_a_dead_process_is_done_by_another(database: str, tmp_path: Path) -> None:
    start, status = (f"/exams/{{id}}/{verb}_exam_documents_zip" for verb in ("generate", "status"))
    options = {"database": database, "files": tmp_path / "files", "lease_seconds": 0.3}
    with serving.run_in_thread(build(load_description(), Options(**options, job_seconds=60))) as one:
        left = Caller(one.base_url, one.token, one.secret_key)
        exam = left.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
        left.call("PUT", start, id=exam)
        assert left.call("GET", status, id=exam).json["zip_job_status"] == "queued"
    with serving.run_in_thread(build(load_description(), Options(**options, job_seconds=0.01))) as other:
        demo = Caller(other.base_url, other.token, other.secret_key)
        for _ in range(200):
            if (content := demo.call("GET", status, id=exam).json["zip_job_status"]) == "success":
                break
            time.sleep(0.02)
        assert content == "success"


@pytest.mark.slow
def test_a_table_that_stays_locked_is_503(database: str, tmp_path: Path) -> None:
    hasty = f"{database}&options=-c%20lock_timeout%3D300ms"
    with running(database=hasty, files=tmp_path) as sandbox, psycopg.connect(database) as elsewhere:
        demo = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        elsewhere.execute("LOCK TABLE exams, _accounts IN ACCESS EXCLUSIVE MODE")
        for method, body in (("GET", None), ("POST", {"name": "n", "type": "demo"})):
            reply = demo.call(method, "/exams", body)
            assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "database_busy", "1")
        elsewhere.rollback()
        assert demo.call("GET", "/exams").status == 200


@pytest.mark.slow
def test_every_operation(database: str, tmp_path: Path) -> None:
    with running(database=database, files=tmp_path) as sandbox:
        call_every_operation(Caller(sandbox.base_url, sandbox.superuser.token, sandbox.superuser.secret_key))


def test_the_life_of_an_exam(database: str, tmp_path: Path) -> None:
    with running(database=database, files=tmp_path) as sandbox:
        demo = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        settings = {
            "name": "Zoë 😀",
            "type": "demo",
            "start_time": "2030-01-01T09:00:00Z",
            "duration_minutes": 2**63 - 1,
        }
        exam = demo.call("POST", "/exams", settings).json["exam"]
        assert demo.call("PATCH", "/exams/{id}", {"mobile_cam": "1"}, id=exam["id"]).json["exam"]["mobile_cam"] is True
        student = {"name": "A", "email": "a@student.example"}
        assert demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam["id"]).status == 200
        repeated = demo.call("POST", "/exams/{exam_id}/student_sessions", student, exam_id=exam["id"])
        assert repeated.json["errors"] == {"email": ["has already been taken"]}
        assert demo.call("POST", "/exams", {"name": "a\0b", "type": "demo"}).status == 422
        requested = {
            "filter": json.dumps({"start_time": {"gte": "2030-01-01"}}),
            "sort": '[{"name":"desc"}]',
            "limit": 5,
        }
        result = demo.call("GET", "/exams", query=requested)
        assert ([one["id"] for one in result.json["exams"]], result.headers["x-pagination-item-count"]) == (
            [exam["id"]],
            "1",
        )
        assert demo.call("DELETE", "/exams/{id}", id=exam["id"]).status == 200
        assert demo.call("GET", "/exams/{id}", id=exam["id"]).status == 404


@pytest.mark.slow
def test_kill_9_loses_no_acknowledged_create(database: str, tmp_path: Path) -> None:
    storm = Storm()
    with command(tmp_path, "--seed", "empty", "--workers", "2", *shared_options(database, tmp_path)) as result:
        storm.rage(result.demo, lambda: signal_all(result.process, signal.SIGKILL))
    storm.check(database, files=tmp_path / "files")


@pytest.mark.slow
def test_snapshots_and_restores_amid_creates(database: str, tmp_path: Path) -> None:
    with running(database=database, files=tmp_path, admin=True) as sandbox:
        place = Place(sandbox, tmp_path)
        first = place.state()
        place.change()
        second = place.state()
        with ThreadPoolExecutor(4) as pool:
            bodies = ({"name": f"exam {number}", "type": "demo"} for number in range(80))
            creates = [pool.submit(place.demo.call, "POST", "/exams", body) for body in bodies]
            name = place.admin("snapshot").json["id"]
            restores = [place.admin(*query).status for query in (("reset",), ("restore", {"id": name})) * 4]
            assert restores == [200] * 8
            assert {create.result().status for create in creates} == {200}
        assert place.admin("reset").status == 200
        assert place.state() == first != second


@pytest.mark.slow
def test_of_24_at_once_in_three_processes_one_succeeds(database: str, tmp_path: Path) -> None:
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", *shared_options(database, tmp_path)]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
            for _ in range(3)
        ]
        for process in processes:
            stack.callback(process.kill)
        content = [json.loads(process.stdout.readline()) for process in processes if process.stdout]
        assert len({one["token"] for one in content}) == 1
        callers = [Caller(one["base_url"], one["token"], one["secret_key"]) for one in content]
        body = json.dumps(callers[0].sign({**callers[0].stamp(), "name": "once", "type": "demo"})).encode()
        headers = {**callers[0].authorization, "Content-Type": "application/json"}
        start = Barrier(24)

        def fire(number: int) -> int:
            start.wait()
            return send(callers[number % 3].base_url, "POST", "/api/v3/exams", headers, body).status

        with ThreadPoolExecutor(24) as pool:
            assert sorted(pool.map(fire, range(24))) == [200] + [403] * 23
        for process in processes:
            process.terminate()
