"""The programs in Go, Java and C#: all compile as they are printed, and one of each kind runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from procwise import Client
from tests.counts import ALL
from tests.docs.program_runs import (
    NAME,
    OPERATIONS,
    Runner,
    find_operations,
    label_operation,
    printed_program,
    program_of_values,
    start_runner,
)

pytestmark = pytest.mark.slow
LONGEST = 1200.0  # seconds; Go compiles its own library first
# a list with conditions, an id in the path, JSON, two forms, a download, DELETE, v1 with a list, a superuser, a name
# with letters beyond ASCII
OF_EACH_KIND = find_operations(
    *("v3.listExams", "v3.showExam", "v3.createExam", "v3.updateDocument", "v3.createAttachment"),
    *("v3.downloadExamDocumentsZip", "v3.destroyExam", "v1.addToProctorPool", "v3.createInstitute", "v3.createUser"),
)
COMPILER_OF_JAVA = Path(__file__).parent / "CompileEach.java"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A language whose programs lie in a folder each: the file's name, its compiler, the command in the folder."""

    file: str
    compile_folders: Callable[[Path, Sequence[str]], None]
    command: Callable[[Path], Sequence[str]]


def compile_or_fail(folder: Path, *call: str) -> str:
    """What a compiler prints; it has to be content."""
    environment = {"HOME": str(Path.home()), **os.environ}
    done = subprocess.run(
        call, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def compile_go(root: Path, folders: Sequence[str]) -> None:
    """The checks of the compiler for all, links for those that run; and they are formatted as Go is."""
    (root / "go.mod").write_text("module programs\n\ngo 1.18\n", encoding="utf-8")
    compile_or_fail(root, "go", "vet", *(f"./{folder}" for folder in folders))
    kinds = [f"./{folder}" for folder in folders if folder in {*map(label_operation, OF_EACH_KIND), "values", "lists"}]
    compile_or_fail(root, "go", "build", "-o", f"{root}/bin/", *kinds)
    for folder in folders:
        source = root / folder / "main.go"
        formatted = compile_or_fail(root, "gofmt", str(source))
        assert formatted.expandtabs(4) == source.read_text(encoding="utf-8").expandtabs(4)  # a page has no tabs


def compile_java(root: Path, folders: Sequence[str]) -> None:
    compile_or_fail(root, "java", str(COMPILER_OF_JAVA), *folders)


def compile_csharp(root: Path, folders: Sequence[str]) -> None:
    for folder in folders:
        compile_or_fail(root / folder, "mcs", "-warnaserror", "-r:System.Net.Http", "Program.cs")


LANGUAGES = {
    "Go": Compiled("main.go", compile_go, lambda folder: (f"{folder.parent}/bin/{folder.name}",)),
    "Java": Compiled("Main.java", compile_java, lambda folder: ("java", "-cp", str(folder), "Main")),
    "C#": Compiled("Program.cs", compile_csharp, lambda folder: ("mono", f"{folder}/Program.exe")),
}
COMPILERS = {"Go": "go", "Java": "javac", "C#": "mcs"}


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.needs(COMPILERS[name])) for name in LANGUAGES]
)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(language: str, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one for each operation, and in it the program as its page has it; all compiled."""
    root = tmp_path_factory.mktemp(language.replace("#", "Sharp"))
    sources = {label_operation(operation): printed_program(operation, site, language) for operation in OPERATIONS}
    sources["values"] = program_of_values("v3.createExam", {"name": NAME, "type": "demo", "upload_answers": False})[
        language
    ]
    sources["lists"] = program_of_values("v1.addToProctorPool", {"proctor_pool": ("é & <b>", "x, y", True)})[language]
    for name, source in sources.items():
        (root / name).mkdir()
        (root / name / LANGUAGES[language].file).write_bytes(source.encode())
    LANGUAGES[language].compile_folders(root, [*sources])
    return root


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with start_runner(tmp_path_factory.mktemp("files")) as runner:
        yield runner


def test_all_compile_and_one_of_each_kind_runs(language: str, folder: Path, runner: Runner, tmp_path: Path) -> None:
    assert (len(OPERATIONS), len(OF_EACH_KIND)) == (ALL, 10)
    command = LANGUAGES[language].command
    failures = [
        runner.describe_failure(operation, command(folder / label_operation(operation)), tmp_path)
        for operation in OF_EACH_KIND
    ]
    assert not [failure for failure in failures if failure]
    assert (tmp_path / "result.zip").read_bytes()[:2] == b"PK"


def test_no_character_of_a_value_is_lost(
    language: str, folder: Path, runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = runner.run(LANGUAGES[language].command(folder / "values"), None, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for name, value in runner.environment(None).items():
        monkeypatch.setenv(name, value)
    with Client() as client:
        assert NAME in [exam.name for exam in client.exams.list()]


def test_a_list_of_texts_is_signed(language: str, folder: Path, runner: Runner, tmp_path: Path) -> None:
    runner.run(LANGUAGES[language].command(folder / "lists"), None, tmp_path)
    assert runner.verdicts(*find_operations("v1.addToProctorPool")) == [(422, "ok")]
