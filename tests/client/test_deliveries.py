"""A client whose description has a scheme for deliveries verifies what arrives at an address of yours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs import mark_slow
from tests.signing.published import FOLDER, Vector, vectors_of

CALLS = """
import json, sys, typing
from procwise.signing import DELIVERY_SCHEMES, SignatureRefused, SigningError, request_of, verify
from procwise.signing.messages import sign_request
given = json.loads(sys.stdin.read())
assert typing.get_type_hints(verify)["secret_key"] is str
for body in (given["body"], given["body"] + " "):
    request = request_of("POST", given["url"], given["headers"], body)
    try:
        verify(request, given["secret_key"], now_ms=given["now_ms"])
        print("verified")
    except SignatureRefused as refused:
        print(refused.reason)
forged = DELIVERY_SCHEMES["Signature"]
try:
    signed = sign_request(forged, request, {"secret_key": ""}, now_ms=given["now_ms"], nonce="1")
    verify(signed, "", now_ms=given["now_ms"])
    print("forged")
except SigningError:
    print("empty")
"""


def published_vector(name: str) -> Vector:
    (vector,) = vectors_of(name)
    return vector


@pytest.mark.slow
@pytest.mark.parametrize("name", ["stripe", mark_slow("standard-webhooks"), mark_slow("github-webhook")])
def test_a_published_delivery_is_verified_and_a_changed_one_refused(name: str, root: Path, tmp_path: Path) -> None:
    call = [
        sys.executable,
        "-m",
        "generator",
        "generate",
        "--spec",
        str(FOLDER / name),
        "--out",
        ".",
        "--layer",
        "client",
    ]
    subprocess.run(call, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}, check=True, capture_output=True)
    vector = published_vector(name)
    given = {
        "url": vector.request.url,
        "headers": {**dict(vector.request.headers), **vector.sent},
        "body": vector.request.body.decode(),
        "secret_key": vector.credentials["secret_key"],
        "now_ms": vector.inputs["now_ms"],
    }
    done = subprocess.run(
        [sys.executable, "-c", CALLS],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "generated/client")},
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["verified", "signature", "empty"], done.stderr
