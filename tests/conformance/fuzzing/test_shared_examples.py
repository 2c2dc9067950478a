"""Failing examples in a database that several runs share: one finds what fails, the others begin with it."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NotThere
from redis.retry import Retry

from tests.conformance.conftest import Command
from tests.conformance.servers.model_server import Model, serve

CRASHES = ("--operations", "addBook", "--include-check", "SCH-001")
FOUND = {"SCH-001 addBook"}


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """The address of a Redis that keeps nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen(call, stdout=subprocess.DEVNULL) as server:
        try:
            Redis(port=port, retry=Retry(ConstantBackoff(0.1), 100), retry_on_error=[NotThere]).ping()
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def run_with_more_examples(place: str, run: Command, model: Callable[..., Model]) -> list[set[str]]:
    """What is found with one example, then with many, then with one of another seed."""
    found = []
    with serve(model("shelf", "crashes on non-ASCII")) as url:
        for examples, seed in (("1", "3"), ("40", "4"), ("1", "3"), ("1", "5")):
            outcome = run(url, *CRASHES, "--max-examples", examples, "--seed", seed, "--database", place)
            assert outcome.code in (0, 1), outcome.errors
            found.append(outcome.broken_ids())
    return found


@pytest.mark.slow
@pytest.mark.needs("redis-server")
def test_in_redis(shelf_conformance: Command, model: Callable[..., Model], redis: str) -> None:
    assert run_with_more_examples(redis, shelf_conformance, model) == [set(), FOUND, FOUND, FOUND]
    keys = [key for key in Redis.from_url(redis).scan_iter() if key.startswith(b"procwise-conformance:shelf:")]
    assert keys


@pytest.mark.slow
def test_in_a_folder(shelf_conformance: Command, model: Callable[..., Model], tmp_path: Path) -> None:
    assert run_with_more_examples(str(tmp_path / "examples"), shelf_conformance, model) == [set(), FOUND, FOUND, FOUND]


def test_a_database_that_is_not_there(shelf_conformance: Command) -> None:
    outcome = shelf_conformance("http://127.0.0.1:9", "--database", "redis://someone:hidden@127.0.0.1:9/0")
    assert (outcome.code, outcome.output) == (2, "")
    assert "no Redis answers at 127.0.0.1:9" in outcome.errors
    assert "hidden" not in outcome.errors
