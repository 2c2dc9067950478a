"""The signature of both versions against the vectors, one case each; and by the standard library alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

import procwise.signing
import procwise.v1.signing
import procwise.v3.signing

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["vectors"]
SCHEMES = {"current": procwise.signing, "v1": procwise.v1.signing, "v3": procwise.v3.signing}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
@pytest.mark.parametrize("module", SCHEMES.values(), ids=SCHEMES.keys())
def test_vector(vector: dict[str, Any], module: Any) -> None:
    assert module.base_string(vector["params"]) == vector["base_string"]
    assert module.sign(vector["params"], vector["secret"]) == vector["signature"]
    assert module.SCHEME.verify(vector["params"], vector["secret"], vector["signature"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_themselves_hold(vector: dict[str, Any]) -> None:
    digest = hmac.new(vector["secret"].encode(), vector["base_string"].encode(), hashlib.sha256)
    assert digest.hexdigest() == vector["signature"]


def test_all_vectors_are_here() -> None:
    assert len(VECTORS) == 74
    assert len({vector["name"] for vector in VECTORS}) == 74
