"""Whatever is sent, the response is a JSON object and never a 5xx."""

from __future__ import annotations

import json
import logging
from urllib.parse import urlencode

import pytest
from hypothesis import given, strategies as st

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller, Reply, base_string, send, signature

GOOD = {"name": "n", "type": "demo"}
KNOWN = (200, 401, 403, 404, 405, 413, 422)


def raw(demo: Caller, body: bytes, content_type: str = "application/json", method: str = "POST") -> Reply:
    """A body as it is, the signature in the query covering nothing of it."""
    query = urlencode(demo.sign(demo.stamp()))
    return send(
        demo.base_url, method, f"/api/v3/exams?{query}", {**demo.authorization, "Content-Type": content_type}, body
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"NaN",
        b'{"a": Infinity}',
        b"{'a': 1}",
        b"[" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"[" * 200 + b"]" * 200,
        b"1" * 5000,
        b'{"a": 1} x',
        b"\x00",
    ],
)
def test_an_unreadable_body_is_422(demo: Caller, body: bytes) -> None:
    reply = raw(demo, body)
    assert (reply.status, reply.code) == (422, "unreadable")


@pytest.mark.parametrize("body", ["[]", "[1, 2]", '"x"', "1", "null", "true", "1.5"])
def test_a_body_that_is_no_object_is_422(demo: Caller, body: str) -> None:
    stamped = demo.stamp()
    written = {"[]": "[]", '"x"': "x", "null": ""}.get(body, body)
    base = base_string({**stamped, "_json": written})
    query = urlencode({**stamped, "signature": signature(base, demo.secret_key)})
    for method, path in (("POST", "/exams"), ("PATCH", "/exams/1")):
        ids = {"id": "1"} if method == "PATCH" else {}
        stamped = demo.stamp()
        sign = signature(base_string({**stamped, **ids, "_json": written}), demo.secret_key)
        query = urlencode({**stamped, "signature": sign})
        headers = {**demo.authorization, "Content-Type": "application/json"}
        reply = send(demo.base_url, method, f"/api/v3{path}?{query}", headers, body.encode())
        assert (reply.status, reply.code) == (422, "unreadable"), reply.content


def test_an_object_may_have_any_member(demo: Caller) -> None:
    assert demo.call("POST", "/exams", {**GOOD, "_json": 1, "unknown": "x", "id": 7}).status == 200


@pytest.mark.parametrize(
    "query",
    [
        "a=%",
        "a=%zz",
        "a=%ff",
        "%ff=1",
        "a=%C3",
        "a[]=1&a=2&a[]=3",
        "a[b]=1&a[]=2",
        "a" + "[b]" * 40 + "=1",
        "&".join(f"a{n}" for n in range(10_001)),
    ],
)
@pytest.mark.parametrize("place", ["query", "form"])
def test_an_unreadable_query_or_form_is_422(demo: Caller, query: str, place: str) -> None:
    if place == "form":
        reply = raw(demo, query.encode(), "application/x-www-form-urlencoded")
    else:
        target = f"/api/v3/exams?{urlencode(demo.sign(demo.stamp()))}&{query}"
        reply = send(demo.base_url, "GET", target, demo.authorization)
    assert (reply.status, reply.code) == (422, "unreadable"), reply.content


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x"]
)
@pytest.mark.parametrize(
    "body", [b"x", b"--x\r\n\r\nabc", b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\r\n--x--\r\n']
)
def test_a_broken_multipart_body_is_rejected(
    demo: Caller, content_type: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reply = raw(demo, body, content_type)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert reply.status in (403, 422)
    assert reply.json


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/v3",
        "/api/v2/exams",
        "/api/v3/nothing",
        "/api/v3/exams/1/2/3",
        "/%ff",
        "/api/v3/exams/%ff",
        "/api/v3/exams/%00",
    ],
)
def test_a_path_that_is_not_there_is_404(demo: Caller, path: str) -> None:
    reply = send(
        demo.base_url, "GET", f"{path}?{urlencode(demo.sign(demo.stamp(), path={'id': chr(0)}))}", demo.authorization
    )
    assert reply.status == 404
    assert reply.code in ("path_not_found", "record_not_found")


@pytest.mark.parametrize("exam", ["0", "-1", "abc", "1.0", "1e3", "9" * 18, "9" * 30, "1 ", "\uff11", "1/", "a" * 5000])
def test_an_id_that_no_exam_has_is_404(demo: Caller, exam: str) -> None:
    if exam == "1/":
        exam = "1%2F"
    reply = demo.call("GET", "/exams/{id}", id=exam)
    assert (reply.status, reply.code) == (404, "record_not_found")


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "TRACE", "PROPFIND"])
def test_a_method_that_is_not_there_is_405(demo: Caller, method: str) -> None:
    reply = send(demo.base_url, method, "/api/v3/exams/1")
    assert reply.status == 405
    assert reply.headers["allow"] == "DELETE, GET, HEAD, PATCH, PUT"
    assert reply.code == "method_not_allowed"


def test_what_is_no_http_is_400(demo: Caller) -> None:
    reply = send(demo.base_url, "BREW", "/api/v3/exams/1")
    assert (reply.status, reply.code) == (400, "unreadable")


def test_a_large_body_is_413() -> None:
    with running(body_limit=1000) as sandbox:
        demo = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        assert raw(demo, b" " * 1001).code == "body_too_large"
        chunked = {**demo.authorization, "Content-Type": "application/json", "Transfer-Encoding": "chunked"}
        reply = send(demo.base_url, "POST", "/api/v3/exams", chunked, b"3e9\r\n" + b" " * 1001 + b"\r\n0\r\n\r\n")
        assert (reply.status, reply.code) == (413, "body_too_large")
        assert raw(demo, b" " * 1000).status == 422  # nothing is sent: the name is missing


def test_a_client_that_sends_all_before_it_reads_sees_the_413() -> None:
    with running(body_limit=1000) as sandbox:
        demo = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        assert raw(demo, b" " * 12_000_000).code == "body_too_large"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
SETTINGS = (
    "name",
    "type",
    "start_time",
    "end_time",
    "duration_minutes",
    "mobile_cam",
    "restrictions",
    "institute_id",
    "page",
    "x",
)


@given(body=JSON | st.dictionaries(st.sampled_from(SETTINGS), JSON), api=st.sampled_from(["v1", "v3"]))
def test_any_json_gets_a_response(demo: Caller, older: Caller, body: object, api: str) -> None:
    from procwise.v3.signing import SCHEME  # values of every shape: the hand-written signer knows only plain ones

    caller = older if api == "v1" else demo
    params = body if isinstance(body, dict) else {"_json": body}
    stamped = caller.stamp()
    try:
        encoded = json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        encoded = json.dumps(body).encode()
    sign = SCHEME.sign({**params, **stamped}, caller.secret_key)
    target = f"/api/{api}/exams?{urlencode({**stamped, 'signature': sign})}"
    reply = send(caller.base_url, "POST", target, {**caller.authorization, "Content-Type": "application/json"}, encoded)
    assert reply.status in (200, 403, 422), reply.content
    assert reply.status != 403 or (set(stamped) | {"signature"}) & params.keys()
    assert reply.json


@given(
    body=st.binary(max_size=200),
    query=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=60),
    kind=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""]
    ),
)
def test_any_bytes_get_a_response(demo: Caller, body: bytes, query: str, kind: str) -> None:
    headers = {**demo.authorization, **({"Content-Type": kind} if kind else {})}
    reply = send(demo.base_url, "POST", f"/api/v3/exams?{query}", headers, body)
    assert reply.status in (403, 422), reply.content
    assert reply.json
