"""The command that judges a recording, and traffic of a sandbox to be recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Running, running
from tests.conformance.conftest import ROOT, Outcome
from tests.conformance.observe.recordings import DIALECTS, Seen, see, write_har
from tests.conformance.servers.recording_proxy import Passed, run_proxy
from tests.programs import PROGRAMS
from tests.sandbox.sandbox_calls import Caller
from tests.shared import make_environment

ADDRESS = "http://127.0.0.1:8080"
Observe = Callable[..., Outcome]


@pytest.fixture
def observe(tmp_path: Path) -> Observe:
    """The command: `packages` are others than those of this API, other names are environment variables."""

    def run(recording: Path, *options: str, packages: Path = ROOT / "generated", **variables: str) -> Outcome:
        folder = tmp_path / f"report-{len(list(tmp_path.iterdir()))}"
        call = ("procwise_conformance", "observe", str(recording), "--report", str(folder), *options)
        ended = PROGRAMS.run(*call, environment=make_environment(packages, **variables), cwd=tmp_path)
        return Outcome(ended.code, ended.out, ended.err, folder)

    return run


@contextmanager
def record(
    faults: tuple[str, ...] = (), **options: Any
) -> Iterator[tuple[Running, Callable[[str], Caller], list[Passed]]]:
    """A sandbox, its users by name as callers through a recorder, and what passed so far."""
    files = options.pop("files")
    with running(files=files, faults=faults, **options) as sandbox, run_proxy(sandbox.base_url) as (url, passed):

        def caller(name: str = "demo") -> Caller:
            own = sandbox if name == "demo" else getattr(sandbox, name)
            return Caller(url, own.token, own.secret_key)

        yield sandbox, caller, passed


def save(path: Path, passed: list[Passed], dialect: str = "mitmproxy", address: str = ADDRESS) -> Path:
    """A recording of what passed."""
    return write_har(path, [DIALECTS[dialect](one) for one in see(passed, address)])


def keys(sandbox: Running) -> dict[str, str]:
    """The credentials of the demo user and of the second one, as environment variables."""
    return {
        "PROCWISE_TOKEN": sandbox.token,
        "PROCWISE_SECRET_KEY": sandbox.secret_key,
        "SECOND_TOKEN": sandbox.second.token,
        "SECOND_SECRET": sandbox.second.secret_key,
    }


SECOND = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")
__all__ = ["ADDRESS", "SECOND", "Observe", "Seen", "keys", "record", "save"]
