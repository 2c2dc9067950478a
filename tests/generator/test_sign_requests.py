"""`procwise-toolkit sign` with schemes that sign whole requests: a request on standard input, its signature out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from generator.signing.one_request import read_unsigned, sign_unsigned
from tests.generator.running import Run
from tests.signing.published import FOLDER, NAMES, Vector, vectors_of

VECTORS = {f"{name}: {vector.name}": (name, vector) for name in NAMES for vector in vectors_of(name)}
# made with a path that no address has
WITHOUT_ADDRESS = "azure-storage-sharedkey: container properties"
BY_COMMAND = (
    "oauth1: protected resource",
    "tencent-tc3: DescribeInstances",
    "stripe: customer.created",
    "akamai-edgegrid: POST inside limit",
)


def describe_request(vector: Vector) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in vector.request.headers:
        headers.setdefault(name, []).append(value)
    body = {"body": vector.request.body.decode()} if vector.request.body else {}
    stamps = {"timestamp": vector.inputs["timestamp"], "nonce": vector.inputs["nonce"]}
    return {"method": vector.request.method, "url": vector.request.url, "headers": headers, **body, **stamps}


@pytest.mark.parametrize("label", [label for label in VECTORS if label != WITHOUT_ADDRESS])
def test_the_signature_is_the_published_one(label: str) -> None:
    _, vector = VECTORS[label]
    signed = sign_unsigned(
        vector.scheme, read_unsigned(describe_request(vector)), vector.credentials, vector.inputs["settings"]
    )
    assert signed["signature"] == vector.signature
    if vector.base_string is not None:
        masked = vector.base_string.replace(vector.credentials["secret_key"], "<secret_key>")
        assert signed["message"] == masked
    sent = dict(signed["request"]["headers"])  # type: ignore[index]
    assert vector.sent.items() <= sent.items()


@pytest.mark.parametrize("label", BY_COMMAND)
def test_the_command_signs_so_too(label: str, toolkit: Callable[..., Run]) -> None:
    name, vector = VECTORS[label]
    given = {key: f"GIVEN_{key.upper()}" for key, text in vector.credentials.items() if text}
    variables = {variable: vector.credentials[key] for key, variable in given.items()}
    options = [word for key, variable in given.items() for word in ("--credential", f"{key}={variable}")]
    options += [word for key, text in vector.inputs["settings"].items() for word in ("--setting", f"{key}={text}")]
    options += ["--secret-env", "GIVEN_SECRET_KEY", "--spec", str(FOLDER / name)]
    run = toolkit("sign", *options, stdin=json.dumps(describe_request(vector)), **variables)
    assert (run.code, run.err) == (0, "")
    assert json.loads(run.out)["signature"] == vector.signature


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"method": "GET"}, "no method or no url"),
        ({"method": "GET", "url": "https://a.example/", "body": {"x": 1}, "path": "/"}, "no member 'path'"),
        ({"method": "GET", "url": "https://a.example/", "headers": {"X": 1}}, "the header X is neither"),
        ({"method": "GET", "url": "https://a.example/", "headers": []}, "headers of the request are no object"),
        ({"method": "GET", "url": 1}, "url of the request is no text"),
        ({"method": "GET", "url": "https://a.example/", "timestamp": "today"}, "timestamp of the request is not"),
        ({"method": "GET", "url": "https://a.example/"}, "access_key is missing (pass it by --credential"),
    ],
)
def test_what_cannot_be_signed_is_one_sentence(given: Any, said: str, toolkit: Callable[..., Run]) -> None:
    spec = ("--spec", str(FOLDER / "gate-v4"))
    run = toolkit("sign", "--secret-env", "S", *spec, stdin=json.dumps(given), S="planted-secret-key")
    assert (run.code, run.out) == (2, "")
    assert said in run.err
    assert "planted-secret-key" not in run.err


def test_a_secret_in_the_message_is_not_shown(toolkit: Callable[..., Run]) -> None:
    given = json.dumps({"method": "GET", "url": "https://a.example/?b=1"})
    options = ("--secret-env", "S", "--credential", "access_key=K", "--spec", str(FOLDER / "flickr-legacy"))
    run = toolkit("sign", *options, stdin=given, S="planted-secret-key", K="ada")
    assert json.loads(run.out)["message"] == "<secret_key>api_keyadab1"
    assert "planted-secret-key" not in run.out


def test_a_body_may_be_json(toolkit: Callable[..., Run]) -> None:
    spec, given = ("--spec", str(FOLDER / "github-webhook")), {"method": "POST", "url": "https://a.example/"}
    runs = [
        toolkit("sign", "--secret-env", "S", *spec, stdin=json.dumps({**given, "body": body}), S="key")
        for body in ({"a": [1, "é"]}, '{"a":[1,"é"]}')
    ]
    assert runs[0].out == runs[1].out
    assert yaml.safe_load(runs[0].out)["message"] == '{"a":[1,"é"]}'
