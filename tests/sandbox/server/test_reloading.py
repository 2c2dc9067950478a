"""With `--reload` the command serves its package as it is on the disk, at one address and from one state."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import procwise_sandbox

PATIENCE = 60  # seconds, for slow machines


class Reloading:
    """The command with a copy of the package."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(Path(procwise_sandbox.__file__).parent, folder / "procwise_sandbox")
        self.description = folder / "procwise_sandbox/description/project.json"
        self.log, self.out = folder / "log", folder / "out"
        call = [sys.executable, "-m", "procwise_sandbox", "--reload", "--port", "0"]
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        with self.log.open("w") as log, self.out.open("w") as out:
            self.process = subprocess.Popen(call, cwd=folder, env=environment, stdout=out, stderr=log)

    def read_started(self, count: int) -> dict[str, str]:
        """What was printed after so many starts."""
        wait_until(lambda: self.out.read_text().count("\n") >= count, self)
        return dict(json.loads(self.out.read_text().splitlines()[count - 1]))

    def status(self, path: str) -> int:
        """What a request without credentials is answered."""
        url = self.read_started(1)["base_url"] + path
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code

    def rename_base(self, old: str, new: str) -> None:
        """Have other addresses described."""
        text = self.description.read_text(encoding="utf-8")
        assert f'"{old}"' in text
        self.description.write_text(text.replace(f'"{old}"', f'"{new}"'), encoding="utf-8")


def wait_until(holds: object, server: Reloading) -> None:
    assert callable(holds)
    for _ in range(PATIENCE * 10):
        if holds():
            return
        assert server.process.poll() is None, server.log.read_text()
        time.sleep(0.1)
    raise AssertionError(server.log.read_text())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Reloading]:
    """The command, which has started."""
    started = Reloading(tmp_path)
    try:
        started.read_started(1)
        yield started
    finally:
        started.process.kill()


@pytest.mark.slow
def test_a_changed_description_is_served_from_the_same_state(server: Reloading) -> None:
    assert (server.status("/api/v3/exams"), server.status("/api/v9/exams")) == (401, 404)
    server.rename_base("/api/v3", "/api/v9")
    first, second = server.read_started(1), server.read_started(2)
    wait_until(lambda: "it is served as it is now" in server.log.read_text(), server)
    assert (server.status("/api/v3/exams"), server.status("/api/v9/exams")) == (404, 401)
    names = ("base_url", "token", "secret_key")
    assert [first[name] for name in names] == [second[name] for name in names]

    whole = server.description.read_text(encoding="utf-8")
    server.description.write_text("{", encoding="utf-8")
    wait_until(lambda: "cannot be served" in server.log.read_text(), server)
    assert server.status("/api/v9/exams") == 401
    server.description.write_text(whole, encoding="utf-8")
    server.read_started(3)

    server.process.terminate()
    assert server.process.wait(PATIENCE) == 0


def test_several_workers_do_not_reload(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "procwise_sandbox", "--reload", "--workers", "2", "--port", "0"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        "procwise-sandbox: --reload serves from one process: leave --workers out\n",
    )
