"""Signatures that are put into the body, or that sign it with what is put into it, where its texts hold braces."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from tests.docs.collections.collection_runs import install_programs, record_everything, run_bruno, run_newman
from tests.shared import generate

pytestmark = pytest.mark.needs("npm")
SECRET = "secret-key-of-many-bytes"
TEXT = '{{secret_key}} {{{token}}} é \\{{ " & = +'
PROGRAMS = ["newman", pytest.param("bruno", marks=pytest.mark.slow)]
SCHEME = {
    "algorithm": "hmac-sha256",
    "digest": "hex-lower",
    "key": {"credential": "secret_key"},
    "nonce": {"type": "hex"},
}
SIGNED_BODY = {
    **SCHEME,
    "message": {"join": "\n", "parts": ["nonce", "body"]},
    "placement": [
        {"in": "body", "fields": {"once": "{nonce}"}},
        {"in": "header", "fields": {"X-Proof": "{signature}"}},
    ],
}
SIGNATURE_IN_BODY = {
    **SCHEME,
    "message": {"parameters": ["query", "body"], "order": "name-bytes", "values": "plain", "separator": "&"},
    "placement": [
        {"in": "body", "fields": {"key": "{credential.access_key}", "once": "{nonce}", "proof": "{signature}"}}
    ],
}
JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"


def operation(name: str, media: str) -> dict[str, Any]:
    title = {"type": "string", "examples": [TEXT]}
    file = {"file": {"type": "string", "format": "binary"}} if media == MULTIPART else {}
    schema = {"type": "object", "properties": {"title": title, **file}}
    return {
        "operationId": name,
        "summary": name,
        "security": [{"Signature": []}],
        "requestBody": {
            "content": {media: {"schema": schema, "example": {"title": TEXT, **dict.fromkeys(file, "a file")}}}
        },
        "responses": {"200": {"description": "It was taken."}},
    }


def description(server: str, scheme: dict[str, Any], *medias: str) -> dict[str, Any]:
    methods = {JSON: "post", FORM: "put", MULTIPART: "patch"}
    signature = {"type": "apiKey", "in": "header", "name": "Authorization", "x-signing": scheme}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Books", "version": "1"},
        "servers": [{"url": server}],
        "paths": {"/books": {methods[media]: operation(methods[media], media) for media in medias}},
        "components": {"securitySchemes": {"Signature": signature}},
    }


def run(program: str, folder: Path, scheme: dict[str, Any], *medias: str) -> dict[str, dict[str, Any]]:
    """The requests that the program sends, by their methods."""
    install_programs()
    with record_everything() as (address, seen):
        (folder / "spec/v1").mkdir(parents=True)
        written = yaml.safe_dump(description(address, scheme, *medias))
        (folder / "spec/v1/openapi.yaml").write_text(written, "utf-8")
        generate(folder / "spec", folder, "docs")
        given = {"base_url": address, "secret_key": SECRET, "access_key": "ada", "token": "token-of-ada"}
        collections = folder / "docs/reference/collections"
        for place in (folder, collections / "bruno-v1"):
            (place / "upload.txt").write_text("H, He", "utf-8")
        if program == "newman":
            run_newman(collections / "v1.postman_collection.json", given, folder / "report.json")
        else:
            run_bruno(collections / "bruno-v1", given, folder / "report.json")
    assert len(seen) == len(medias)
    for one in seen:
        one["headers"] = {name.lower(): value for name, value in one["headers"].items()}
    return {one["method"]: one for one in seen}


def fields_of(request: dict[str, Any]) -> dict[str, str]:
    """The members of the body that are no files, as they are sent."""
    media = request["headers"]["content-type"]
    if media.startswith(MULTIPART):
        whole = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {media}\r\n\r\n".encode() + request["body"])
        return {name: text for name, text, file in read_parts(whole) if not file}
    body = request["body"].decode()
    fields: dict[str, str] = json.loads(body) if media.startswith(JSON) else dict(parse_qsl(body, strict_parsing=True))
    return fields


def read_parts(whole: Any) -> Iterator[tuple[str, str, str | None]]:
    """The name, the text and the file's name of each part of a form."""
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        yield name, part.get_payload(decode=True).decode(), part.get_filename()


def sign(message: bytes) -> str:
    return hmac.digest(SECRET.encode(), message, hashlib.sha256).hex()


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_body_that_is_signed_is_the_one_that_is_sent(program: str, tmp_path: Path) -> None:
    sent = run(program, tmp_path, SIGNED_BODY, JSON, FORM)
    for request in sent.values():
        fields = fields_of(request)
        assert fields == {"title": TEXT, "once": fields["once"]}
        assert request["headers"]["x-proof"] == sign(fields["once"].encode() + b"\n" + request["body"])


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_signature_is_put_into_each_kind_of_body(program: str, tmp_path: Path) -> None:
    sent = run(program, tmp_path, SIGNATURE_IN_BODY, JSON, FORM, MULTIPART)
    for method, request in sent.items():
        fields = fields_of(request)
        title = TEXT.replace("{{", "{ {").replace("{{", "{ {") if method == "PATCH" else TEXT
        assert fields == {"title": title, "key": "ada", "once": fields["once"], "proof": fields["proof"]}
        proof = fields.pop("proof")
        assert not urlsplit(request["target"]).query
        message = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
        assert proof == sign(message.encode()), method
    assert b"H, He" in sent["PATCH"]["body"]
