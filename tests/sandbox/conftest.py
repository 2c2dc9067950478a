"""A running sandbox, and its users as callers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Running, running
from tests.sandbox.faulty import World, Worlds
from tests.sandbox.sandbox_calls import Caller, NewExam


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(files=tmp_path_factory.mktemp("files"), job_seconds=0.15) as result:
        yield result


@pytest.fixture(scope="session")
def demo(sandbox: Running) -> Caller:
    return Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)


@pytest.fixture(scope="session")
def older(sandbox: Running) -> Caller:
    return Caller(sandbox.base_url, sandbox.token, sandbox.secret_key, "v1")


@pytest.fixture(scope="session")
def second(sandbox: Running) -> Caller:
    return Caller(sandbox.base_url, sandbox.second.token, sandbox.second.secret_key)


@pytest.fixture(scope="session")
def superuser(sandbox: Running) -> Caller:
    return Caller(sandbox.base_url, sandbox.superuser.token, sandbox.superuser.secret_key)


@pytest.fixture(scope="session")
def new_exam(demo: Caller) -> NewExam:
    def make(**settings: object) -> dict[str, Any]:
        reply = demo.call("POST", "/exams", {"name": "An exam", "type": "record_review", **settings})
        assert reply.status == 200, reply.content
        created: dict[str, Any] = reply.json["exam"]
        return created

    return make


@pytest.fixture(scope="session")
def vectors(root: Path) -> Path:
    """The shared signature vectors, kept once beside the tests of the signature."""
    return root / "tests" / "signing" / "vectors.json"


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="module")
def honest(worlds: Worlds) -> Iterator[World]:
    with worlds() as result:
        yield result
