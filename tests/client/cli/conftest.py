"""The command line, run in this process, beside a sandbox that all tests here share."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from procwise.__main__ import main
from procwise_sandbox import Running, running


@dataclass(frozen=True)
class Run:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(files=tmp_path_factory.mktemp("files"), job_seconds=0.01) as found:
        yield found


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The file of the profiles, which does not exist yet."""
    return tmp_path / "config" / "profiles.ini"


@pytest.fixture
def command(sandbox: Running, config: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """Run `procwise` with the credentials of the demo user; a variable that is None is not set."""
    variables = {
        "PROCWISE_BASE_URL": sandbox.base_url,
        "PROCWISE_TOKEN": sandbox.token,
        "PROCWISE_SECRET_KEY": sandbox.secret_key,
        "PROCWISE_CONFIG": str(config),
        "PROCWISE_PROFILE": None,
        "COLUMNS": "80",
    }

    def run(*arguments: str, stdin: bytes = b"", is_terminal: bool = False, **environment: str | None) -> Run:
        kind = Terminal if is_terminal else io.TextIOWrapper
        out, err = (kind(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(sys, "argv", ["procwise", *arguments])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="ascii"))
            for name, value in {**variables, **environment}.items():
                patch.delenv(name, raising=False) if value is None else patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        for stream in (out, err):
            stream.flush()
        texts = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
        return Run(int(end.value.code or 0), *texts)

    return run
