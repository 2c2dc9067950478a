"""What a sandbox keeps is for its owner alone, whatever else may read the folder."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller, send

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no such modes")


@pytest.fixture(autouse=True, params=[0, 0o277], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_the_database_and_the_files_are_private(tmp_path: Path) -> None:
    database, folder = tmp_path / "state.db", tmp_path / "files"
    with running(database=f"sqlite:///{database}", files=folder, admin=True, job_seconds=0) as result:
        demo = Caller(result.base_url, result.token, result.secret_key)
        assert demo.call("PUT", "/exams/{id}/generate_exam_documents_zip", id=1).status == 200
        while demo.call("GET", "/exams/{id}/status_exam_documents_zip", id=1).json["zip_job_status"] != "success":
            time.sleep(0.01)
        admin = {"Authorization": f"Bearer {result.admin_key}"}
        assert send(result.base_url, "POST", "/admin/snapshot", admin).status == 200
        assert demo.upload("/exams/{exam_id}/attachments", "n.txt", b"new", exam_id=1).status == 200
        neighbours = [database.with_name(f"state.db-{end}") for end in ("wal", "shm")]
        assert {path.name: mode(path) for path in (database, *neighbours)} == {
            "state.db": "0o600",
            "state.db-wal": "0o600",
            "state.db-shm": "0o600",
        }
        stored = [path for path in folder.rglob("*") if path.is_file()]
        assert {path.name.split("-")[0] for path in stored} == {"attachment", "answer", "face_photo", "id_card", "exam"}
        assert {mode(path) for path in stored} == {"0o600"}
        folders = [path for path in folder.rglob("*") if path.is_dir()]
        assert len(folders) == 3, "that of snapshots, the initial one, and the other"
        assert {mode(path) for path in (folder, *folders)} == {"0o700"}


def test_what_is_there_already_keeps_its_modes(tmp_path: Path) -> None:
    database, folder = tmp_path / "state.db", tmp_path / "files"
    database.touch()
    folder.mkdir()
    database.chmod(0o640)
    folder.chmod(0o750)
    with running(database=f"sqlite:///{database}", files=folder):
        assert (mode(database), mode(folder)) == ("0o640", "0o750")
