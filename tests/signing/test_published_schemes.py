"""Every published vector of 24 public schemes, signed, sent and read back, by the value of the scheme alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from generator.signing.language.model import Source
from generator.signing.messages import Request, SignatureRefused, read_claims, sign_request, verify_request
from generator.signing.messages.evaluation import message_of
from generator.signing.messages.sign import prepare_context
from tests.signing.published import FOLDER, NAMES, Vector, vectors_of

VECTORS = [(name, vector) for name in NAMES for vector in vectors_of(name)]
IDS = [f"{name}-{vector.name}" for name, vector in VECTORS]
every_vector = pytest.mark.parametrize("vector", [vector for _, vector in VECTORS], ids=IDS)


def sign(vector: Vector) -> Request:
    return sign_request(vector.scheme, vector.request, vector.credentials, **vector.inputs)


def test_all_published_vectors_are_here() -> None:
    assert len(NAMES) == 24
    assert len(VECTORS) == 48


@every_vector
def test_the_signature_is_the_published_one(vector: Vector) -> None:
    request = sign(vector)
    assert read_claims(vector.scheme, request).signatures == (vector.signature,)
    assert {name: request.header(name) for name in vector.sent} == {name: [v] for name, v in vector.sent.items()}


@pytest.mark.parametrize(
    "vector",
    [v for _, v in VECTORS if v.base_string],
    ids=[i for i, (_, v) in zip(IDS, VECTORS, strict=True) if v.base_string],
)
def test_the_message_is_the_published_one(vector: Vector) -> None:
    context = prepare_context(vector.scheme, vector.request, vector.credentials, **vector.inputs)
    assert message_of(context).decode() == vector.base_string


@every_vector
def test_every_sent_value_is_read_back(vector: Vector) -> None:
    claims = read_claims(vector.scheme, sign(vector))
    assert claims.timestamp == vector.inputs["timestamp"]
    assert claims.nonce == vector.inputs["nonce"]
    assert claims.credentials.items() <= vector.credentials.items()
    assert claims.settings.items() <= vector.inputs["settings"].items()
    sent_keys = {
        str(s) for p in vector.scheme.placements for f in p.fields for s in f.part.form.pieces if isinstance(s, Source)
    }  # type: ignore[union-attr]  # fields are texts here
    assert ("credential.access_key" in sent_keys) <= ("access_key" in claims.credentials)


@every_vector
def test_the_request_is_accepted_and_with_another_secret_refused(vector: Vector) -> None:
    request, now = sign(vector), vector.inputs["now_ms"]
    verified = verify_request(vector.scheme, request, vector.credentials, now_ms=now)
    assert verified.nonce == vector.inputs["nonce"]
    other = {**vector.credentials, "secret_key": "bm90IHRoaXMgb25l"}
    with pytest.raises(SignatureRefused, match="the signature is wrong"):
        verify_request(vector.scheme, request, other, now_ms=now)


@every_vector
def test_an_old_request_is_refused_if_the_scheme_has_a_window(vector: Vector) -> None:
    request, later = sign(vector), vector.inputs["now_ms"] + 10**9
    if vector.scheme.timestamp is None:
        verify_request(vector.scheme, request, vector.credentials, now_ms=later)
        return
    with pytest.raises(SignatureRefused) as refused:
        verify_request(vector.scheme, request, vector.credentials, now_ms=later)
    assert refused.value.reason == "stale"


@every_vector
def test_a_signed_request_is_signed_anew_in_place(vector: Vector) -> None:
    once = sign(vector)
    assert sign(replace(vector, request=once)) == once


def test_no_value_names_the_vendor_in_the_evaluator() -> None:
    vendors = (
        "aws|amazon|azure|akamai|tencent|alibaba|kraken|coinbase|binance|twilio|stripe|github|oauth|shopify|flickr"
    )
    for path in (FOLDER.parents[2] / "generator/signing").rglob("*.py"):
        assert not re.search(vendors, path.read_text("utf-8"), re.IGNORECASE), path
