"""The ways in which clients send parameters, all of which count and are signed alike."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import given, strategies as st

from tests.sandbox.sandbox_calls import Caller, Reply, base_string, send, signature, text

GOOD = {"name": "Zoë & Müller?=+ %41", "type": "demo", "mobile_cam": "true", "duration_minutes": 60}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def multipart(params: Mapping[str, object], *, file: bool = False) -> tuple[str, bytes]:
    parts = [f'--edge\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{text(v)}\r\n' for k, v in params.items()]
    if file:
        head = 'Content-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain'
        parts.append(f"--edge\r\n{head}\r\n\r\nfile contents\r\n")
    return "multipart/form-data; boundary=edge", ("".join(parts) + "--edge--\r\n").encode()


def post(caller: Caller, params: Mapping[str, object], how: str, path: str = "/api/v3/exams") -> Reply:
    if how == "query":
        return send(
            caller.base_url,
            "POST",
            f"{path}?{urlencode({k: text(v) for k, v in params.items()})}",
            caller.authorization,
        )
    if how in ("multipart", "multipart with a file"):
        content_type, body = multipart(params, file=how != "multipart")
    else:
        encoded = json.dumps(params) if how.startswith("json") else urlencode({k: text(v) for k, v in params.items()})
        content_type, body = JSON if how.startswith("json") else FORM, encoded.encode()
        content_type += "; charset=UTF-8" if how.endswith("charset") else ""
    return send(caller.base_url, "POST", path, {**caller.authorization, "Content-Type": content_type}, body)


@pytest.mark.parametrize(
    "how", ["query", "json", "json charset", "form", "form charset", "multipart", "multipart with a file"]
)
def test_everything_in_one_place(demo: Caller, how: str) -> None:
    reply = post(demo, demo.sign({**demo.stamp(), **GOOD}), how)
    assert reply.status == 200, reply.content
    exam = reply.json["exam"]
    assert (exam["name"], exam["mobile_cam"], exam["duration_minutes"]) == (GOOD["name"], True, 60)


@pytest.mark.parametrize("how", ["json", "form", "multipart"])
def test_signing_parameters_in_the_query_and_the_rest_in_the_body(demo: Caller, how: str) -> None:
    stamped = demo.stamp()
    sign = signature(base_string({**stamped, **GOOD}), demo.secret_key)
    path = f"/api/v3/exams?{urlencode({**stamped, 'signature': sign})}"
    assert post(demo, GOOD, how, path).json["exam"]["name"] == GOOD["name"]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PATCH", "PUT"])
def test_a_json_body_on_any_method(demo: Caller, method: str) -> None:
    created = demo.call("POST", "/exams", {"name": "n", "type": "demo"}).json["exam"]["id"]
    body = json.dumps(demo.sign({**demo.stamp(), "id": str(created)})).encode()
    reply = send(demo.base_url, method, f"/api/v3/exams/{created}", {**demo.authorization, "Content-Type": JSON}, body)
    assert reply.status == 200


@pytest.mark.parametrize("path", ["/api/v3/exams/", "//api//v3///exams", "/api/v3/exams//?", "/api/v3/%65xams"])
def test_slashes_and_escapes_in_the_path(demo: Caller, path: str) -> None:
    joint = "" if path.endswith("?") else "?"
    target = f"{path}{joint}{urlencode(demo.sign(demo.stamp()))}"
    # http.client would take //api for a host: write the request line ourselves
    address = urlsplit(demo.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as raw:
        lines = [f"GET {target} HTTP/1.1", "Host: x", f"Authorization: Token token={demo.token}", "Connection: close"]
        raw.sendall("\r\n".join([*lines, "", ""]).encode())
        assert raw.recv(12) == b"HTTP/1.1 200"


def test_path_beats_query_beats_body(demo: Caller) -> None:
    first, other = (demo.call("POST", "/exams", {"name": n, "type": "demo"}).json["exam"]["id"] for n in "ab")
    stamped = demo.stamp()
    signed = {**stamped, "id": first, "name": "from the query"}
    sign = signature(base_string(signed), demo.secret_key)
    query = urlencode({**stamped, "id": other, "name": "from the query", "signature": sign})
    body = json.dumps({"id": 99, "name": "from the body"}).encode()
    headers = {**demo.authorization, "Content-Type": JSON}
    reply = send(demo.base_url, "PATCH", f"/api/v3/exams/{first}?{query}", headers, body)
    assert (reply.json["exam"]["id"], reply.json["exam"]["name"]) == (first, "from the query")


def test_a_body_of_another_type_is_not_read(demo: Caller) -> None:
    params = urlencode(demo.sign(demo.stamp()))
    for content_type in ("application/vnd.procwise.v3", "text/plain", "application/xml", "nonsense"):
        params = urlencode(demo.sign(demo.stamp()))
        headers = {**demo.authorization, "Content-Type": content_type}
        assert send(demo.base_url, "GET", f"/api/v3/exams?{params}", headers, b'{"a": 1}').status == 200


@pytest.mark.parametrize(
    "headers", [{"Content-Type": JSON}, {"Expect": "100-continue"}, {"Accept": "*/*"}, {"User-Agent": ""}]
)
def test_headers_that_change_nothing(demo: Caller, headers: dict[str, str]) -> None:
    target = f"/api/v3/exams?{urlencode(demo.sign(demo.stamp()))}"
    assert send(demo.base_url, "GET", target, {**demo.authorization, **headers}).status == 200


def test_a_plus_is_a_space_unless_it_is_encoded(demo: Caller) -> None:
    for wire, arrives in (("a+b", "a b"), ("a%2Bb", "a+b")):
        stamped = demo.stamp()
        sign = signature(base_string({**stamped, "name": arrives, "type": "demo"}), demo.secret_key)
        target = f"/api/v3/exams?{urlencode({**stamped, 'signature': sign, 'type': 'demo'})}&name={wire}"
        assert send(demo.base_url, "POST", target, demo.authorization).json["exam"]["name"] == arrives


def test_route_words_never_count_and_valueless_names_do(demo: Caller) -> None:
    stamped = demo.stamp()
    sign = signature(base_string({**stamped, "b": "", "c": "2"}), demo.secret_key)
    query = f"controller=x&action=y&format=json&b&c=1&c=2&{urlencode({**stamped, 'signature': sign})}"
    assert send(demo.base_url, "GET", f"/api/v3/exams?{query}", demo.authorization).status == 200


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("x[]=1&x[]=2", 'x=["1", "2"]'),
        ("x[k]=1&x[m]=2", 'x={"k"=>"1", "m"=>"2"}'),
        ("x[][k]=1&x[][m]=2&x[][k]=3", 'x=[{"k"=>"1", "m"=>"2"}, {"k"=>"3"}]'),
        ("x[k][]=1", 'x={"k"=>["1"]}'),
        ("x%5B%5D=1", 'x=["1"]'),
        ("x[=1", "x[=1"),
    ],
)
def test_brackets(demo: Caller, query: str, written: str) -> None:
    stamped = demo.stamp()
    rest = [f"{name}={value}" for name, value in stamped.items()]
    base = "?".join(sorted([*rest, written], key=lambda pair: pair.partition("=")[0].encode()))
    sign = urlencode({**stamped, "signature": signature(base, demo.secret_key)})
    assert send(demo.base_url, "GET", f"/api/v3/exams?{query}&{sign}", demo.authorization).status == 200


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        ("1", "1"),
        ("1.0", "1.0"),
        ("1e15", "1.0e+15"),
        ("1E2", "100.0"),
        ("-0.0", "-0.0"),
        ("-0", "0"),
        ("1e-7", "1.0e-07"),
        ("9007199254740993", "9007199254740993"),
        ("12345678901234567890123", "12345678901234567890123"),
    ],
)
def test_a_number_is_signed_by_its_literal(demo: Caller, literal: str, written: str) -> None:
    stamped = demo.stamp()
    base = "?".join(sorted([*(f"{k}={v}" for k, v in stamped.items()), f"score={written}"]))
    signed = json.dumps({**stamped, "signature": signature(base, demo.secret_key)})
    body = f'{signed[:-1]}, "score": {literal}}}'.encode()
    reply = send(demo.base_url, "GET", "/api/v3/exams", {**demo.authorization, "Content-Type": JSON}, body)
    assert reply.status == 200, reply.content


@given(
    name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    how=st.sampled_from(["query", "json", "form"]),
)
def test_any_text_survives_any_transport(demo: Caller, name: str, how: str) -> None:
    reply = post(demo, demo.sign({**demo.stamp(), "name": name, "type": "demo"}), how)
    assert reply.status == 200, reply.content
    exam = reply.json["exam"]
    assert exam["name"] == name
    assert demo.call("GET", "/exams/{id}", id=exam["id"]).json["exam"]["name"] == name


@given(
    value=st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1).filter(
        lambda t: t not in (".", "..")
    )
)
def test_any_path_segment_is_signed_as_its_text(demo: Caller, value: str) -> None:
    stamped = demo.stamp()
    query = urlencode(demo.sign(stamped, path={"id": value}))
    reply = send(demo.base_url, "GET", f"/api/v3/exams/{quote(value, safe='')}?{query}", demo.authorization)
    assert reply.status in (200, 404), reply.content
