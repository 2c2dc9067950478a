"""The programs on the pages of all operations run as they are printed, on the demo data of the sandbox."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from generator.layers.docs.programs import programs
from generator.layers.docs.samples import sample
from procwise import Client
from procwise_sandbox import Running, running
from tests.docs.test_reference import Described, read_operations
from tests.spec import read_apis, read_documents

OPERATIONS = read_operations(read_documents())
COMMANDS: Mapping[str, tuple[str, ...]] = {  # in the order of the tabs, after the client
    "curl": ("bash", "-eo", "pipefail"),
    "Python": (sys.executable, "-"),
    "JavaScript": ("node", "--input-type=module", "-"),
    "PHP": ("php",),
    "Ruby": ("ruby",),
}
KINDS = {  # a list with conditions, JSON, an upload, a download, JSON and a list on DELETE, a superuser
    *(("v3", "listExams"), ("v3", "createExam"), ("v3", "createAttachment"), ("v3", "downloadExamDocumentsZip")),
    *(("v1", "removeFromProctorPool"), ("v3", "destroyInstitute")),
}
OF_EACH_KIND = [operation for operation in OPERATIONS if (operation.api, operation.value["operationId"]) in KINDS]
NAME = "Prüfung 東京 🎓 & \"x\" 'y' $HOME `z` \\n #{1} ${2} %41+?=é \\\\ \\"


class Log(logging.Handler):
    """What the sandbox logs of its requests."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.facts += [record.facts] if hasattr(record, "facts") else []


class Runner:
    """Runs programs, each from the demo data, and tells what the sandbox logged of an operation."""

    def __init__(self, sandbox: Running, log: Log) -> None:
        self._sandbox = sandbox
        self._log = log

    def environment(self, role: str | None) -> dict[str, str]:
        caller = self._sandbox.superuser if role == "superuser" else self._sandbox.demo
        names = {"BASE_URL": self._sandbox.base_url, "TOKEN": caller.token, "SECRET_KEY": caller.secret_key}
        return {**os.environ, **{f"PROCWISE_{name}": value for name, value in names.items()}}

    def reset(self) -> None:
        headers = {"Authorization": f"Bearer {self._sandbox.admin_key}"}
        urlopen(Request(f"{self._sandbox.base_url}/admin/reset", b"", headers)).close()
        self._log.facts.clear()

    def statuses(self, operation: Described) -> list[tuple[int, str]]:
        """The statuses and verdicts of this operation's requests since the last reset."""
        name = f"{operation.api} {operation.value['operationId']}"
        return [(facts["status"], facts["verdict"]) for facts in self._log.facts if facts["operation"] == name]

    def run(self, language: str, program: str, role: str | None, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            COMMANDS[language],
            input=program,
            env=self.environment(role),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    log, logger = Log(), logging.getLogger("procwise_sandbox")
    level = logger.level
    logger.addHandler(log)
    logger.setLevel(logging.INFO)
    with running(files=tmp_path_factory.mktemp("files"), job_seconds=0.01, admin=True) as sandbox:
        yield Runner(sandbox, log)
    logger.removeHandler(log)
    logger.setLevel(level)


def success_of(operation: Described) -> int:
    """The first documented status of success."""
    return min(int(status) for status in operation.value["responses"] if status.startswith("2"))


def printed_program(operation: Described, site: Path, language: str) -> str:
    """The bytes of the tab of that language."""
    return operation.page(site).blocks[1 + [*COMMANDS].index(language)]


def describe_failure(runner: Runner, operation: Described, site: Path, language: str, folder: Path) -> str:
    """Why the printed program of a language does not do what it says; empty if it does."""
    runner.reset()
    done = runner.run(language, printed_program(operation, site, language), operation.value.get("x-role"), folder)
    wrong = done.returncode or done.stderr or runner.statuses(operation) != [(success_of(operation), "ok")]
    return f"{operation.api} {operation.value['operationId']}: {done.stdout}{done.stderr}" if wrong else ""


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.api}.{o.value['operationId']}")
def test_the_client_runs_every_operation(
    operation: Described, site: Path, runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in runner.environment(operation.value.get("x-role")).items():
        monkeypatch.setenv(name, value)
    runner.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        exec(compile(operation.page(site).blocks[0], "example", "exec"), {})
    assert {*runner.statuses(operation)} == {(success_of(operation), "ok")}


@pytest.mark.parametrize("language", COMMANDS)
def test_programs_of_each_kind_run(language: str, site: Path, runner: Runner, tmp_path: Path) -> None:
    assert len(OF_EACH_KIND) == len(KINDS)
    failures = [describe_failure(runner, operation, site, language, tmp_path) for operation in OF_EACH_KIND]
    assert not [failure for failure in failures if failure]
    assert (tmp_path / "result.zip").read_bytes()[:2] == b"PK"


@pytest.mark.slow
@pytest.mark.parametrize("language", COMMANDS)
def test_every_program_runs(language: str, site: Path, runner: Runner, tmp_path: Path) -> None:
    failures = [describe_failure(runner, operation, site, language, tmp_path) for operation in OPERATIONS]
    assert not [failure for failure in failures if failure]
    assert len(failures) == 85


@pytest.mark.parametrize("language", COMMANDS)
def test_no_character_of_a_value_is_lost(
    language: str, runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = read_apis()["v3"]
    operation = next(operation for operation in api.operations if operation.id == "createExam")
    values = replace(sample(api, operation), body={"name": NAME, "type": "record_review", "upload_answers": False})
    runner.reset()
    done = runner.run(language, dict(programs(api, operation, values))[language].text, None, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for name, value in runner.environment(None).items():
        monkeypatch.setenv(name, value)
    with Client() as client:
        assert NAME in [exam.name for exam in client.exams.list()]


def test_a_superuser_is_named_where_one_is_needed(site: Path) -> None:
    for operation in OPERATIONS:
        for language in COMMANDS:
            named = "are those of a superuser" in printed_program(operation, site, language)
            assert named == (operation.value.get("x-role") == "superuser")


def test_values_that_languages_write_differently_have_no_program() -> None:
    api = read_apis()["v3"]
    operation = next(operation for operation in api.operations if operation.id == "createExam")
    for value in (None, 1.5, {"a": 1}, ('"',), ((1,),), "two\nlines"):
        assert not [*programs(api, operation, replace(sample(api, operation), body={"name": value}))], value
    assert not [*programs(replace(api, signing=None), operation, sample(api, operation))]
