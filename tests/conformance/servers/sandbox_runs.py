"""The sandbox of this toolkit as a server, and runs of the suite against it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conformance.conftest import ROOT, Outcome, command


@contextmanager
def sandbox(files: Path, *options: str) -> Iterator[dict[str, Any]]:
    """What a new sandbox tells about itself."""
    path = os.pathsep.join(str(ROOT / "generated" / name) for name in ("client", "sandbox"))
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--files", str(files), *options]
    environment = {**os.environ, "PYTHONPATH": path}
    with subprocess.Popen(
        call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()


def held_against(
    told: dict[str, Any], folder: Path, *options: str, users: tuple[str, ...] = ("second", "superuser"), **other: str
) -> Outcome:
    """A run with these users of the sandbox; `other` are environment variables that are set otherwise."""
    environment = {
        "PROCWISE_TOKEN": told["token"],
        "PROCWISE_SECRET_KEY": told["secret_key"],
        "SECOND_TOKEN": told["second"]["token"],
        "SECOND_SECRET": told["second"]["secret_key"],
        "SUPERUSER_TOKEN": told["superuser"]["token"],
        "SUPERUSER_SECRET": told["superuser"]["secret_key"],
        **other,
    }
    named = [f"--{user}-{kept}-env={user.upper()}_{kept.upper()}" for user in users for kept in ("token", "secret")]
    run = command(ROOT / "generated", folder)
    return run(told["base_url"], *named, *options, environment=environment)
