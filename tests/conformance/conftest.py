"""The command of the suite, and models of two descriptions to point it at."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.ir import Api
from generator.load import load
from generator.lower import lower
from tests.conformance.servers.model_server import Model
from tests.programs import PROGRAMS, Ended
from tests.shared import generate, make_environment, share_folder

ROOT = Path(__file__).parent.parent.parent
USERS = {"planted-token-1": "planted-secret-1", "planted-token-2": "planted-secret-2"}
ENVIRONMENT = {
    "PROCWISE_TOKEN": "planted-token-1",
    "PROCWISE_SECRET_KEY": "planted-secret-1",
    "SECOND_TOKEN": "planted-token-2",
    "SECOND_SECRET": "planted-secret-2",
}


@dataclass(frozen=True)
class Outcome:
    """What a run of the command left behind."""

    code: int
    output: str
    errors: str
    folder: Path

    @property
    def report(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.folder / "report.json").read_text("utf-8"))
        return read

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [result for result in self.report["results"] if result["status"] == "failed"]

    def broken_ids(self, level: str = "MUST") -> set[str]:
        """The ids of what is broken."""
        return {finding["id"] for finding in self.findings if finding["level"] == level}


Command = Callable[..., Outcome]


def command(packages: Path, tmp_path: Path) -> Command:
    """The command from these generated packages."""

    def run(url: str, *options: str, environment: dict[str, str] | None = None, report: bool = True) -> Outcome:
        variables = ENVIRONMENT if environment is None else environment
        folder = tmp_path / f"report-{len(list(tmp_path.iterdir()))}"
        report_options = ("--report", str(folder)) if report else ()
        ended = PROGRAMS.run(
            "procwise_conformance",
            url,
            *report_options,
            *options,
            environment=make_environment(packages, **variables),
            cwd=tmp_path,
        )
        return Outcome(ended.code, ended.out, ended.err, folder)

    return run


def run_pytest(packages: Path, folder: Path, *arguments: str) -> Ended:
    """A session of pytest that runs the suite of these packages, in a process that has imported it."""
    suite = ("-p", "procwise_conformance.plugin", "--pyargs", "procwise_conformance")
    return PROGRAMS.run(
        "pytest",
        *suite,
        *("-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder)),
        *arguments,
        environment=make_environment(packages, **ENVIRONMENT),
        cwd=folder,
        imports="procwise_conformance",
    )


@pytest.fixture(scope="session")
def exam_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages of both versions, cut to what the model serves: exams, their zip files and their students."""
    return share_folder(tmp_path_factory, "exams", lambda folder: _generate_part(folder, _is_modelled)) / "generated"


@pytest.fixture(scope="session")
def document_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, with the documents of exams."""
    is_document = re.compile(r"/exams/{exam_id}/documents(/{id})?").fullmatch

    def is_served(path: str) -> bool:
        return _is_modelled(path) or bool(is_document(path))

    return share_folder(tmp_path_factory, "documents", lambda folder: _generate_part(folder, is_served)) / "generated"


def _generate_part(folder: Path, is_modelled: Callable[[str], bool]) -> None:
    for api in ("v1", "v3"):
        document = json.loads((ROOT / f"generated/openapi/{api}.json").read_text("utf-8"))
        del document["x-generated"]
        document["paths"] = {path: item for path, item in document["paths"].items() if is_modelled(path)}
        (folder / "spec" / api).mkdir(parents=True)
        (folder / "spec" / api / "openapi.json").write_text(json.dumps(document), "utf-8")
    generate(folder / "spec", folder, "client", "conformance")


def _is_modelled(path: str) -> bool:
    last = path.rpartition("/")[2]
    return (
        path.count("{") <= 1
        and (last in ("exams", "{id}", "student_sessions") or last.endswith("_zip"))
        and (path.startswith(("/exams", "/student_sessions")))
    )


@pytest.fixture
def conformance(exam_packages: Path, tmp_path: Path) -> Command:
    """The command of both versions, cut to what the model serves."""
    return command(exam_packages, tmp_path)


@pytest.fixture(scope="session")
def shelf_packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages of another vendor's description, with another signing scheme."""

    def fill(folder: Path) -> None:
        (folder / "shelf").mkdir()
        shutil.copy(Path(__file__).parent / "servers" / "shelf.yaml", folder / "shelf" / "openapi.yaml")
        generate(folder / "shelf", folder, "client", "conformance")

    return share_folder(tmp_path_factory, "shelf", fill) / "generated"


@pytest.fixture
def shelf_conformance(shelf_packages: Path, tmp_path: Path) -> Command:
    return command(shelf_packages, tmp_path)


@pytest.fixture(scope="session")
def apis(shelf_packages: Path, exam_packages: Path) -> dict[str, Api]:
    """All descriptions by name."""
    return load_apis(exam_packages.parent / "spec") | load_apis(shelf_packages.parent / "shelf")


def load_apis(spec: Path) -> dict[str, Api]:
    return {api.name: api for api in lower(load([spec])).apis}


@pytest.fixture
def model(apis: dict[str, Api]) -> Callable[..., Model]:
    """An honest model of a description, or one with bugs."""

    def make(name: str, *bugs: str) -> Model:
        return Model(apis[name], USERS, frozenset(bugs))

    return make
