"""The programs on the pages of all operations run as they are printed, on the demo data of the sandbox."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from generator.layers.docs.calls import program
from generator.layers.docs.programs import programs
from generator.layers.docs.samples import sample
from procwise import Client
from tests.counts import ALL
from tests.docs.program_runs import (
    NAME,
    OPERATIONS,
    TABS,
    Runner,
    find_operations,
    label_operation,
    printed_program,
    program_of_values,
    start_runner,
    success_of,
)
from tests.docs.test_reference import Described
from tests.spec import read_apis, read_project

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "curl": ("bash", "-eo", "pipefail"),
    "Python": (sys.executable, "-"),
    "JavaScript": ("node", "--input-type=module", "-"),
    "PHP": ("php",),
    "Ruby": ("ruby",),
}
PROGRAMS = {"curl": "curl", "JavaScript": "node", "PHP": "php", "Ruby": "ruby"}
OF_EACH_KIND = find_operations(  # a list with conditions, JSON, an upload, a download, a list on DELETE, a superuser
    *("v3.listExams", "v3.createExam", "v3.createAttachment", "v3.downloadExamDocumentsZip"),
    *("v1.removeFromProctorPool", "v3.destroyInstitute"),
)


RUN_AS_PRINTED = [
    pytest.param(language, marks=pytest.mark.needs(PROGRAMS[language]) if language in PROGRAMS else ())
    for language in COMMANDS
]
ALL_OF_THE_CLIENT = [  # all but one of each kind are slow
    pytest.param(operation, id=label_operation(operation), marks=() if operation in OF_EACH_KIND else pytest.mark.slow)
    for operation in OPERATIONS
]


REASON = "signature_invalid"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with start_runner(tmp_path_factory.mktemp("files")) as runner:
        yield runner


@pytest.mark.parametrize("operation", ALL_OF_THE_CLIENT)
def test_the_client_runs_every_operation(
    operation: Described, site: Path, runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in runner.environment(operation.value.get("x-role")).items():
        monkeypatch.setenv(name, value)
    runner.reset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        exec(compile(printed_program(operation, site, "Python client"), "example", "exec"), {})
    assert {*runner.verdicts(operation)} == {(success_of(operation), "ok")}


def describe_failures(
    runner: Runner, operations: list[Described], site: Path, language: str, folder: Path
) -> list[str]:
    return [
        failure
        for operation in operations
        if (
            failure := runner.describe_failure(
                operation, COMMANDS[language], folder, printed_program(operation, site, language)
            )
        )
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["curl"])  # all run in `test_every_program_runs`
def test_programs_of_each_kind_run(language: str, site: Path, runner: Runner, tmp_path: Path) -> None:
    assert describe_failures(runner, OF_EACH_KIND, site, language, tmp_path) == []
    assert (tmp_path / "result.zip").read_bytes()[:2] == b"PK"


@pytest.mark.slow
@pytest.mark.parametrize("language", RUN_AS_PRINTED)
def test_every_program_runs(language: str, site: Path, runner: Runner, tmp_path: Path) -> None:
    assert len(OPERATIONS) == ALL
    assert describe_failures(runner, OPERATIONS, site, language, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", RUN_AS_PRINTED)
def test_no_character_of_a_value_is_lost(
    language: str, runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"name": NAME, "type": "record_review", "upload_answers": False}
    done = runner.run(COMMANDS[language], None, tmp_path, program_of_values("v3.createExam", body)[language])
    assert (done.returncode, done.stderr) == (0, "")
    for name, value in runner.environment(None).items():
        monkeypatch.setenv(name, value)
    with Client() as client:
        assert NAME in [exam.name for exam in client.exams.list()]


@pytest.mark.slow
@pytest.mark.parametrize("language", RUN_AS_PRINTED)
def test_a_list_of_texts_is_signed(language: str, runner: Runner, tmp_path: Path) -> None:
    program = program_of_values("v1.addToProctorPool", {"proctor_pool": ("é & <b>", "x, y", True)})[language]
    runner.run(COMMANDS[language], None, tmp_path, program)
    assert runner.verdicts(*find_operations("v1.addToProctorPool")) == [(422, "ok")]


@pytest.mark.slow
def test_a_program_says_what_it_needs(site: Path) -> None:
    for operation in OPERATIONS:
        for language in TABS[1:]:
            head = printed_program(operation, site, language).split("\n\n")[0]
            assert all(f"PROCWISE_{name}" in head for name in ("BASE_URL", "TOKEN", "SECRET_KEY")), language
            assert "Needs " in head, language
            assert ("of a superuser" in head) == (operation.value.get("x-role") == "superuser")


def test_values_that_languages_write_differently_have_no_program() -> None:
    api = read_apis()["v3"]
    operation = next(operation for operation in api.operations if operation.id == "createExam")
    for value in (None, 1.5, {"a": 1}, ('"',), ((1,),), "two\nlines", 2**53):
        assert not [*programs(api, operation, replace(sample(api, operation), body={"name": value}))], value
    assert not [*programs(replace(api, signing=None), operation, sample(api, operation))]


@pytest.mark.parametrize("language", RUN_AS_PRINTED)
@pytest.mark.parametrize(
    "operation", find_operations("v3.createExam", "v3.downloadExamDocumentsZip"), ids=label_operation
)
def test_a_program_that_is_refused_shows_why(
    operation: Described, language: str, runner: Runner, site: Path, tmp_path: Path
) -> None:
    program = printed_program(operation, site, language).replace("PROCWISE_SECRET_KEY", "PROCWISE_TOKEN")
    done = runner.run(COMMANDS[language], None, tmp_path, program)
    assert REASON in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "result.zip").exists()


def test_the_call_of_the_client_says_what_it_needs(site: Path) -> None:
    for operation in OPERATIONS:
        role = operation.value.get("x-role")
        needs = printed_program(operation, site, "Python client").partition("\nfrom ")[0]
        assert needs.startswith("# Needs the package procwise"), label_operation(operation)
        assert needs.endswith(f"PROCWISE_SECRET_KEY{f' of a {role}' if role else ''}."), label_operation(operation)


def test_a_role_stays_in_its_comment() -> None:
    """A line break would end it, as `?>` does in PHP, U+2028 in JavaScript and an escape in Java."""
    project = read_project()
    api = project.current
    operation = next(one for one in api.operations if one.id == "destroyInstitute")
    values = sample(api, operation)
    hostile = "boss\nrm -rf /\u2028alert(1)\r\x0b?><b> \\u000a exit() */"
    wrong, right = (replace(operation, role=role) for role in (hostile, "boss rm -rf alert 1 b u000a exit"))
    assert [*programs(api, wrong, values)] == [*programs(api, right, values)]
    assert program(project, api, wrong, values) == program(project, api, right, values)
