"""A description of another vendor: its scheme is a value, and works without a change of code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from tests.client.descriptions import describe_paths, generate_package, json_responses, run
from tests.proofs import mark_slow

SCHEME: dict[str, Any] = {
    "algorithm": "hmac-sha512",
    "digest": "base64",
    "key": {"credential": "secret_key", "encoding": "utf-8"},
    "message": {
        "parameters": ["query", "body", "path"],
        "exclude": ["sig"],
        "order": "name-codepoints",
        "pair": "{name}:{value}",
        "separator": "&",
        "values": "percent-encoded",
        "encoding": "utf-8",
    },
    "timestamp": {"parameter": "when", "unit": "s", "window_seconds": 60},
    "nonce": {"parameter": "once", "type": "string", "unique_for_seconds": 60},
    "files": "excluded",
    "placement": {"send": "query", "accept": ["query"]},
}
THING = {"type": "object", "properties": {"name": {"type": "string"}, "size": {"type": "number"}}}
BYTES = {"type": "string", "format": "binary"}
CALL = """
import httpx2, json, procwise
seen = []
def serve(request):
    seen.append(request)
    return httpx2.Response(200, json={"name": "kept"})
http = httpx2.Client(transport=httpx2.MockTransport(serve))
client = procwise.Client(%s base_url="https://other.example", http=http)
%s
for request in seen:
    sent = {"url": str(request.url), "headers": dict(request.headers), "body": request.content.decode()}
    print(json.dumps(sent))
"""


def other_vendor(send: str = "query") -> dict[str, Any]:
    parameters = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "description": "Which."}]
    update = {
        "operationId": "updateThing",
        "tags": ["things"],
        "parameters": [
            *parameters,
            {"name": "dry", "in": "query", "schema": {"type": "boolean"}, "description": "Dry."},
        ],
        "requestBody": {"content": {"application/json": {"schema": THING}}},
        "responses": json_responses(THING),
    }
    schemes = {
        "Key": {"type": "apiKey", "in": "header", "name": "X-Api-Key", "x-token": {"format": "key {token}!"}},
        "Sig": {
            "type": "apiKey",
            "in": "query",
            "name": "sig",
            "x-signing": {**SCHEME, "placement": {"send": send, "accept": [send]}},
        },
    }
    return describe_paths(
        {"/things/{id}": {"post": update}},
        servers=[{"url": "https://other.example/rest"}],
        components={"securitySchemes": schemes},
        security=[{"Key": [], "Sig": []}],
    )


@pytest.mark.parametrize("send", ["query", mark_slow("body")])
def test_a_second_scheme_works_by_its_value(tmp_path: Path, send: str) -> None:
    package = generate_package(other_vendor(send), tmp_path)
    call = 'client.things.update_thing("a b", name="ü & ?", size=2.5, dry=True)'
    sent = json.loads(run(CALL % ('token="abcd", secret_key="käy",', call), package))
    url, body = urlsplit(sent["url"]), json.loads(sent["body"])
    query = dict(parse_qsl(url.query))
    assert url.path == "/rest/things/a%20b"
    assert sent["headers"]["x-api-key"] == "key abcd!"
    params = {"id": "a b", **body, **query}
    signature = (query if send == "query" else body)["sig"]
    del params["sig"]
    assert params.keys() == {"id", "name", "size", "dry", "when", "once"}
    assert isinstance(params["once"], str)
    assert len(str(params["when"])) == 10
    base = "&".join(f"{name}:{quote(str(params[name]), safe='-._~')}" for name in sorted(params))
    expected = hmac.new("käy".encode(), base.encode(), hashlib.sha512).digest()
    assert signature == base64.b64encode(expected).decode()


def operation(name: str, described: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    body = {"requestBody": {"content": described}} if described else {}
    return {"operationId": name, "tags": ["things"], "responses": json_responses(THING), **body, **more}


JSON_, FORM = "application/json", "application/x-www-form-urlencoded"
SEARCH = {"name": "q", "in": "query", "schema": {"type": "string"}, "description": "Search."}
UNSIGNED = {
    "get": operation("listThings", parameters=[SEARCH]),
    "post": operation(
        "addThing",
        {kind: {"schema": THING} for kind in ("application/xml", FORM, JSON_)},
        responses={**json_responses(THING), "default": {"description": "Odd."}},
    ),
    "put": operation("addAll", {JSON_: {"schema": {"type": "array", "items": THING}}}),
    "patch": operation("upload", {"application/octet-stream": {"schema": BYTES}}),
    "delete": operation("form", {FORM: {"schema": THING}}, responses={"204": {"description": "Done."}}),
}


def test_an_api_without_signing_is_called_unsigned(tmp_path: Path) -> None:
    package = generate_package(describe_paths({"/things": UNSIGNED}), tmp_path)
    assert not (package / "procwise" / "v1" / "signing.py").exists()
    calls = (
        'list_things(q="x")',
        'add_thing(name="y")',
        'add_all(body=[{"name": "z"}])',
        'upload(body=b"bytes")',
        'form(name="a b&", size=1.5)',
    )
    program = "; ".join(f"client.things.{call}" for call in calls)
    first, second, *others = map(json.loads, run(CALL % ("", program), package).splitlines())
    assert first["url"] == "https://other.example/things?q=x"
    assert "authorization" not in first["headers"]
    assert json.loads(second["body"]) == {"name": "y"}
    assert second["url"] == "https://other.example/things"
    assert [sent["body"] for sent in others] == ['[{"name":"z"}]', "bytes", "name=a%20b%26&size=1.5"]
    kinds = ["application/json", "application/octet-stream", "application/x-www-form-urlencoded"]
    assert [sent["headers"]["content-type"] for sent in others] == kinds
