"""The scripts of the docs site that sign, run in Node: one process for many cases."""

from __future__ import annotations

import base64
import json
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.signing.messages import Request

RUNTIME = Path(__file__).parents[2] / "docs/reference/assets"
SCRIPTS = ("vendor/js-md5", "webcrypto", "bytes", "texts", "transforms", "moments", "request", "evaluator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request that is to be signed by the value of a scheme."""

    value: Mapping[str, Any]
    request: Request
    credentials: Mapping[str, str]
    settings: Mapping[str, str]
    now_ms: int
    nonce: str = ""
    timestamp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCase:
    """What the scripts made of it; `error` is empty if they signed."""

    message: bytes = b""
    signature: str = ""
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    error: str = ""


def sign_cases(cases: Sequence[Case]) -> list[SignedCase]:
    """Sign all of them."""
    values = list(dict.fromkeys(json.dumps(case.value, ensure_ascii=False) for case in cases))
    requests: list[Request] = []
    for case in cases:
        if case.request not in requests:
            requests.append(case.request)
    given = [
        [str(RUNTIME / f"{name}.js") for name in SCRIPTS],
        values,
        [_describe(request) for request in requests],
        [
            [values.index(json.dumps(case.value, ensure_ascii=False)), requests.index(case.request), _inputs(case)]
            for case in cases
        ],
    ]
    call = ["node", str(Path(__file__).parent / "sign_cases.cjs")]
    done = subprocess.run(call, input=json.dumps(given).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [_read(one) for one in json.loads(done.stdout)]


def _describe(request: Request) -> Mapping[str, Any]:
    return {
        "method": request.method,
        "url": request.url,
        "wire": request.path,
        "headers": request.headers,
        "body": base64.b64encode(request.body).decode(),
        "path": {name: str(value) for name, value in request.parameters.get("path", {}).items()},
    }


def _inputs(case: Case) -> Mapping[str, Any]:
    return {
        "credentials": case.credentials,
        "settings": case.settings,
        "nowMs": case.now_ms,
        "nonce": case.nonce,
        "timestamp": case.timestamp,
    }


def _read(one: Any) -> SignedCase:
    if isinstance(one, str):
        return SignedCase(error=one)
    message, signature, url, headers, body = one
    return SignedCase(
        message=base64.b64decode(message),
        signature=signature,
        url=url,
        headers=tuple((name, value) for name, value in headers),
        body=base64.b64decode(body),
    )


def line_of(request: Request) -> str:
    """The line of curl that sends a request."""
    words = [
        "curl",
        "-X",
        request.method,
        *(word for name, value in request.headers for word in ("-H", f"{name}: {value}")),
    ]
    words += ["--data-raw", request.body.decode()] if request.body else []
    return shlex.join([*words, request.url])
