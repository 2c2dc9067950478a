"""The published vectors of all public schemes, sent by generated TypeScript clients: signed as they were published."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.signing.messages import read_claims
from tests.shared import generate
from tests.signing.layers.test_sent_vectors import REQUESTS, VECTORS, call_of, reason_of, sent_request
from tests.signing.layers.vector_descriptions import parameters_of, write_descriptions
from tests.typescript.packages import install

pytestmark = [pytest.mark.needs("node"), pytest.mark.slow]
SENT = [version for version in REQUESTS if not reason_of(version)]


def list_calls() -> list[dict[str, Any]]:
    named = {version: parameters_of(VECTORS[version][1]).values() for version in SENT}
    return [
        {**call_of(version), "named": {name: text for values in named[version] for name, text in values.items()}}
        for version in SENT
    ]


def test_what_is_sent_is_signed_as_it_was_published(tmp_path: Path) -> None:
    write_descriptions(tmp_path / "spec")
    package = generate(tmp_path / "spec", tmp_path / "out", "typescript") / "typescript"
    folder = install(tmp_path / "programs", package)
    call = ["node", "send_vectors.mjs"]
    done = subprocess.run(call, cwd=folder, input=json.dumps(list_calls()), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = dict(zip(SENT, json.loads(done.stdout), strict=True))
    assert len(answers) > 25
    wrong = {}
    for version, one in answers.items():
        _, vector = VECTORS[version]
        if "error" in one or read_claims(vector.scheme, sent_request(one)).signatures != (vector.signature,):
            wrong[version] = one
    assert wrong == {}
