"""Tool providers and LTI resources: one is locked while the other links it to an exam."""

from __future__ import annotations

from typing import Any

from tests.sandbox.sandbox_calls import Caller, NewExam, conforms

TOOL = {"tool_name": "Draw", "oauth_consumer_key": "key", "oauth_consumer_secret": "made-up"}
STUDENT = {"name": "Ada", "email": "ada@lti.example", "external_id": "student_1"}


def new_tool(caller: Caller, **over: object) -> dict[str, Any]:
    created: dict[str, Any] = caller.call("POST", "/tool_providers", {**TOOL, **over}).json["tool_provider"]
    return created


def new_link(caller: Caller, exam: object, tool: object, **over: object) -> dict[str, Any]:
    sent = {"lti_resource_link_name": "Molecules", "exam_id": exam, "tool_provider_id": tool, **over}
    reply = caller.call("POST", "/lti_resources", sent)
    assert reply.status == 200, reply.content
    created: dict[str, Any] = reply.json["lti_resource"]
    return created


def test_the_life_of_a_tool_provider(demo: Caller, second: Caller) -> None:
    created = new_tool(demo, use_as_basic_link="1")
    assert (created["tool_url"], created["use_as_basic_link"], created["institute_id"]) == ("", True, 1)
    assert created["oauth_consumer_secret"] == "made-up"
    path, ids = "/tool_providers/{id}", {"id": created["id"]}
    assert demo.call("GET", path, **ids).json["tool_provider"] == created
    assert created in demo.call("GET", "/tool_providers").json["tool_providers"]
    assert created not in second.call("GET", "/tool_providers").json["tool_providers"]
    changed = demo.call("PATCH", path, {"tool_url": "https://tools.example/lti"}, **ids).json["tool_provider"]
    put = demo.call("PUT", path, {"lti_custom_data": '{"a":1}'}, **ids).json["tool_provider"]
    assert (put["tool_url"], put["lti_custom_data"]) == (changed["tool_url"], '{"a":1}')
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        reply = second.call(method, path, {} if method[0] == "P" else None, **ids)
        assert (reply.status, reply.code) == (404, "record_not_found")
    elsewhere = demo.call("POST", "/tool_providers", {**TOOL, "institute_id": 2})
    assert (elsewhere.status, elsewhere.json["errors"]) == (422, {"institute_id": ["must exist"]})
    assert demo.call("DELETE", path, **ids).json == {}
    assert demo.call("DELETE", path, **ids).code == "record_not_found"


