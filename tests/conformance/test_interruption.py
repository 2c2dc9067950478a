"""An interrupted run gives no verdict, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.conformance_model import Model, serving
from tests.conformance.conftest import ENVIRONMENT

CELLS, FUZZING = 20, 80  # requests after which the one or the other layer is at work


@pytest.mark.parametrize(
    ("sent", "requests", "checks"), [(signal.SIGINT, CELLS, "SIG-*"), (signal.SIGTERM, FUZZING, "SCH-*")]
)
def test_no_verdict_and_no_remains(
    shelf_packages: Path, model: Callable[..., Model], tmp_path: Path, sent: signal.Signals, requests: int, checks: str
) -> None:
    path = os.pathsep.join(str(shelf_packages / name) for name in ("client", "conformance"))
    server = model("shelf")
    options = ["--max-examples", "200", "--operations", "addBook,showBook", "--include-check", checks]
    with serving(server) as url:
        run = subprocess.Popen(
            [sys.executable, "-m", "procwise_conformance", url, *options],
            env={**os.environ, "PYTHONPATH": path, **ENVIRONMENT},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while len(server.requests) < requests and run.poll() is None:
            time.sleep(0.02)
        run.send_signal(sent)
        output, errors = run.communicate(timeout=60)
    assert (run.returncode, output) == (2, ""), errors
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert server.objects["books"] == {}
    assert not list(tmp_path.rglob("report.json"))
