"""Data sets that a fresh state is filled with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller


def exams(seed: str, page: int = 1) -> tuple[str, list[dict[str, Any]]]:
    """How many there are, and those of one page."""
    with running(seed=seed) as sandbox:
        asked = {"limit": 300, "page": page, "sort": '[{"name":"desc"}]'}
        reply = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key).call("GET", "/exams", query=asked)
        return reply.headers["x-pagination-item-count"], reply.json["exams"]


def test_the_usual_one_and_an_empty_one() -> None:
    assert exams("")[0] == exams("demo")[0] == "2"
    assert exams("empty")[0] == "0"


def test_ten_thousand_exams_are_the_same_in_every_state() -> None:
    count, found = exams("exams-10000", page=34)
    assert (count, len(found)) == ("10000", 100)
    assert exams("exams-10000", page=34)[1] == found
    assert len({exam["token"] for exam in found}) == 100
    assert {exam["name"].partition(" ")[0] for exam in found} == {"Algebra"}


def test_an_exam_of_many_is_as_any_other() -> None:
    with running(seed="exams-10000", self_check=True) as many:
        demo = Caller(many.base_url, many.token, many.secret_key)
        exam = demo.call("GET", "/exams", query={"limit": 1}).json["exams"][0]
        assert demo.call("PATCH", "/exams/{id}", {"name": "other"}, id=exam["id"]).json["exam"]["name"] == "other"
        assert demo.call("POST", "/exams", {"name": "n", "type": "demo"}).status == 200


def test_a_filled_database_stays_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    for seed in ("empty", "", "empty", "demo"):
        caplog.clear()
        with running(database=database, seed=seed) as sandbox:
            found = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key).call("GET", "/exams")
            assert found.json["exams"] == []
        said = [record.message for record in caplog.records if record.levelname == "WARNING"]
        assert len(said) == (seed == "demo")
    assert "filled with empty already, not with demo" in said[0]
