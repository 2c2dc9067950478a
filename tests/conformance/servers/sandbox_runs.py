"""The sandbox of this toolkit as a server, and runs of the suite against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conformance.conftest import ROOT, Outcome, command
from tests.programs import PROGRAMS
from tests.shared import make_environment


@contextmanager
def sandbox(files: Path, *options: str) -> Iterator[dict[str, Any]]:
    """What a new sandbox prints about itself."""
    call = ("procwise_sandbox", "--port", "0", "--files", str(files), *options)
    with PROGRAMS.start(*call, environment=make_environment(ROOT / "generated"), quiet=True) as server:
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()


def run_suite_against(
    started: dict[str, Any], folder: Path, *options: str, users: tuple[str, ...] = ("second", "superuser"), **other: str
) -> Outcome:
    """A run with these users of the sandbox; `other` are environment variables that are set otherwise."""
    environment = {
        "PROCWISE_TOKEN": started["token"],
        "PROCWISE_SECRET_KEY": started["secret_key"],
        "SECOND_TOKEN": started["second"]["token"],
        "SECOND_SECRET": started["second"]["secret_key"],
        "SUPERUSER_TOKEN": started["superuser"]["token"],
        "SUPERUSER_SECRET": started["superuser"]["secret_key"],
        **other,
    }
    named = [f"--{user}-{kept}-env={user.upper()}_{kept.upper()}" for user in users for kept in ("token", "secret")]
    run = command(ROOT / "generated", folder)
    return run(started["base_url"], *named, *options, environment=environment)
