"""Programs of the pages of operations, run on the demo data of a sandbox that logs what they request."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from generator.layers.docs.programs import programs
from generator.layers.docs.samples import Sample, sample
from procwise_sandbox import Running, running
from tests.docs.test_reference import Described, read_operations
from tests.spec import read_apis, read_documents

OPERATIONS = read_operations(read_documents())
TABS = ("Python client", "curl", "Python", "JavaScript", "PHP", "Ruby", "Go", "Java", "C#")  # in their order
LONGEST = 300.0  # seconds; a program takes less than one
NAME = "Prüfung 東京 🎓 & \"x\" 'y' $HOME `z` \\n #{1} ${2} %41+?=é \\\\ \\"


class Log(logging.Handler):
    """What the sandbox logs of its requests."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.facts += [record.facts] if hasattr(record, "facts") else []


class Runner:
    """Runs programs, each from the demo data, and returns what the sandbox logged of an operation."""

    def __init__(self, sandbox: Running, log: Log) -> None:
        self.sandbox = sandbox
        self._log = log

    def environment(self, role: str | None) -> dict[str, str]:
        caller = self.sandbox.superuser if role == "superuser" else self.sandbox.demo
        names = {"BASE_URL": self.sandbox.base_url, "TOKEN": caller.token, "SECRET_KEY": caller.secret_key}
        return {**os.environ, **{f"PROCWISE_{name}": value for name, value in names.items()}}

    def reset(self) -> None:
        headers = {"Authorization": f"Bearer {self.sandbox.admin_key}"}
        urlopen(Request(f"{self.sandbox.base_url}/admin/reset", b"", headers)).close()
        self._log.facts.clear()

    def verdicts(self, operation: Described) -> list[tuple[int, str]]:
        """The statuses and verdicts of this operation's requests since the last reset."""
        name = f"{operation.api} {operation.value['operationId']}"
        return [(facts["status"], facts["verdict"]) for facts in self._log.facts if facts["operation"] == name]

    def run(
        self, call: Sequence[str], role: str | None, folder: Path, program: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command from the demo data, with the variables of a caller, and the program on standard input."""
        self.reset()
        streams = {"input": program, "capture_output": True, "text": True}
        environment = self.environment(role)
        return subprocess.run(call, env=environment, cwd=folder, check=False, timeout=LONGEST, **streams)  # type: ignore[call-overload, no-any-return]

    def describe_failure(self, operation: Described, call: Sequence[str], folder: Path, program: str = "") -> str:
        """Why a program does not do what its page says; empty if it does."""
        done = self.run(call, operation.value.get("x-role"), folder, program)
        wrong = done.returncode or done.stderr or self.verdicts(operation) != [(success_of(operation), "ok")]
        return f"{label_operation(operation)}: {done.stdout}{done.stderr}" if wrong else ""


@contextmanager
def start_runner(folder: Path) -> Iterator[Runner]:
    """A sandbox with an admin, which keeps files in that folder, and its log."""
    log, logger = Log(), logging.getLogger("procwise_sandbox")
    level = logger.level
    logger.addHandler(log)
    logger.setLevel(logging.INFO)
    with running(files=folder, job_seconds=0.01, admin=True) as sandbox:
        yield Runner(sandbox, log)
    logger.removeHandler(log)
    logger.setLevel(level)


def find_operations(*names: str) -> list[Described]:
    """The operations of these names, such as `v3.createExam`."""
    by_name = {label_operation(operation): operation for operation in OPERATIONS}
    return [by_name[name] for name in names]


def label_operation(operation: Described) -> str:
    return f"{operation.api}.{operation.value['operationId']}"


def success_of(operation: Described) -> int:
    """The first documented status of success."""
    return min(int(status) for status in operation.value["responses"] if status.startswith("2"))


def printed_program(operation: Described, site: Path, language: str) -> str:
    """The bytes of the tab of that language."""
    return operation.page(site).blocks[TABS.index(language)]


def program_of_values(name: str, body: Mapping[str, Any]) -> dict[str, str]:
    """The programs of an operation by language, with another body than that of its page."""
    api = read_apis()[name.partition(".")[0]]
    operation = next(operation for operation in api.operations if f"{api.name}.{operation.id}" == name)
    example = sample(api, operation)
    values = Sample(path=example.path, query=example.query, body=body)
    return {label: block.text for label, block in programs(api, operation, values)}
