"""Operations may be added, renamed and removed: everything starts, without a change of code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs import mark_slow
from tests.sandbox.sandbox_calls import Caller
from tests.sandbox.storms import Command, command
from tests.shared import generate, make_environment

pytestmark = pytest.mark.slow


ERRORS = "".join(
    f'        "{status}": {{$ref: "../common/errors.yaml#/responses/{name}"}}\n'
    for status, name in ((401, "Unauthorized"), (403, "Forbidden"), (404, "NotFound"))
)
ADDED = """  /exams/{{id}}/{path}:
    {method}:
      operationId: {operation}
      summary: Something new
      description: Does something new with an exam.
      tags: [Exams]
      x-client: {{resource: exams, method: {name}}}
      x-source: {{pages: [made up], confidence: inferred}}
      x-retry: {{policy: safe}}
      parameters:
        - {{$ref: "exams.yaml#/parameters/ExamId"}}
      responses:
        "200":
          description: Done.
          x-source: {{pages: [made up], confidence: inferred}}
          content:
            application/json:
              schema: {schema}
"""
PAPER = (
    "{type: object, required: [creases, paper], properties: {creases: {type: integer}, paper: {enum: [rice, crepe]}}}"
)
CLIENT = """
import json, sys
from procwise import Client
started = json.loads(sys.stdin.read())
with Client(base_url=started["base_url"], token=started["token"], secret_key=started["secret_key"]) as client:
    client.exams.fold(1)
    client.exams.use_mobile_cam(1)
    print(client.exams.show(1).mobile_cam, hasattr(client.exams, "add_comanager"))
"""


def operation_text(path: str, method: str, operation: str, name: str, schema: str = "{type: object}") -> str:
    return ADDED.format(path=path, method=method, operation=operation, name=name, schema=schema) + ERRORS


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, str]:
    """The packages of a description with three new operations, a renamed and a removed one."""
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(root / "spec", folder / "spec")
    index = folder / "spec/v3/openapi.yaml"
    text, removed = re.subn(r"  /exams/\{id\}/add_comanager: .*\n", "", index.read_text())
    new = operation_text("fold", "post", "foldExam", "fold", PAPER) + operation_text(
        "mobile_cam", "put", "useMobileCam", "use_mobile_cam"
    )
    text, placed = re.subn(r"(?=  /exams/\{id\}/remove_comanager: )", new.replace("\\", r"\\"), text)
    index.write_text(text)
    actions = folder / "spec/v3/student_session_actions.yaml"
    text, renamed = re.subn("operationId: unassignProctor", "operationId: withdrawProctor", actions.read_text())
    actions.write_text(text)
    assert (removed, placed, renamed) == (1, 1, 1)
    return make_environment(generate(folder / "spec", folder))


@pytest.fixture(scope="module")
def sandbox(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    with command(tmp_path_factory.mktemp("started"), "--self-check", environment=environment) as started:
        yield started


@pytest.fixture
def demo(sandbox: Command) -> Caller:
    return sandbox.demo


def test_an_operation_without_behaviour_sends_what_its_schema_allows_and_says_so(
    demo: Caller, sandbox: Command
) -> None:
    reply = demo.call("POST", "/exams/{id}/fold", id=1)
    assert (reply.status, reply.json) == (200, {"creases": 0, "paper": "rice"})
    assert reply.headers["sandbox-response"] == "example"
    assert demo.call("POST", "/exams/{id}/fold", id=10**9).status == 404
    sandbox.until_logged("no behaviour, so the example is sent (2): v3 POST /exams/{id}/fold (foldExam); ")
    sandbox.until_logged("POST /exams/{id}/fold has no behaviour in the sandbox: its example is sent")


def test_a_flag_is_set_as_its_path_says(demo: Caller) -> None:
    assert demo.call("GET", "/exams/{id}", id=2).json["exam"]["mobile_cam"] is False
    reply = demo.call("PUT", "/exams/{id}/mobile_cam", id=2)
    assert (reply.status, reply.json, "sandbox-response" in reply.headers) == (200, {}, False)
    assert demo.call("GET", "/exams/{id}", id=2).json["exam"]["mobile_cam"] is True


def test_a_renamed_operation_sends_its_example_and_a_removed_one_is_gone(demo: Caller) -> None:
    session = demo.call("GET", "/exams/{exam_id}/student_sessions", exam_id=1).json["students"][0]["id"]
    renamed = demo.call("DELETE", "/student_sessions/{id}/assigned_proctor", id=session)
    assert (renamed.status, renamed.headers["sandbox-response"]) == (200, "example")
    assert demo.call("PUT", "/exams/{id}/add_comanager", {"comanager_id": 1}, id=1).status == 404


def test_the_command_lists_what_has_no_behaviour(environment: dict[str, str]) -> None:
    call = [sys.executable, "-m", "procwise_sandbox", "--examples"]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "v3 POST /exams/{id}/fold (foldExam)",
        "v3 DELETE /student_sessions/{id}/assigned_proctor (withdrawProctor)",
    ]


def test_the_client_has_the_new_operations(environment: dict[str, str], sandbox: Command) -> None:
    call = [sys.executable, "-c", CLIENT]
    stdin = json.dumps(sandbox.info)
    done = subprocess.run(call, env=environment, input=stdin, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "True False"), done.stderr


@pytest.mark.parametrize("operations", ["foldExam", mark_slow("foldExam,useMobileCam,withdrawProctor")])
def test_the_suite_finds_nothing_against_it(
    environment: dict[str, str], sandbox: Command, tmp_path: Path, operations: str
) -> None:
    call = [
        sys.executable,
        "-m",
        "procwise_conformance",
        sandbox.info["base_url"],
        "--api",
        "v3",
        "--max-examples",
        "2",
    ]
    call += ["--operations", operations, "--token-env", "T", "--secret-env", "S"]
    call += ["--report", str(tmp_path / "report")]
    known = {**environment, "T": sandbox.info["token"], "S": sandbox.info["secret_key"]}
    done = subprocess.run(call, env=known, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-2000:])
