"""Every target passes its corpus, its planted bug is found, and what costs too much is a finding."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.fuzz.search import Search
from tests.fuzz.target import CORPUS, Target
from tests.fuzz.targets import NAMES, load_target

LARGEST_FILE = 4_000  # bytes; a corpus is read by people


@pytest.mark.parametrize("name", NAMES)
def test_the_corpus_is_passed(name: str) -> None:
    target = load_target(name)
    search = Search(target, 60)
    for path in target.corpus:
        search.try_input(path.read_bytes())
        assert search.finding is None, (path, search.finding)
    assert target.name == name
    assert search.tried == len(target.corpus) >= 3


def test_the_corpus_is_small_and_all_of_it_is_used() -> None:
    assert {path.name for path in CORPUS.iterdir()} == {*NAMES}
    assert [path for path in CORPUS.glob("*/*") if path.stat().st_size > LARGEST_FILE] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_planted_bug_is_found_within_a_minute(name: str, root: Path) -> None:
    call = [sys.executable, "-m", "tests.fuzz", name, "--planted", "--seconds", "60", "--seed", "1"]
    done = subprocess.run(call, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{name}: " in done.stdout
    assert "FOUND: " in done.stdout


def target_of(run: Callable[[bytes], object]) -> Target:
    return Target(name="small", run=run, declared=(KeyError,), tokens=(b"x",), plant_bug=nullcontext)


def find(run: Callable[[bytes], object]) -> str:
    search = Search(target_of(run), 60)
    search.try_input(b"some input")
    assert search.tried == 1
    return search.finding.message if search.finding else ""


def raise_value_error(_: bytes) -> None:
    raise ValueError("bad")


def raise_key_error(_: bytes) -> None:
    raise KeyError("bad")


def count_far(data: bytes) -> int:
    return sum(len(data) for _ in range(1_000_000))


@pytest.mark.slow
def test_memory_is_a_finding() -> None:
    """In a process of its own: this one may have grown before; a slow machine may take long to give memory."""
    program = f"""
from {find.__module__} import find
from tests.fuzz import search
search.MOST_CPU = 600
print(find(lambda data: data * 60_000_000))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert "MB of memory" in done.stdout


def test_findings_are_undeclared_errors_and_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(lambda _: None) == ""
    assert find(raise_key_error) == ""
    assert "ValueError: bad" in find(raise_value_error)
    monkeypatch.setattr("tests.fuzz.search.MOST_CPU", 0.001)
    assert "s of CPU" in find(count_far)
