"""Refused lines of curl, of schemes that sign whole requests: the workbench reads and explains them as the client."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from generator.signing.explanation.requests import explain_request, single_mistakes
from generator.signing.language import SigningScheme, read_scheme
from generator.signing.messages import Request, SignatureRefused, SigningError, read_claims, request_of, sign_request
from generator.signing.messages.evaluation import compute_signature
from generator.signing.messages.placement import place_signature
from generator.signing.messages.sign import prepare_context
from tests.docs.browser_signer import RUNTIME, SCRIPTS, line_of
from tests.docs.test_request_mistakes import MISTAKES
from tests.signing.published import NAMES, unseen_values, value_of, vectors_of
from tests.signing.test_every_clause import GIVEN, NOW_MS, settings_of

pytestmark = pytest.mark.needs("node")
ALL = [str(RUNTIME / f"{name}.js") for name in (*SCRIPTS, "claims", *MISTAKES, "requests")]
VALUES = {**{name: value_of(name) for name in NAMES}, **unseen_values()}
JSON = request_of(
    "POST", "https://a.example/v1/books/?b=%C3%A9&on=true", {"Content-Type": "application/json"}, '{"n": 1.0}'
)
FORM = request_of(
    "POST", "https://a.example/v1/books/?b=2", {"Content-Type": "application/x-www-form-urlencoded"}, "z=it's&on=true"
)


def explain_lines(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    call = ["node", str(Path(__file__).parent / "explain_lines.cjs")]
    done = subprocess.run(call, input=json.dumps([ALL, cases]).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def case_of(value: Any, request: Request, scheme: SigningScheme) -> dict[str, Any]:
    given = {name: text for name, text in GIVEN.items() if name in scheme.credentials}
    return {"value": json.dumps(value), "line": line_of(request), "credentials": given, "settings": settings_of(scheme)}


@pytest.mark.slow
def test_what_a_line_says_is_what_the_client_reads() -> None:
    vectors = [vector for name in NAMES for vector in vectors_of(name)]
    cases, expected = [], []
    for vector in vectors:
        request = sign_request(vector.scheme, vector.request, vector.credentials, **vector.inputs)
        case = {"value": json.dumps(vector.value), "line": line_of(request), "credentials": {}, "settings": {}}
        claims = read_claims(vector.scheme, request)
        names = None if claims.header_names is None else [*claims.header_names]
        said = {"timestamp": claims.timestamp, "nonce": claims.nonce, "signatures": [*claims.signatures]}
        known = {"credentials": {**claims.credentials}, "settings": {**claims.settings}}
        cases.append(case)
        expected.append({**said, "headerNames": names, **known})
    assert [found.get("claims", found) for found in explain_lines(cases)] == expected


@pytest.mark.slow
def test_a_line_gets_the_verdict_of_the_client() -> None:
    """Right and wrong signatures of every scheme, in the fields that it sends."""
    cases, expected = [], []
    for number, (name, value) in enumerate(VALUES.items()):
        scheme = read_scheme(value)
        try:
            context = prepare_context(
                scheme,
                (JSON, FORM)[number % 2],
                GIVEN,
                settings=settings_of(scheme),
                now_ms=NOW_MS,
                nonce="1785492184567",
            )
        except SigningError:
            continue
        for cause, attempt in [("", context), *islice(single_mistakes(context), number % 97, None, 97)]:
            try:
                signed = place_signature(replace(context, signature=compute_signature(attempt)))
            except SigningError:
                continue
            given = {one: text for one, text in GIVEN.items() if one in scheme.credentials}
            cases.append(case_of(value, signed, scheme))
            expected.append(
                (name, explain_request(scheme, signed, given, settings=settings_of(scheme)).cause, bool(cause))
            )
    found = explain_lines(cases)
    told = [(name, one.get("cause", one), bool(cause)) for one, (name, _, cause) in zip(found, expected, strict=True)]
    assert [pair for pair in zip(told, expected, strict=True) if pair[0] != pair[1]][:3] == []
    assert len({cause for _, cause, _ in expected}) > 30
    assert [one["unfit"] for one in found if one["unfit"]] == []


def test_a_line_without_its_signature_or_with_another_key_id() -> None:
    value = VALUES["coinbase-exchange"]
    scheme = read_scheme(value)
    signed = sign_request(scheme, JSON, GIVEN, now_ms=NOW_MS)
    bare, other = signed.without_header("CB-ACCESS-SIGN"), signed.with_header("CB-ACCESS-PASSPHRASE", "x")
    missing, unfit = explain_lines([case_of(value, bare, scheme), case_of(value, other, scheme)])
    with pytest.raises(SignatureRefused) as refused:
        explain_request(scheme, bare, GIVEN)
    assert missing == {"error": str(refused.value)}
    assert unfit["unfit"] == "CB-ACCESS-PASSPHRASE"
    assert unfit["cause"] == ""
