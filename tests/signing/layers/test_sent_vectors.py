"""The published vectors through generated clients: what they send is signed as published, but for what is listed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.signing.language import used_names
from generator.signing.messages import Request, SignatureRefused, read_claims, request_of, sign_request
from tests.shared import generate, make_environment, share_folder
from tests.signing.layers.vector_descriptions import parameters_of, vectors_by_version, write_descriptions
from tests.signing.published import Vector

pytestmark = pytest.mark.slow


HERE = Path(__file__).parent
VECTORS = vectors_by_version()
REQUESTS = [version for version, (_, vector) in VECTORS.items() if vector.scheme.direction == "request"]
DELIVERIES = [version for version in VECTORS if version not in REQUESTS]
UNSENDABLE: dict[str, dict[str, str]] = yaml.safe_load((HERE / "unsendable_vectors.yaml").read_text("utf-8"))


def reason_of(version: str) -> str:
    """Why the vector cannot be sent as it was published; empty if it can."""
    name, vector = VECTORS[version]
    return UNSENDABLE.get(name, {}).get(vector.name, "")


def call_of(version: str) -> dict[str, Any]:
    _, vector = VECTORS[version]
    values = [value for place in parameters_of(vector).values() for value in place.values()]
    used = used_names(vector.scheme, "credential")
    given = {**vector.credentials, "access_key": vector.credentials["access_key"] or "key"}
    signed = sign_request(vector.scheme, vector.request, vector.credentials, **vector.inputs)
    return {
        "version": version,
        "delivered": version in DELIVERIES,
        "url": vector.request.url,
        "origin": f"{vector.request.scheme}://{vector.request.authority}",
        "headers": signed.headers,
        "body": vector.request.body.decode(),
        "values": values,
        "credentials": {key: text for key, text in given.items() if key in used},
        "settings": vector.inputs["settings"],
        "now_ms": vector.inputs["now_ms"],
        "nonce": vector.inputs["nonce"],
    }


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each client sent, or said of its delivery."""

    def fill(folder: Path) -> None:
        write_descriptions(folder / "spec")
        generate(folder / "spec", folder, "client")

    packages = share_folder(tmp_path_factory, "vector-clients", fill) / "generated"
    done = subprocess.run(
        [sys.executable, str(HERE / "send_vectors.py")],
        env=make_environment(packages, PYTHONDONTWRITEBYTECODE="1"),
        input=json.dumps([call_of(version) for version in VECTORS]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(VECTORS, json.loads(done.stdout), strict=True))


def signatures(vector: Vector, one: dict[str, Any]) -> tuple[str, ...]:
    """The signatures of what was sent; none if nothing was."""
    if "error" in one:
        return ()
    try:
        return read_claims(vector.scheme, sent_request(one)).signatures
    except SignatureRefused:
        return ()


def sent_request(one: dict[str, Any]) -> Request:
    return request_of(one["method"], one["url"], [tuple(pair) for pair in one["headers"]], one["body"])


@pytest.mark.parametrize("version", REQUESTS)
def test_a_client_sends_the_published_signature_unless_it_cannot(version: str, calls: dict[str, Any]) -> None:
    _, vector = VECTORS[version]
    one, reason = calls[version], reason_of(version)
    if reason:
        assert signatures(vector, one) != (vector.signature,), f"is sent as published, and listed because {reason}"
        return
    assert signatures(vector, one) == (vector.signature,), one
    request = sent_request(one)
    assert {name: request.header(name) for name in vector.sent} == {name: [v] for name, v in vector.sent.items()}


@pytest.mark.parametrize("version", DELIVERIES)
def test_a_client_verifies_the_published_delivery(version: str, calls: dict[str, Any]) -> None:
    first, second = calls[version]["verdicts"]
    assert (first, second) == ("verified", "signature")


def test_what_is_listed_is_there() -> None:
    known = {(name, vector.name) for version in REQUESTS for name, vector in [VECTORS[version]]}
    assert {(name, vector) for name, listed in UNSENDABLE.items() for vector in listed} <= known
