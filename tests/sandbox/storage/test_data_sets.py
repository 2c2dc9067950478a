"""Data sets that a fresh state is filled with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller


@contextmanager
def run_seed(seed: str) -> Iterator[Caller]:
    """The demo user of a state that was filled so."""
    with running(seed=seed, self_check=True) as sandbox:
        yield Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)


@pytest.mark.parametrize(("seed", "count"), [("", "4"), ("empty", "0")])
def test_the_usual_one_and_an_empty_one(seed: str, count: str) -> None:
    with run_seed(seed) as demo:
        assert demo.call("GET", "/exams").headers["x-pagination-item-count"] == count


@pytest.mark.slow
def test_ten_thousand_exams_are_the_same_in_every_state() -> None:
    requested = {"limit": 300, "page": 34, "sort": '[{"name":"desc"}]'}
    with run_seed("exams-10000") as one, run_seed("exams-10000") as other:
        reply = one.call("GET", "/exams", query=requested)
        exams = reply.json["exams"]
        assert other.call("GET", "/exams", query=requested).json["exams"] == exams
        assert (reply.headers["x-pagination-item-count"], len(exams)) == ("10000", 100)
        assert len({exam["token"] for exam in exams}) == 100
        renamed = one.call("PATCH", "/exams/{id}", {"name": "other"}, id=exams[0]["id"])
        assert renamed.json["exam"]["name"] == "other"


def test_a_filled_database_stays_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = f"sqlite:///{tmp_path / 'state.db'}"
    for seed in ("empty", "empty", "demo"):
        caplog.clear()
        with running(database=database, seed=seed) as sandbox:
            result = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key).call("GET", "/exams")
            assert result.json["exams"] == []
        said = [record.message for record in caplog.records if record.levelname == "WARNING"]
        assert len(said) == (seed == "demo")
    assert "filled with empty already, not with demo" in said[0]
