"""A release that is killed at any moment leaves the checkout as it was, or is complete."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.release import journal, writing
from generator.release.plan import plan_release
from tests.generator.running import Run
from tests.release.checkout import SPEC, read_tree
from tests.release.killing import kill_before_each

Toolkit = Callable[..., Run]
Replace = Callable[[str, str, str], None]
JOURNAL = f"{journal.FOLDER}/journal.json"


@pytest.fixture
def work(checkout: Path, edit: Replace) -> Callable[[], None]:
    """Write a release that makes a page, raises versions, and removes a bundle."""
    (checkout / "spec/released/v0.json").write_bytes((checkout / "spec/released/v1.json").read_bytes())
    edit(SPEC, "    delete:\n", "    put:\n")
    plan = plan_release(checkout, {}, "2026-03-04", lambda _: None)
    assert plan is not None
    assert plan.edit.removed
    return lambda: writing.write_release(checkout, plan)


def read_files(root: Path) -> dict[str, tuple[int, int]]:
    """The file itself and its time, by its name: what comes back is what was there."""
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}


def hold_all_or_nothing(work: Callable[[], None], root: Path, step: int) -> int:
    """Kill the work at every step; returns how many changes it makes before it counts."""
    before, files = read_tree(root), read_files(root)
    undone, seen = 0, []
    for count, was_killed in kill_before_each(work, root, step):
        after = read_tree(root)
        seen.append(after != before)
        if after == before:
            undone = count
            assert was_killed
            assert read_files(root) == files
        else:  # it is complete, and all that follows clears up
            assert (root / "docs/migrations/1.0.0.md").is_file()
            assert (root / "spec/released/packages.txt").read_text("utf-8") == "1.0.0\n"
            assert not (root / "spec/released/v0.json").exists()
            assert not (root / journal.FOLDER).exists()
            break
    assert seen[-1]
    return undone


def test_a_release_that_is_killed_now_and_then(checkout: Path, work: Callable[[], None]) -> None:
    assert hold_all_or_nothing(work, checkout, 9) > 30


@pytest.mark.slow
def test_a_release_that_is_killed_after_each_of_its_writes(checkout: Path, work: Callable[[], None]) -> None:
    assert hold_all_or_nothing(work, checkout, 1) > 40


@pytest.mark.slow
def test_the_next_command_takes_back_what_nobody_watched(
    checkout: Path, work: Callable[[], None], toolkit: Toolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a power cut: the run and its watcher are gone."""
    before, files = read_tree(checkout), read_files(checkout)
    with monkeypatch.context() as patch:
        patch.setattr(journal, "_watch", lambda root: contextlib.nullcontext())
        met = set()
        for _, was_killed in kill_before_each(work, checkout, 11):
            if not was_killed:
                break
            met.add((checkout / JOURNAL).exists())
            run = toolkit("lint")
            took_back = run.err.startswith("a release that was broken off has been taken back\n")
            assert run.code == 0
            if (checkout / "docs/migrations").exists():
                break
            assert (took_back or not (checkout / JOURNAL).exists(), read_tree(checkout)) == (True, before)
            assert read_files(checkout) == files
    assert met == {True, False}


@pytest.mark.slow
def test_taking_back_that_is_killed_goes_on_later(
    checkout: Path, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_tree(checkout)
    monkeypatch.setattr(journal, "_watch", lambda root: contextlib.nullcontext())
    for number, (_, was_killed) in enumerate(kill_before_each(work, checkout, 13)):
        if not was_killed or number > 3:
            break
        killed = [was for _, was in kill_before_each(lambda: bool(journal.recover(checkout)) or None, checkout, 3)]
        assert killed[-1] is False
        assert read_tree(checkout) == before


def test_what_fails_after_the_writing_is_taken_back(
    checkout: Path, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, files = read_tree(checkout), read_files(checkout)

    def fail(root: Path) -> None:
        assert (root / "docs/migrations/1.0.0.md").is_file()
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "compare_with_release", fail)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert read_tree(checkout) == before
    assert read_files(checkout) == files


def test_commands_wait_for_a_release_that_goes_on(
    checkout: Path, toolkit: Toolkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_PATIENCE", 0)
    (checkout / journal.FOLDER).mkdir()
    with (checkout / journal.FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (("lint",), ("release", "--write"), ("generate", "--check")):
            run = toolkit(*command)
            assert (run.code, run.out) == (2, "")
            assert "a release is being written here (wait until it has ended)" in run.err
    assert toolkit("lint").code == 0
    assert not (checkout / journal.FOLDER).exists()


@pytest.mark.slow
def test_the_command_is_killed_while_it_writes(checkout: Path, edit: Replace, root: Path) -> None:
    """With all layers, as a process of its own: the tree is as it was when its output has ended."""
    edit(SPEC, "    delete:\n", "    put:\n")
    before = read_tree(checkout)
    call = [sys.executable, "-m", "generator", "release", "--write"]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    run = subprocess.Popen(call, cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    while not (checkout / JOURNAL).exists() and run.poll() is None:
        time.sleep(0.001)
    os.kill(run.pid, signal.SIGKILL)
    said, _ = run.communicate(timeout=60)
    assert (run.returncode, said) == (-signal.SIGKILL, b"")
    assert read_tree(checkout) == before
