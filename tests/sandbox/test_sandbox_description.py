"""What is answered is what the description says; what it describes has behaviour."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest

from procwise_sandbox.behaviours import handlers
from procwise_sandbox.description import DESCRIPTION
from procwise_sandbox.refusals import SandboxError
from procwise_sandbox.sandbox import Options, build
from tests.sandbox.sandbox_calls import Caller, Reply

OPERATIONS = [(api, operation) for api in DESCRIPTION.apis for operation in api.operations]
STUDENT = {"name": "Ada", "email": "ada@student.example"}


def conforms(api: str, operation: str, reply: Reply) -> None:
    """The status is described, and the answer is as its schema says."""
    schemas = json.loads(files("procwise_sandbox").joinpath("schemas", f"{api}.json").read_text("utf-8"))
    answers = schemas["answers"][operation]
    assert str(reply.status) in answers, (operation, reply.status)
    schema = {"components": schemas["components"], "allOf": [answers[str(reply.status)]]}
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(reply.json)


def test_all_of_issue_a_is_served() -> None:
    served = {(api.name, operation.resource, operation.name) for api, operation in OPERATIONS}
    five = ("list", "show", "create", "update", "destroy")
    zips = ("generate_documents_zip", "documents_zip_status", "download_documents_zip")
    assert served >= {("v3", "exams", name) for name in (*five, "replace", *zips)}
    assert served >= {("v3", "student_sessions", name) for name in (*five, "replace", "list_for_exam")}
    assert served >= {("v1", "exams", name) for name in ("list", "show", "create", "destroy")}
    assert served >= {("v1", "student_sessions", name) for name in ("list", "create")}


@pytest.mark.parametrize("version", ["v1", "v3"])
def test_answers_are_as_described(version: str, demo: Caller, older: Caller) -> None:
    caller = demo if version == "v3" else older
    served = {operation.id: operation for api, operation in OPERATIONS if api.name == version}
    ids = _made(caller, version, served)
    for name, operation in sorted(served.items(), key=lambda item: item[1].kind == "destroy"):
        if operation.kind == "create" or operation.media_type != "application/json":
            continue
        placeholders = {
            key: ids[operation.resource if key == "id" else "exams"] for key in _placeholders(operation.path)
        }
        body = {"name": "changed"} if operation.has_body else None
        conforms(version, name, caller.call(operation.method, operation.path, body, **placeholders))
        conforms(version, name, replace(caller, token="x").call(operation.method, operation.path, body, **placeholders))
        conforms(
            version, name, replace(caller, secret_key="x").call(operation.method, operation.path, body, **placeholders)
        )
        if placeholders:
            missing: dict[str, Any] = dict.fromkeys(placeholders, 999_999)
            conforms(version, name, caller.call(operation.method, operation.path, body, **missing))
        if operation.has_body:
            conforms(version, name, caller.call(operation.method, operation.path, {"name": ""}, **placeholders))
        time.sleep(0.01)


def _made(caller: Caller, version: str, served: dict[str, Any]) -> dict[str, Any]:
    kind = "demo" if version == "v3" else "local_reviewing"
    exam = caller.call("POST", "/exams", {"name": "n", "type": kind})
    conforms(version, "createExam", exam)
    path = "/exams/{exam_id}/student_sessions"
    student = caller.call("POST", path, STUDENT, exam_id=exam.json["exam"]["id"])
    creates = [o.id for o in served.values() if o.resource == "student_sessions" and o.kind == "create"]
    assert student.status == (200 if creates else 404)
    if creates:
        conforms(version, creates[0], student)
        conforms(version, creates[0], caller.call("POST", path, STUDENT, exam_id=exam.json["exam"]["id"]))
    conforms(version, "createExam", caller.call("POST", "/exams", {}))
    found = student.json["student"]["id"] if creates else 0
    return {"exams": exam.json["exam"]["id"], "student_sessions": found}


def _placeholders(path: str) -> list[str]:
    return [segment[1:-1] for segment in path.split("/") if segment.startswith("{")]


def test_an_operation_without_behaviour_stops_the_start() -> None:
    api = DESCRIPTION.apis[-1]
    odd = replace(api.operations[0], method="POST", path="/exams/{id}/fold", name="fold", kind="", item="id")
    description = replace(DESCRIPTION, apis=(*DESCRIPTION.apis[:-1], replace(api, operations=(*api.operations, odd))))
    with pytest.raises(
        SandboxError, match=r"no behaviour for described operations: v3 POST /exams/\{id\}/fold \(exams.fold\)"
    ):
        build(description, Options())


def test_every_described_operation_has_a_behaviour() -> None:
    from procwise_sandbox.behaviours import behaviours

    found = handlers(DESCRIPTION, behaviours(DESCRIPTION, jobs=None))  # type: ignore[arg-type]  # none is run
    assert found.keys() == {(api.name, operation.id) for api, operation in OPERATIONS}
