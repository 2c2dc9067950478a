"""The programs that the workbench prints, run as they stand: each sends what was filled in, and is accepted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Running
from tests.docs.built_site import Serve
from tests.docs.program_runs import NAME, Runner, find_operations, label_operation, start_runner, success_of
from tests.docs.test_compiled_programs import LANGUAGES, compile_or_fail

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]
EXAM = {"name": NAME, "type": "record_review", "upload_answers": True}
REQUESTS = {  # a list with conditions, JSON, JSON beyond ASCII, a form with a file, DELETE
    "filter": ("v3.listExams", {}),
    "json": ("v3.createExam", {}),
    "letters": ("v3.createExam", {"body": json.dumps(EXAM, ensure_ascii=False, indent=2)}),
    "file": ("v3.createAttachment", {}),
    "delete": ("v3.destroyExam", {}),
}
COMMANDS = {
    "curl": ("bash", "-eo", "pipefail"),
    "Python": (sys.executable, "-"),
    "JavaScript": ("node", "--input-type=module", "-"),
    "PHP": ("php",),
    "Ruby": ("ruby",),
}
PROGRAMS = {
    "curl": "curl",
    "JavaScript": "node",
    "PHP": "php",
    "Ruby": "ruby",
    "Go": "go",
    "Java": "javac",
    "C#": "mcs",
}
ALL = [
    pytest.param(language, marks=pytest.mark.needs(PROGRAMS[language]) if language in PROGRAMS else ())
    for language in (*COMMANDS, *LANGUAGES)
]


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with start_runner(tmp_path_factory.mktemp("files")) as runner:
        yield runner


@pytest.fixture(scope="module")
def bench(browser: Any, serve: Serve, site: Path, runner: Runner) -> Iterator[Any]:
    """The workbench with the credentials of the demo user."""
    tab = browser.new_page()
    tab.goto(f"{serve(site)}reference/workbench/")
    tab.wait_for_selector(".op-canonical li")
    tab.select_option("[name=operation]", "v3/exams/list")  # another version asks for other credentials
    fill_credentials(tab, runner.sandbox)
    yield tab
    tab.close()


def fill_credentials(tab: Any, sandbox: Running) -> None:
    user = sandbox.demo
    given = {"secret-key": user.secret_key, "token": user.token, "address": f"{sandbox.base_url}/api/v3"}
    for name, value in given.items():
        tab.fill(f"[name={name}]", value)


def print_program(tab: Any, page: str, fields: dict[str, str], language: str) -> str:
    """The program of a request that is filled in, with a timestamp and a nonce of its own."""
    tab.select_option("[name=operation]", page)
    tab.select_option("[name=language]", language)
    for name, value in fields.items():
        tab.fill(f"[name={name}]", value)
    before = tab.text_content(".op-signature")
    tab.click("text=New timestamp and nonce")
    tab.wait_for_function("text => document.querySelector('.op-signature').textContent !== text", arg=before)
    program = str(tab.text_content(".op-program"))
    assert tab.text_content(".op-signature") in program
    return program


def command_of(language: str, program: str, folder: Path) -> tuple[str, ...]:
    """What runs the program: it reads it from its input, or the program is compiled first."""
    if language in COMMANDS:
        return COMMANDS[language]
    source = folder / LANGUAGES[language].file
    source.write_text(program, encoding="utf-8")
    if language == "Go":
        compile_or_fail(folder, "go", "build", "-o", "program", source.name)
        return (str(folder / "program"),)
    if language == "Java":
        return ("java", str(source))
    compile_or_fail(folder, "mcs", "-warnaserror", "-r:System.Net.Http", source.name)
    return ("mono", str(folder / "Program.exe"))


@pytest.mark.parametrize("language", ALL)
def test_a_printed_program_sends_what_was_filled_in(language: str, bench: Any, runner: Runner, tmp_path: Path) -> None:
    failures = []
    for name, (label, fields) in REQUESTS.items():
        (operation,) = find_operations(label)
        page = f"v3/{operation.value['x-client']['resource']}/{operation.value['x-client']['method']}"
        program = print_program(bench, page, fields, language)
        (tmp_path / name).mkdir()
        done = runner.run(command_of(language, program, tmp_path / name), None, tmp_path / name, program)
        if done.returncode or runner.verdicts(operation) != [(success_of(operation), "ok")]:
            failures.append((name, label_operation(operation), done.stdout, done.stderr, program))
    assert failures == []


def test_letters_beyond_ascii_arrive(bench: Any, runner: Runner, tmp_path: Path) -> None:
    program = print_program(bench, "v3/exams/create", REQUESTS["letters"][1], "Python")
    done = runner.run(COMMANDS["Python"], None, tmp_path, program)
    assert json.loads(done.stdout)["exam"]["name"] == NAME


def test_a_form_is_sent_with_its_file(bench: Any, runner: Runner, tmp_path: Path) -> None:
    program = print_program(bench, "v3/attachments/create", {}, "curl")
    assert "Content-Disposition: form-data" in program
    done = runner.run(COMMANDS["curl"], None, tmp_path, program)
    assert json.loads(done.stdout)["attachment"]["document_file_size"] == len("The apparatus has three flasks.")
    bench.fill("[name=pasted]", program)
    bench.click("text=Find the mistake")
    bench.wait_for_function("document.querySelector('.op-verdict').textContent.includes('The signature fits')")
