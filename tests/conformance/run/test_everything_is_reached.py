"""With the ids of the demo data, the operations whose objects the suite cannot create succeed as well."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from procwise_sandbox import running
from tests.demo import DEMO_IDS
from tests.shared import make_environment

ASKING = ("addComanager", "removeComanager", "assignProctor", "showLtiStudent")
GENERATED = Path(__file__).parents[3] / "generated"


@pytest.mark.slow
def test_ids_of_the_demo_data_reach_what_asks_for_them(tmp_path: Path) -> None:
    with running(files=tmp_path / "files") as sandbox:
        environment = make_environment(GENERATED, PROCWISE_TOKEN=sandbox.token, PROCWISE_SECRET_KEY=sandbox.secret_key)
        options = ["--operations", ",".join(ASKING), "--ids", DEMO_IDS, "--include-check", "MOD-*"]
        done = subprocess.run(
            [sys.executable, "-m", "procwise_conformance", sandbox.base_url, *options, "--report", "report"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    coverage = json.loads((tmp_path / "report/report.json").read_text("utf-8"))["coverage"]
    assert len(coverage) == len(ASKING)
    assert [(one["operation"], one["why"]) for one in coverage if not one["exercised"]] == []
