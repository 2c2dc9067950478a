"""`generate --watch`: it writes anew after every change, says what is wrong while it is, and ends with Ctrl-C."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.generator.running import Run

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds for a line
ROOT_FILE = """\
openapi: 3.1.0
info: {title: Small, version: "1"}
servers: [{url: https://api.example/v9}]
paths:
  /things: {$ref: "../common/things.yaml#/paths/~1things"}
"""
THINGS = """\
paths:
  /things:
    get:
      operationId: listThings
      summary: List things
      responses: {"200": {description: Things.}}
"""
OVERLAY = """\
overlay: 1.0.0
info: {title: More, version: "1"}
actions: [{target: $.info, update: {description: First.}}]
"""


class Watcher:
    """The command, running; its lines are read one by one."""

    def __init__(self, folder: Path) -> None:
        call = [sys.executable, "-m", "generator", "generate", "--spec", "spec", "--watch", "--layer", "openapi"]
        self.folder = folder
        self.process = subprocess.Popen(
            [*call, "--overlay", "overlay.yaml", "--out", "."],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._lines.put(line.rstrip())

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def wait_for(self, text: str) -> str:
        """The next line that begins with the text, as soon as it is there; what comes before it is left out."""
        while not (line := self._lines.get(timeout=PATIENCE)).startswith(text):
            assert "Traceback" not in line
        return line

    def is_quiet(self, seconds: float) -> bool:
        """Whether no line comes for so long, but for warnings of the description."""
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return line.startswith("warning: ")

    @property
    def bundle(self) -> str:
        return (self.folder / "generated/openapi/v9.yaml").read_text("utf-8")

    def save(self, name: str, text: str) -> None:
        """Save as editors do: a file beside it takes its place."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        other = path.with_name(f".{path.name}.new")
        other.write_text(text, "utf-8")
        other.replace(path)


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[Watcher]:
    for name, text in {
        "spec/v9/openapi.yaml": ROOT_FILE,
        "spec/common/things.yaml": THINGS,
        "overlay.yaml": OVERLAY,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    running = Watcher(tmp_path)
    try:
        running.wait_for("2 files: 2 new")
        yield running
    finally:
        running.end()


@pytest.mark.slow
def test_every_kind_of_change_is_generated(watcher: Watcher) -> None:
    watcher.save("spec/common/things.yaml", THINGS.replace("List things", "All things"))
    watcher.wait_for("2 files: 2 changed")
    assert "All things" in watcher.bundle
    (watcher.folder / "overlay.yaml").write_text(OVERLAY.replace("First.", "Second."), "utf-8")
    watcher.wait_for("2 files: 2 changed")
    assert "Second." in watcher.bundle
    watcher.save("spec/common/parts/more.yaml", THINGS.replace("listThings", "listMore"))
    watcher.wait_for("2 files: all up to date")
    more = '  /more: {$ref: "../common/parts/more.yaml#/paths/~1things"}\n'
    watcher.save("spec/v9/openapi.yaml", ROOT_FILE + more)
    watcher.wait_for("2 files: 2 changed")
    assert "listMore" in watcher.bundle
    watcher.save("spec/v8/openapi.yaml", ROOT_FILE)
    watcher.wait_for("4 files: 2 new")
    (watcher.folder / "spec/v8/openapi.yaml").unlink()
    watcher.wait_for("2 files: 2 removed")
    assert not (watcher.folder / "generated/openapi/v8.yaml").exists()


@pytest.mark.slow
def test_faults_come_and_go_and_nothing_is_written_meanwhile(watcher: Watcher) -> None:
    before = watcher.bundle
    watcher.save("spec/common/things.yaml", THINGS.replace("description: Things.", "descripton: Things."))
    line = watcher.wait_for("spec/common/things.yaml:6: ")
    watcher.save("spec/v9/openapi.yaml", ROOT_FILE[:-30])
    watcher.wait_for("spec/v9/openapi.yaml:")
    assert watcher.bundle == before
    watcher.save("spec/v9/openapi.yaml", ROOT_FILE)
    watcher.wait_for("mended: spec/v9/openapi.yaml:")
    assert watcher.bundle == before
    watcher.save("spec/common/things.yaml", THINGS)
    assert watcher.wait_for("mended: ") == f"mended: {line}"
    watcher.wait_for("2 files: all up to date")
    (watcher.folder / "spec/common/things.yaml").unlink()
    watcher.wait_for("spec/v9/openapi.yaml:5: ")
    assert watcher.bundle == before
    watcher.save("spec/common/things.yaml", THINGS.replace("List things", "All things"))
    watcher.wait_for("2 files: 2 changed")
    assert "All things" in watcher.bundle


@pytest.mark.slow
def test_its_own_files_are_no_change_and_ctrl_c_ends_it(watcher: Watcher) -> None:
    watcher.save("spec/v9/openapi.yaml", ROOT_FILE.replace("Small", "Tiny"))
    watcher.wait_for("2 files: 2 changed")
    (watcher.folder / "generated/openapi/v9.yaml").touch()
    assert all(watcher.is_quiet(0.5) for _ in range(4))
    watcher.process.send_signal(signal.SIGINT)
    assert watcher.process.wait(PATIENCE) == 130
    assert not list(watcher.folder.glob(".staging-*"))


def test_check_and_watch_exclude_each_other(toolkit: Callable[..., Run]) -> None:
    run = toolkit("generate", "--check", "--watch")
    assert (run.code, run.out) == (2, "")
    assert "--check writes nothing and --watch goes on writing" in run.err
