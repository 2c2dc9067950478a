"""`explain` of what was pasted from a log or a terminal: the text of a request, and JSON that curl sends as a form."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from procwise_sandbox import Running
from tests.client.cli.conftest import Run
from tests.client.cli.test_own_commands import curl, digest


@pytest.mark.parametrize(
    "form",
    [
        "{line}",
        "{line} HTTP/1.1",
        '127.0.0.1 - - [29/Nov/2026:12:00:00 +0000] "{line} HTTP/1.1" 403 77',
        "{line} HTTP/1.1\r\nHost: a.example\r\nAccept: x\r\n\r\n",
    ],
)
def test_the_text_of_a_request_is_a_request(command: Callable[..., Run], sandbox: Running, form: str) -> None:
    now = int(time.time() * 1000)
    for base, code, message in (
        (f"id=17?nonce=7?timestamp={now}", 0, "the signature is right"),
        (f"nonce=7?timestamp={now}", 1, "the ids in the path were not signed"),
    ):
        signature = digest(base, sandbox.secret_key)
        line = f"GET /api/v3/exams/17?nonce=7&timestamp={now}&signature={signature}"
        found = command("explain", stdin=form.format(line=line).encode())
        assert (found.code, message in found.out) == (code, True), found


def test_the_text_of_a_request_has_headers_and_a_body(command: Callable[..., Run], sandbox: Running) -> None:
    now = int(time.time() * 1000)
    base = f"id=17?mobile_cam=true?name=é?nonce=7?timestamp={now}"
    signature = digest(base, sandbox.secret_key)
    head = f"PATCH /api/v3/exams/17?nonce=7&timestamp={now}&signature={signature} HTTP/1.1"
    text = f'{head}\nHost: a.example\nContent-Type: application/json\n\n{{"name": "é", "mobile_cam": true}}'
    found = command("explain", stdin=text.encode())
    assert (found.code, f"right base string: {base}" in found.out) == (0, True), found


def test_json_that_curl_sends_as_a_form_is_named(command: Callable[..., Run], sandbox: Running) -> None:
    now = int(time.time() * 1000)
    base = f"id=17?name=é?nonce=7?timestamp={now}"
    line = curl(sandbox, base, f"nonce=7&timestamp={now}", body='-X PATCH -d \'{"name": "é"}\'')
    found = command("explain", stdin=line.encode())
    assert (found.code, "add -H 'Content-Type: application/json'" in found.out) == (1, True), found
    right = line.replace("-X PATCH", "-X PATCH -H 'Content-Type: application/json'")
    assert command("explain", stdin=right.encode()).code == 0


@pytest.mark.parametrize("form", ['"{}"', "'{}'", "signature={}", '"signature": "{}"', "{}"])
def test_a_signature_may_be_in_quotes_or_behind_its_name(
    command: Callable[..., Run], tmp_path: Path, form: str
) -> None:
    params = tmp_path / "params.json"
    now = int(time.time() * 1000)
    params.write_text(json.dumps({"id": 17, "nonce": 7, "timestamp": now}))
    signature = digest(f"id=17?nonce=7?timestamp={now}", "made-up-secret")
    found = command("explain", form.format(signature), "--params", str(params), PROCWISE_SECRET_KEY="made-up-secret")
    assert (found.code, "the signature is right" in found.out) == (0, True), found


@pytest.mark.parametrize(
    ("option", "content", "is_right"),
    [
        ("--data-binary @{}", '{"name": "é"}', True),
        ("-d @{}", '{"name":\n "é"}\r\n', True),
        ("--json @{}", '{"name": "é"}\n', True),
        ("--data-raw @{}", '{"name": "é"}', False),
    ],
)
def test_the_file_of_a_curl_line_is_read(
    command: Callable[..., Run], sandbox: Running, tmp_path: Path, option: str, content: str, is_right: bool
) -> None:
    file = tmp_path / "body.json"
    file.write_bytes(content.encode())
    now = int(time.time() * 1000)
    head = "-X PATCH -H 'Content-Type: application/json'"
    body = f"{head} {option.format(file)}"
    line = curl(sandbox, f"id=17?name=é?nonce=7?timestamp={now}", f"nonce=7&timestamp={now}", body=body)
    found = command("explain", stdin=line.encode())
    assert ("the signature is right" in found.out) == is_right, found


@pytest.mark.parametrize(("named", "said"), [("gone.json", "the file gone.json"), ("-", "standard input (`@-`)")])
def test_a_file_that_is_not_here_is_named(command: Callable[..., Run], sandbox: Running, named: str, said: str) -> None:
    line = curl(sandbox, "nonce=7", "nonce=7", body=f"-X PATCH --data-binary @{named}")
    found = command("explain", stdin=line.encode())
    assert found.code == 2
    assert said in found.err
    assert f"in place of `@{named}`" in found.err


@pytest.mark.parametrize("form", ["{}", "{} HTTP/1.1", "{0} HTTP/1.1\nHost: a.example\n\n"])
def test_the_version_is_that_of_the_path(command: Callable[..., Run], sandbox: Running, form: str) -> None:
    now = int(time.time() * 1000)
    signature = digest(f"id=17?nonce=7?timestamp={now}", sandbox.secret_key)
    line = f"GET /api/v1/exams/17?nonce=7&timestamp={now}&signature={signature}"
    found = command("explain", stdin=form.format(line).encode())
    assert (found.code, "the signature is right" in found.out) == (0, True), found