def test_the_life_of_an_lti_resource(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam, tool = new_exam()["id"], new_tool(demo, tool_url="https://tools.example/lti", lti_custom_data="{}")
    created = new_link(demo, str(exam), str(tool["id"]))
    assert (created["exam_id"], created["tool_provider_id"]) == (exam, str(tool["id"]))
    assert (created["lti_resource_launch_url"], created["lti_custom_data"]) == (tool["tool_url"], "{}")
    assert created["placeholder"] == f"LTI_EXAM_{created['id']}"
    path, ids = "/lti_resources/{id}", {"id": created["id"]}
    assert demo.call("GET", path, **ids).json["lti_resource"] == created
    query = {"filter": '{"lti_resource_link_name":{"eq":"Molecules"}}'}
    assert created in demo.call("GET", "/lti_resources", query=query).json["lti_resources"]
    other = new_exam()["id"]
    moved = demo.call("PATCH", path, {"exam_id": other, "open_in_new_tab": True}, **ids).json["lti_resource"]
    assert (moved["exam_id"], moved["open_in_new_tab"]) == (other, True)
    for name in ("exam_id", "tool_provider_id"):
        reply = demo.call("PUT", path, {name: 999_999}, **ids)
        assert (reply.status, reply.json["errors"]) == (422, {name: ["must exist"]})
    for method in ("GET", "PATCH", "DELETE"):
        assert second.call(method, path, {} if method[0] == "P" else None, **ids).code == "record_not_found"
    theirs = {"lti_resource_link_name": "l", "exam_id": exam, "tool_provider_id": tool["id"]}
    assert second.call("POST", "/lti_resources", theirs).json["errors"].keys() == {"exam_id", "tool_provider_id"}
    assert demo.call("DELETE", path, **ids).json == {}
    assert demo.call("GET", path, **ids).code == "record_not_found"


def test_a_tool_provider_in_use_is_locked(demo: Caller, new_exam: NewExam) -> None:
    tool, exams = new_tool(demo)["id"], [new_exam(name=name) for name in ("One", "Two")]
    links = [new_link(demo, exam["id"], tool)["id"] for exam in exams]
    path = "/tool_providers/{id}"
    locked = demo.call("DELETE", path, id=tool)
    conforms("v3", "destroyToolProvider", locked)
    named = [{"id": exam["id"], "name": exam["name"]} for exam in exams]
    assert (locked.status, locked.json["code"]) == (423, "locked")
    assert locked.json["error"] == {"open_exam": [named]}
    demo.call("DELETE", "/lti_resources/{id}", id=links[0])
    assert demo.call("DELETE", path, id=tool).json["error"] == {"open_exam": [named[1:]]}
    demo.call("DELETE", "/exams/{id}", id=exams[1]["id"])
    assert demo.call("GET", "/lti_resources/{id}", id=links[1]).code == "record_not_found", "it goes with its exam"
    assert demo.call("DELETE", path, id=tool).json == {}


def test_the_student_of_a_launch(demo: Caller, second: Caller, new_exam: NewExam) -> None:
    exam, other = new_exam()["id"], new_exam()["id"]
    link = new_link(demo, exam, new_tool(demo)["id"])["lti_resource_link_id"]
    created = demo.call("POST", "/exams/{exam_id}/student_sessions", STUDENT, exam_id=exam).json["student"]
    path, query = "/exams/{id}/show_lti_student", {"student_lms_id": "student_1", "resource_link_id": link}
    assert demo.call("GET", path, query=query, id=exam).json["student"] == created
    assert demo.call("GET", path, query={**query, "context_id": "course"}, id=exam).json["student"] == created
    for caller, over, key in (
        (demo, {"student_lms_id": "student_2"}, exam),
        (demo, {"resource_link_id": "unknown"}, exam),
        (demo, {}, other),
        (second, {}, exam),
    ):
        reply = caller.call("GET", path, query={**query, **over}, id=key)
        assert (reply.status, reply.code) == (404, "record_not_found")
    assert demo.call("GET", path, query={"student_lms_id": "s"}, id=exam).code == "parameter_missing"


def test_a_link_stays_in_one_institute(demo: Caller, second: Caller, superuser: Caller, new_exam: NewExam) -> None:
    """Else the list of exams that lock a tool provider would name those of others."""
    own, tool = new_exam(name="Own")["id"], new_tool(demo)["id"]
    foreign = second.call("POST", "/exams", {"name": "Foreign", "type": "demo"}).json["exam"]["id"]
    their_tool = new_tool(second)["id"]
    sent = {"lti_resource_link_name": "l", "exam_id": foreign, "tool_provider_id": tool}
    rejected = superuser.call("POST", "/lti_resources", sent)
    assert (rejected.status, [*rejected.json["errors"]]) == (422, ["tool_provider_id"])
    link = new_link(superuser, own, tool)["id"]
    for change in ({"exam_id": foreign}, {"tool_provider_id": their_tool}):
        moved = superuser.call("PATCH", "/lti_resources/{id}", change, id=link)
        assert (moved.status, [*moved.json["errors"]]) == (422, ["tool_provider_id"])
    both = {"exam_id": foreign, "tool_provider_id": their_tool}
    assert [*superuser.call("PATCH", "/lti_resources/{id}", both, id=link).json["errors"]] == ["exam_id"]
    locked = demo.call("DELETE", "/tool_providers/{id}", id=tool)
    assert (locked.status, locked.json["error"]) == (423, {"open_exam": [[{"id": own, "name": "Own"}]]})
    assert second.call("DELETE", "/tool_providers/{id}", id=their_tool).json == {}
