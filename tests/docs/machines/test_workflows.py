"""The Arazzo workflows: Redocly finds no fault in them, and each runs to its end against the sandbox."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from procwise_sandbox import Running, running
from tests.docs.machines.workflow_runs import Run
from tests.sandbox.sandbox_calls import Caller, send
from tests.spec import SPEC

ROOT = SPEC.parent
WORKFLOWS = ROOT / "docs/reference/workflows"
ARAZZO: Mapping[str, dict[str, Any]] = {
    path.name.partition(".")[0]: yaml.safe_load(path.read_text("utf-8")) for path in sorted(WORKFLOWS.iterdir())
}
RUNS = [(version, workflow["workflowId"]) for version, document in ARAZZO.items() for workflow in document["workflows"]]


def operations_of(version: str) -> dict[str, tuple[str, str]]:
    """The method and path of each operation of a description."""
    document = json.loads((ROOT / f"generated/openapi/{version}.json").read_text("utf-8"))
    return {
        operation["operationId"]: (method.upper(), path)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }


@pytest.fixture(scope="module")
def shared_sandbox() -> Iterator[Running]:
    with running(job_seconds=0.01, admin=True) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Running) -> Running:
    """The sandbox as it started."""
    key = {"Authorization": f"Bearer {shared_sandbox.admin_key}"}
    assert send(shared_sandbox.base_url, "POST", "/admin/reset", key, b"").status == 200
    return shared_sandbox


@pytest.mark.parametrize(("version", "name"), RUNS, ids=[f"{version}-{name}" for version, name in RUNS])
def test_every_workflow_runs_to_its_end(version: str, name: str, sandbox: Running) -> None:
    workflow = next(one for one in ARAZZO[version]["workflows"] if one["workflowId"] == name)
    user = sandbox.superuser
    caller = Caller(sandbox.base_url, user.token, user.secret_key, version)
    exams = caller.call("GET", "/exams").json["exams"]
    run = Run(operations_of(version), caller, {"exam_id": exams[0]["id"], "institute_id": 1})
    assert all(run.run(workflow).values())
    assert len(run.outputs) == len(workflow["steps"])


def test_the_workflows_are_those_of_the_description() -> None:
    by_name = {
        version: {one["workflowId"]: [step["operationId"] for step in one["steps"]] for one in document["workflows"]}
        for version, document in ARAZZO.items()
    }
    for version, found in by_name.items():
        assert (
            found["orderOfWork"] == yaml.safe_load((SPEC / version / "openapi.yaml").read_text("utf-8"))["x-workflow"]
        )
    v3 = by_name["v3"]
    assert v3["create_student_sessions"] == ["createExam", "createStudentSession", "showStudentSession"]
    zipped = ["generateExamDocumentsZip", "showExamDocumentsZipStatus", "downloadExamDocumentsZip"]
    assert v3["job_generateExamDocumentsZip"] == zipped
    assert [*by_name["v1"]] == ["orderOfWork", "create_exams", "create_student_sessions"]


@pytest.mark.slow
@pytest.mark.needs("npm")
def test_redocly_finds_no_fault(tmp_path: Path) -> None:
    subprocess.run(["make", "--silent", "node_modules/.ready"], cwd=ROOT, check=True, capture_output=True)
    shutil.copytree(WORKFLOWS, tmp_path / "reference/workflows")
    shutil.copytree(ROOT / "generated/openapi", tmp_path / "descriptions")
    broken = yaml.safe_dump({**ARAZZO["v3"], "workflows": [{"workflowId": "no-steps"}]})
    (tmp_path / "reference/workflows/broken.yaml").write_text(broken, "utf-8")
    found = {path.name: lint_with_redocly(path) for path in sorted((tmp_path / "reference/workflows").iterdir())}
    assert found.pop("broken.yaml") != []
    assert found == {"v1.arazzo.yaml": [], "v3.arazzo.yaml": []}


def lint_with_redocly(path: Path) -> list[str]:
    call = [str(ROOT / "node_modules/.bin/redocly"), "lint", "--extends=recommended-strict", "--format=json", str(path)]
    done = subprocess.run(call, capture_output=True, text=True, check=False, cwd=path.parent)
    problems = json.loads(done.stdout[done.stdout.index("{") :])["problems"]
    assert done.returncode == bool(problems), done.stderr
    return [problem["message"] for problem in problems]
