"""From outside, with the sandbox: downloads go on after a killed process, and over a bad network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import procwise
from procwise_sandbox import Running, running
from tests.client.files.test_downloads import list_left_files


def connect(sandbox: Running, **options: Any) -> procwise.Client:
    return procwise.Client(token=sandbox.token, secret_key=sandbox.secret_key, base_url=sandbox.base_url, **options)


KILLED = """
import sys
from procwise import Client

def die(progress):
    if progress.done:
        print(progress.done, flush=True)
        sys.stdin.read()  # until this process is killed

with Client() as client:
    client.exams.documents_zip(int(sys.argv[1]), "a.zip", handle="a.job", progress=die)
"""


@pytest.mark.slow
def test_a_killed_process_is_followed_by_one_that_goes_on(tmp_path: Path) -> None:
    """From outside, with the sandbox: the second process downloads only what the first one lacked."""
    with running() as sandbox:
        variables = {
            "PROCWISE_TOKEN": sandbox.token,
            "PROCWISE_SECRET_KEY": sandbox.secret_key,
            "PROCWISE_BASE_URL": sandbox.base_url,
        }
        with procwise.Client(token=sandbox.token, secret_key=sandbox.secret_key, base_url=sandbox.base_url) as client:
            exam = client.exams.create(name="Killed", type="record_review").id
            client.attachments.create(exam, document=procwise.Upload(os.urandom(300_000), name="a.png"))
            with subprocess.Popen(
                [sys.executable, "-c", KILLED, str(exam)],
                cwd=tmp_path,
                env={**os.environ, **variables},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            ) as process:
                assert process.stdout is not None
                reached = int(process.stdout.readline())
                process.kill()
            assert len(list_left_files(tmp_path)) == 3
            seen: list[int] = []
            path = client.exams.documents_zip(
                exam, tmp_path / "a.zip", handle=tmp_path / "a.job", progress=lambda one: seen.append(one.done)
            )
    assert min(done for done in seen if done) > reached > 0
    assert path.stat().st_size > 300_000
    assert list_left_files(tmp_path) == ["a.zip"]


def test_a_download_over_a_network_that_cuts_every_second_response(tmp_path: Path) -> None:
    """The same state twice: its zip is made over a sound network, and downloaded over a bad one."""
    state = {"database": f"sqlite:///{tmp_path}/state.db", "files": str(tmp_path / "files")}
    with running(**state) as sandbox, connect(sandbox) as client:
        exam = client.exams.create(name="Cut", type="record_review").id
        client.attachments.create(exam, document=procwise.Upload(os.urandom(300_000), name="a.png"))
        whole = client.exams.documents_zip(exam, tmp_path / "a.zip")
    quick = procwise.RetryPolicy(first_wait=0.001, longest_wait=0.01, max_retries=9)
    statuses: list[int | None] = []
    options: Any = {"retry": quick, "hooks": procwise.Hooks(response=lambda one: statuses.append(one.status))}
    with running(**state, network=["truncate=0.5", "seed=1"]) as sandbox, connect(sandbox, **options) as client:
        for number in range(5):
            seen: list[int] = []
            path = client.exams.download_documents_zip(
                exam, tmp_path / f"{number}.zip", progress=lambda one, seen=seen: seen.append(one.done)
            )
            assert path.read_bytes() == whole.read_bytes()
            assert seen == sorted(seen), "nothing is sent a second time"
    assert None in statuses
    assert 206 in statuses
