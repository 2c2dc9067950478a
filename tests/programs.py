"""Programs of this project as processes of their own, forked from one that has imported them already.

Importing takes two seconds, and dozens of tests ask only what a program prints and how it ends. `python -m
tests.programs` is the process that is forked: it reads one call in a line, and prints the exit code in another.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IMPORTED = {
    "generator": "generator.cli",
    "procwise_sandbox": "procwise_sandbox.cli.command",
    "procwise_conformance": "procwise_conformance.cli",
}
LONGEST = 120  # seconds; a program that goes on for longer is killed


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it printed."""

    code: int
    out: str
    err: str


class Programs:
    """Runs `python -m module` with arguments, without standard input, until it ends."""

    def __init__(self, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"
        call = [sys.executable, "-m", __name__]
        self._forked = subprocess.Popen(
            call, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, module: str, *arguments: str, **environment: str) -> Ended:
        told = {"call": [module, *arguments], "environment": environment, "printed": [str(self._out), str(self._err)]}
        stdin, stdout = self._forked.stdin, self._forked.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(told) + "\n")
        stdin.flush()
        code = int(stdout.readline())
        return Ended(code, self._out.read_text("utf-8"), self._err.read_text("utf-8"))

    def close(self) -> None:
        self._forked.communicate()


def main() -> None:
    for line in sys.stdin:
        told = json.loads(line)
        importlib.import_module(IMPORTED[told["call"][0]])
        child = os.fork()
        if not child:
            _become(**told)
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(call: list[str], environment: dict[str, str], printed: list[str]) -> Any:
    signal.alarm(LONGEST)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(printed, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(environment)
    sys.argv = call
    return runpy.run_module(call[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
