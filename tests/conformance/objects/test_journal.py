"""Several workers of a run write and close one journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procwise_conformance.objects.journal import Journal, JournalledObject


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
