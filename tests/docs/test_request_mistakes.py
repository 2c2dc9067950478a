"""The catalogue of mistakes in whole requests: the docs site names what the client's `explain` names."""

from __future__ import annotations

import base64
import json
import subprocess
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from generator.signing.explanation.requests import find_causes, single_mistakes, two_mistakes
from generator.signing.language import read_scheme
from generator.signing.messages import SigningError
from generator.signing.messages.evaluation import Context, compute_signature
from generator.signing.messages.sign import prepare_context
from tests.docs.browser_signer import RUNTIME, SCRIPTS
from tests.proofs import FULL
from tests.signing.published import NAMES, value_of
from tests.signing.test_every_clause import GIVEN, NOW_MS, REQUESTS, settings_of

pytestmark = pytest.mark.needs("node")
NONCE = "178549218456"
WRITINGS = ("request-bodies", "request-lines", "request-writings")
MISTAKES = ("json-texts", "value-ways", "signing", "mistakes", *WRITINGS, "request-mistakes")


@pytest.mark.slow
@pytest.mark.parametrize(("single", "double", "least"), [(1, 23, 300) if FULL else (4, 90, 60)])
def test_the_site_finds_what_the_client_finds(single: int, double: int, least: int) -> None:
    """Of the single mistakes of each scheme one in so many, and of two at once."""
    cases, expected = [], []
    for number, name in enumerate(NAMES):
        context, case = case_of(name, number)
        wrong = islice(single_mistakes(context), number % single, None, single)
        both = islice(two_mistakes(context), number, 900, double)
        others = [compute_signature(context), *(["of somebody else"] if number % single == 0 else [])]
        case["signatures"] = [*sign_all([*wrong, *both]), *others]
        expected += [next(find_causes(context, (signature,)), "") for signature in case["signatures"]]
        cases.append(case)
    found = find_on_the_site(cases)
    assert [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]][:5] == []
    assert len({cause for cause in expected if "; and " in cause}) > least
    assert expected.count("") > len(NAMES)


def case_of(name: str, number: int) -> tuple[Context, dict[str, Any]]:
    """The request of a scheme, and the same for the site."""
    value = value_of(name)
    scheme, request = read_scheme(value), REQUESTS[(1, 2)[number % 2]]
    inputs: dict[str, Any] = {"settings": settings_of(scheme), "now_ms": NOW_MS, "nonce": NONCE}
    case = {
        "value": json.dumps(value),
        "method": request.method,
        "url": request.url,
        "headers": request.headers,
        "body": base64.b64encode(request.body).decode(),
        "inputs": {"credentials": GIVEN, "settings": inputs["settings"], "nowMs": NOW_MS, "nonce": NONCE},
    }
    return prepare_context(scheme, request, GIVEN, **inputs), case


def sign_all(attempts: list[tuple[str, Context]]) -> list[str]:
    """What careless programs sign."""
    found = []
    for _, attempt in attempts:
        with suppress(SigningError):
            found.append(compute_signature(attempt))
    return found


def find_on_the_site(cases: list[dict[str, Any]]) -> list[str]:
    """The causes that the scripts of the site name."""
    scripts = [str(RUNTIME / f"{name}.js") for name in (*SCRIPTS, *MISTAKES)]
    call = ["node", str(Path(__file__).parent / "find_causes.cjs")]
    done = subprocess.run(call, input=json.dumps([scripts, cases]).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    causes: list[str] = json.loads(done.stdout)
    return causes
