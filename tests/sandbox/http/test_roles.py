"""The rule for roles, which the sandbox has of its own: everybody reads, and not everybody changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from procwise_sandbox.api import Operation
from procwise_sandbox.loading import load_description
from tests.sandbox.resources.test_student_sessions import NOTIFICATION, new_student
from tests.sandbox.resources.test_users import PATH, as_user, new_user, person
from tests.sandbox.sandbox_calls import Caller, NewExam, Reply, conforms

OPERATIONS = [(api.name, one) for api in load_description().apis for one in api.operations]
CHANGES = [(api, one) for api, one in OPERATIONS if one.method != "GET"]
NOBODY = 999_999
# the operations that change something, and are allowed
ALL = {one.id for _, one in CHANGES} - {"createInstitute", "destroyInstitute"}
STAFF = {"createUser", "updateUser", "replaceUser", "destroyUser", "updateInstitute", "replaceInstitute"}
ALLOWED = {
    "administrator": ALL,
    "teacher": ALL - STAFF,
    "proctor": {"endExam"},
    "global_proctor": {"endExam"},
    "reviewer": set(),
    "global_reviewer": set(),
    "auditor": set(),
}


@pytest.fixture(scope="module", params=ALLOWED)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def caller(demo: Caller, role: str) -> Caller:
    return as_user(demo, new_user(demo, role=role))


def call(caller: Caller, api: str, operation: Operation) -> Reply:
    """On objects that are not there, so that nothing is changed whoever may."""
    ids = {part[1:-1]: NOBODY for part in operation.path.split("/") if part.startswith("{")}
    return replace(caller, api=api).call(operation.method, operation.path, **ids)


def test_what_a_role_may_change(caller: Caller, role: str) -> None:
    result = {}
    for api, operation in CHANGES:
        reply = call(caller, api, operation)
        result[operation.id] = reply.status != 403
        if reply.status == 403:
            conforms(api, operation.id, reply)
            assert (reply.code, reply.json["error"]) == ("forbidden", "You are not authorized to access this page.")
    assert {name for name, may in result.items() if may} == ALLOWED[role]


def test_everybody_reads(caller: Caller) -> None:
    reads = [(api, one) for api, one in OPERATIONS if one.method == "GET" and one.id != "listInstitutes"]
    assert {call(caller, api, operation).status for api, operation in reads} <= {200, 404, 422}
    assert {caller.call("GET", path).status for path in ("/exams", "/student_sessions", "/tool_providers")} == {200}
    assert caller.call("GET", PATH, institute_id=1).json["users"]


def test_nothing_is_changed_without_the_right(demo: Caller, new_exam: NewExam) -> None:
    exam = new_exam(name="Kept")["id"]
    student = new_student(demo, exam)["id"]
    proctor, auditor, teacher = (as_user(demo, new_user(demo, role=r)) for r in ("proctor", "auditor", "teacher"))
    created: dict[str, Any] = new_user(demo)
    user = {"institute_id": 1, "id": created["id"]}
    for caller, method, path, body, ids in (
        (proctor, "PATCH", "/exams/{id}", {"name": "x"}, {"id": exam}),
        (auditor, "DELETE", "/exams/{id}", None, {"id": exam}),
        (auditor, "POST", "/student_sessions/{id}/end_exam", NOTIFICATION, {"id": student}),
        (proctor, "POST", PATH, person(role="administrator"), {"institute_id": 1}),
        (teacher, "POST", PATH, person(role="administrator"), {"institute_id": 1}),
        (proctor, "PATCH", f"{PATH}/{{id}}", {"receives_reports": True}, user),
        (teacher, "DELETE", f"{PATH}/{{id}}", None, user),
        (teacher, "PATCH", "/institutes/{id}", {"name": "x"}, {"id": 1}),
    ):
        before = demo.call("GET", PATH, institute_id=1).json
        reply = caller.call(method, path, body, **ids)
        assert (reply.status, reply.code) == (403, "forbidden")
        assert created["secret_key"].encode() not in reply.content
        assert demo.call("GET", PATH, institute_id=1).json == before
    assert demo.call("GET", "/exams/{id}", id=exam).json["exam"]["name"] == "Kept"
    assert demo.call("GET", "/student_sessions/{id}", id=student).json["student"]["status"] == "registered"
    assert proctor.call("POST", "/student_sessions/{id}/end_exam", NOTIFICATION, id=student).status == 200
    assert teacher.call("PATCH", "/exams/{id}", {"name": "Renamed"}, id=exam).status == 200


def test_a_error_costs_the_nonce(demo: Caller) -> None:
    auditor = as_user(demo, new_user(demo, role="auditor"))
    nonce = auditor.stamp()["nonce"]
    codes = [auditor.call("POST", "/exams", {}, over={"nonce": nonce}).code for _ in range(2)]
    assert codes == ["forbidden", "nonce_used"]
