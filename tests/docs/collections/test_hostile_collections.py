"""A text of a description reaches the request as it stands, and never as the value of a variable, such as a secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
import yaml

from tests.docs.collections.collection_runs import install_programs, record_everything, run_bruno, run_newman
from tests.shared import generate
from tests.signing.published import value_of

pytestmark = [pytest.mark.needs("npm"), pytest.mark.slow]
SECRET = "c2VjcmV0LWtleS1vZi1tYW55LWJ5dGVz"
FILLED = (SECRET, "token-of-ada", "/home/", "PATH")
SPELLINGS = [
    "{{secret_key}}",
    "{{ secret_key }}",
    "{{token}}",
    "{{$guid}}",
    "{{$processEnv.PATH}}",
    "{{process.env.PATH}}",
    "{{process}}",
    '{{["secret_key"]}}',
    "{{{secret_key}}}",
    "{{{{secret_key}}}}",
    "{{secret_{{token}}}}",
]
TEXT = " ".join(SPELLINGS)
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def operation(name: str, *, media: str = "", signed: bool = True, text: str = TEXT) -> dict[str, Any]:
    """An operation whose every text is hostile; with a body of this kind if it has one."""
    example = {"title": text, "nested": {"{{secret_key}}": [text]}} if media.endswith("json") else {"title": text}
    schema = {"type": "object", "properties": {"title": {"type": "string"}}}
    return {
        "operationId": name,
        "summary": f"{name} {text}",
        "description": text,
        "tags": [text],
        "security": [{"Signature": []}] if signed else [],
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": text},
            {"name": "q{{token}}", "in": "query", "schema": {"type": "string"}, "example": text},
        ],
        "requestBody": {"description": text, "content": {media: {"schema": schema, "example": example}}}
        if media
        else {},
        "responses": {"200": {"description": text, "content": {'application/json;p="{{secret_key}}"': {}}}},
    }


def description(server: str) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": TEXT, "version": TEXT, "description": TEXT},
        "servers": [{"url": server}],
        "paths": {
            "/{id}": {
                "get": without_body(operation("find")),
                "post": operation("add", media="application/json"),
                "put": operation("put", media=FORM),
                "patch": operation("send", media=MULTIPART),
                "delete": without_body(operation("open", signed=False)),
            }
        },
        "components": {
            "securitySchemes": {
                "Signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "x-signing": value_of("coinbase-exchange"),
                }
            }
        },
    }


def without_body(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != "requestBody"}


@pytest.mark.parametrize("program", ["newman", "bruno"])
def test_no_text_of_a_description_is_filled_in(program: str, tmp_path: Path) -> None:
    install_programs()
    with record_everything() as (address, seen):
        (tmp_path / "spec/v1").mkdir(parents=True)
        (tmp_path / "spec/v1/openapi.yaml").write_text(yaml.safe_dump(description(address)), "utf-8")
        generate(tmp_path / "spec", tmp_path, "docs")
        given = {
            "base_url": address,
            "secret_key": SECRET,
            "access_key": "ada",
            "passphrase": "pass",
            "token": FILLED[1],
        }
        folder = tmp_path / "docs/reference/collections"
        if program == "newman":
            run_newman(folder / "v1.postman_collection.json", given, tmp_path / "report.json")
        else:
            run_bruno(folder / "bruno-v1", given, tmp_path / "report.json")
    requests = {one["method"]: one for one in seen}
    assert sorted(requests) == ["DELETE", "GET", "PATCH", "POST", "PUT"]
    for one in seen:
        check_request(one)
    sent = json.loads(requests["POST"]["body"])
    assert sent == {"title": TEXT, "nested": {"{{secret_key}}": [TEXT]}}
    assert dict(parse_qsl(requests["PUT"]["body"].decode())) == {"title": TEXT}
    assert TEXT.replace("{{", "{ {").replace("{{", "{ {").encode() in requests["PATCH"]["body"]


def check_request(one: dict[str, Any]) -> None:
    """Nothing is filled in, the texts are those of the description, and what is signed is what is sent."""
    wire = f"{one['target']} {one['headers']} {one['body'].decode()}"
    assert not any(text in unquote(wire) for text in FILLED[:3]), wire
    parts = urlsplit(one["target"])
    assert unquote(parts.path) == f"/{TEXT}"
    assert parse_qsl(parts.query) == [("q{{token}}", TEXT)]
    if one["method"] in ("GET", "POST", "PUT"):
        headers = {name.lower(): value for name, value in one["headers"].items()}
        message = f"{headers['cb-access-timestamp']}{one['method']}{one['target']}".encode() + one["body"]
        signature = hmac.digest(base64.b64decode(SECRET), message, hashlib.sha256)
        assert headers["cb-access-sign"] == base64.b64encode(signature).decode()
