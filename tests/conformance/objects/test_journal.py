"""Several workers of a run write and close one journal."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

import pytest

from procwise_conformance.objects.journal import Journal, JournalledObject, read_remaining


def test_a_journal_that_another_worker_removes_first_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal.jsonl", api="v3", url="http://127.0.0.1:1")
    created = JournalledObject(creator="createExam", identity=7, parents={})
    journal.record_creation(created)
    journal.record_removal(created)
    read = Path.read_text

    def remove_and_read(path: Path, *given: Any, **named: Any) -> str:
        path.unlink()
        return read(path, *given, **named)

    monkeypatch.setattr(Path, "read_text", remove_and_read)
    journal.close()
    assert not journal.path.exists()
    assert not journal.fault


def test_a_journal_stays_until_the_last_worker_closes_it(tmp_path: Path) -> None:
    one, other = (Journal(tmp_path / "journal.jsonl", api="v3", url="http://127.0.0.1:1") for _ in range(2))
    first, second = (JournalledObject(creator="createExam", identity=number, parents={}) for number in (7, 8))
    one.record_creation(first)
    other.record_creation(first)
    for journal in (one, other):
        journal.record_removal(first)
    one.close()
    other.record_creation(second)
    assert [left for left, _ in read_remaining(other.path)] == [second]
    other.record_removal(second)
    other.close()
    assert not other.path.exists()


def test_a_journal_that_is_just_removed_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker removes the file between its opening here and the lock."""
    path = tmp_path / "journal.jsonl"
    created = JournalledObject(creator="createExam", identity=7, parents={})
    lock, removed = fcntl.flock, []

    def remove_and_lock(place: int, kind: int) -> None:
        if not removed:
            path.unlink()
            removed.append(path)
        lock(place, kind)

    monkeypatch.setattr(fcntl, "flock", remove_and_lock)
    Journal(path, api="v3", url="http://127.0.0.1:1").record_creation(created)
    assert [left for left, _ in read_remaining(path)] == [created]
