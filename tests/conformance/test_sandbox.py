"""The sandbox of this toolkit conforms to the description that both were written from."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conftest import ROOT, command


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    path = os.pathsep.join(str(ROOT / "generated" / name) for name in ("client", "sandbox"))
    files = tmp_path_factory.mktemp("files")
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--files", str(files)]
    environment = {**os.environ, "PYTHONPATH": path}
    with subprocess.Popen(
        call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())
        server.terminate()


@pytest.mark.parametrize("version", ["v3", "v1"])
def test_conforms(sandbox: dict[str, Any], tmp_path: Path, version: str) -> None:
    environment = {
        "PROCWISE_TOKEN": sandbox["token"],
        "PROCWISE_SECRET_KEY": sandbox["secret_key"],
        "SECOND_TOKEN": sandbox["second"]["token"],
        "SECOND_SECRET": sandbox["second"]["secret_key"],
        "SUPERUSER_TOKEN": sandbox["superuser"]["token"],
        "SUPERUSER_SECRET": sandbox["superuser"]["secret_key"],
    }
    second = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")
    superuser = ("--superuser-token-env", "SUPERUSER_TOKEN", "--superuser-secret-env", "SUPERUSER_SECRET")
    options = ("--api", version, "--max-examples", "1", *second, *superuser)
    outcome = command(ROOT / "generated", tmp_path)(sandbox["base_url"], *options, environment=environment)
    assert (outcome.code, outcome.broken()) == (0, set()), outcome.output + outcome.errors
