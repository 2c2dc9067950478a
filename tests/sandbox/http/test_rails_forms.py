"""What Rails and Rack take beside the plain forms: suffixes of paths, odd names in queries, words for booleans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from procwise_sandbox.errors import ApiError
from procwise_sandbox.http.rails_params import parse_nested
from tests.sandbox.sandbox_calls import Caller, NewExam, Reply, base_string, send, signature


def get(demo: Caller, target: str, signed: Mapping[str, object], wire: str = "") -> Reply:
    """A request for the target, signed with these parameters, with this text at the beginning of its query."""
    stamped = demo.stamp()
    sign = signature(base_string({**stamped, **signed}), demo.secret_key)
    query = urlencode({**stamped, "signature": sign})
    return send(demo.base_url, "GET", f"/api/v3{target}?{wire}{'&' if wire else ''}{query}", demo.authorization)


@pytest.mark.parametrize(
    ("target", "signed"),
    [
        ("/exams/1.json", {"id": 1}),
        ("/exams/1.json/", {"id": 1}),
        ("/exams/1/student_sessions.json", {"exam_id": 1}),
        ("/exams.json", {}),
    ],
)
def test_a_path_may_end_in_its_format(demo: Caller, target: str, signed: Mapping[str, object]) -> None:
    assert get(demo, target, signed).status == 200
    assert get(demo, target.replace("json", "xml"), signed).status in (403, 404)


@pytest.mark.parametrize("kind", ["application/vnd.api+json", "Application/Merge-Patch+JSON; charset=utf-8"])
def test_a_media_type_with_the_suffix_of_json_is_read_as_json(demo: Caller, kind: str) -> None:
    exam = {"name": "An exam", "type": "demo", "duration_minutes": 45}
    signed = demo.sign({**exam, **demo.stamp()})
    query = urlencode({name: value for name, value in signed.items() if name not in exam})
    headers = {"Content-Type": kind, **demo.authorization}
    reply = send(demo.base_url, "POST", f"/api/v3/exams?{query}", headers, json.dumps(exam).encode())
    assert (reply.status, reply.json["exam"]["duration_minutes"]) == (200, 45)


def test_a_described_path_that_ends_so_is_itself(demo: Caller) -> None:
    body = json.dumps({"user": {"email": "nobody@staff.example", "password": "wrong"}}).encode()
    headers = {"Content-Type": "application/json"}
    assert send(demo.base_url, "POST", "/users/sign_in.json", headers, body).status == 401
    assert send(demo.base_url, "POST", "/users/sign_in", headers, body).status == 404


@pytest.mark.parametrize("name", ["a[][x" + "]b" * 2000, "a" + "]b" * 33, "[" * 33 + "a", "a[x]" + "[]" * 32])
def test_a_name_has_a_limit_of_brackets_of_either_kind(name: str) -> None:
    with pytest.raises(ApiError, match="more than 32 brackets"):
        parse_nested([(name, "1")])


@pytest.mark.parametrize(
    ("wire", "signed"),
    [
        ("x=a;b", {"x": "a", "b": ""}),
        ("x=a;y=b", {"x": "a", "y": "b"}),
        ("x=a%3Bb", {"x": "a;b"}),
        ("x%5D=a", {"x": "a"}),
        ("%5Bx%5D=a", {"x": "a"}),
        ("x%5B=a", {"x[": "a"}),
        ("=a", {}),
        ("%5B%5D=a", {}),
    ],
)
def test_queries_are_read_as_by_rack_2(demo: Caller, wire: str, signed: Mapping[str, object]) -> None:
    assert get(demo, "/exams", signed, wire).status == 200
    name, _, value = wire.replace("%5D", "]").replace("%5B", "[").partition("=")
    as_sent = {name: value}
    if as_sent != signed and "%" not in value:
        assert get(demo, "/exams", as_sent, wire).code == "signature_invalid"


@pytest.mark.parametrize(
    ("pairs", "parameters"),
    [
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[k]", "1"), ("a[l]", "2")], {"a": {"k": "1", "l": "2"}}),
        ([("a[][b]", "1"), ("a[][c]", "2"), ("a[][b]", "3")], {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        ([("a[][b][c]", "1"), ("a[][b][d]", "2")], {"a": [{"b": {"c": "1", "d": "2"}}]}),
        ([("a[][b][]", "1"), ("a[][b][]", "2")], {"a": [{"b": ["1", "2"]}]}),
        ([("a[b]c", "1")], {"a": {"b": {"c": "1"}}}),
        ([("a[b", "1")], {"a": {"b": "1"}}),
        ([("a[", "1")], {"a[": "1"}),
        ([("[a]", "1")], {"a": "1"}),
        ([("a]]", "1")], {"a": "1"}),
        ([("a[][]", "1")], {"a": [["1"]]}),
        ([("", "1"), ("[]", "1"), ("][", "1")], {}),
    ],
)
def test_names_with_brackets(pairs: list[tuple[str, str]], parameters: Mapping[str, object]) -> None:
    assert parse_nested(pairs) == parameters


@pytest.mark.parametrize(("sent", "flag"), [("True", True), ("on", True), ("1", True), ("F", False), ("OFF", False)])
def test_forms_have_the_words_of_rails_for_booleans(demo: Caller, sent: str, flag: bool) -> None:
    signed = demo.sign({**demo.stamp(), "name": "n", "type": "demo", "use_duration": sent})
    headers = {**demo.authorization, "Content-Type": "application/x-www-form-urlencoded"}
    reply = send(demo.base_url, "POST", "/api/v3/exams", headers, urlencode(signed).encode())
    assert (reply.status, reply.json["exam"]["use_duration"]) == (200, flag)


def test_a_number_stands_for_a_text_that_is_searched_for(demo: Caller) -> None:
    sent = demo.sign({**demo.stamp(), "student_lms_id": 17, "resource_link_id": 18}, path={"id": 1})
    headers = {**demo.authorization, "Content-Type": "application/json"}
    reply = send(demo.base_url, "GET", "/api/v3/exams/1/show_lti_student", headers, json.dumps(sent).encode())
    assert reply.status == 404, "nobody is called so"


PAIRS = '[[false, [""]], [true, ["two sheets, äöü"]]]'


@pytest.mark.parametrize(
    ("media_type", "sent", "kept"),
    [
        ("json", {"restrictions": json.loads(PAIRS)}, PAIRS),
        ("json", {"restrictions": []}, "[]"),
        ("json", {"restrictions": PAIRS}, PAIRS),
        ("x-www-form-urlencoded", {"restrictions[]": "books"}, '["books"]'),
        ("x-www-form-urlencoded", {"restrictions": PAIRS}, PAIRS),
    ],
)
def test_restrictions_may_be_a_list(
    demo: Caller, new_exam: NewExam, media_type: str, sent: dict[str, object], kept: str
) -> None:
    """Kept as one text, which the exam shows; signed as Ruby writes a list."""
    for method, path, ids in (("POST", "/exams", {}), ("PATCH", f"/exams/{(exam := new_exam()['id'])}", {"id": exam})):
        stamped = demo.stamp()
        body = {"name": "n", "type": "demo"} | sent
        written = {name.removesuffix("[]"): kept for name in sent}
        base = base_string({**stamped, "name": "n", "type": "demo", **written, **ids})
        query = urlencode({**stamped, "signature": signature(base, demo.secret_key)})
        content = json.dumps(body) if media_type == "json" else urlencode(body)
        headers = {**demo.authorization, "Content-Type": f"application/{media_type}"}
        reply = send(demo.base_url, method, f"/api/v3{path}?{query}", headers, content.encode())
        assert (reply.status, reply.json["exam"]["restrictions"]) == (200, kept), reply.content


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/exams", "lacks /api/v1 or /api/v3."),
        ("/tool_providers/1", "lacks /api/v3."),
        ("/tool_providers.json", "lacks /api/v3."),
        ("/v3/exams", "ends in /v3 instead of /api/v3."),
        ("/v1/exams/1", "ends in /v1 instead of /api/v1."),
        ("/api/exams", "ends in /api instead of /api/v1 or /api/v3."),
        ("/API/V3/exams", "ends in /API/V3 instead of /api/v3."),
        ("/v3/api/exams.json", "ends in /v3/api instead of /api/v3."),
        ("/api/v3/v3/exams", "ends in /api/v3/v3 instead of /api/v3."),
        ("/api/v3/api/v3/exams/1", "ends in /api/v3/api/v3 instead of /api/v3."),
        ("/api/v2/exams", "ends in /api/v2 instead of /api/v1 or /api/v3."),
        ("/v1/tool_providers", "ends in /v1 instead of /api/v3."),
        ("/api/v1/tool_providers", "ends in /api/v1 instead of /api/v3."),
        ("/other/exams", "There is no such path."),
        ("/api/v3/exams/1/exams/2", "There is no such path."),
        ("/v3", "There is no such path."),
        ("/nothing", "There is no such path."),
        ("/api/v3/nothing", "There is no such path."),
    ],
)
def test_a_base_url_without_the_base_path_is_named(demo: Caller, path: str, hint: str) -> None:
    reply = send(demo.base_url, "GET", path)
    assert (reply.status, reply.code) == (404, "path_not_found")
    assert reply.json["error"].endswith(hint)
