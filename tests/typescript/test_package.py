"""The generated package in Node: the shared vectors, and what it sends to a server in the same process."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.spec import read_project
from tests.typescript.packages import PACKAGE, install, run_node

pytestmark = pytest.mark.needs("node")
VECTORS = Path(__file__).parents[1] / "signing/vectors.json"
MODULES = ("procwise", "procwise/v1", "procwise/v3")
DECLARED = re.compile(r"^export (?:declare )?(?:class|function|const) (\w+)", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("package"))


def test_all_vectors(folder: Path) -> None:
    signed: list[list[str]] = json.loads(run_node(folder, "sign_vectors.mjs", str(VECTORS), *MODULES))
    vectors: list[dict[str, Any]] = json.loads(VECTORS.read_text("utf-8"))["vectors"]
    assert len(vectors) == 74
    assert signed == [[name, v["name"], v["base_string"], v["signature"]] for name in MODULES for v in vectors]


def test_failures_lists_files_and_numbers(folder: Path) -> None:
    job = next(one.job for one in read_project().current.operations if one.job)
    words = ",".join((job.field, job.success[0], job.failure[0], job.pending[0]))
    programs = sorted(path.name for path in folder.glob("*.test.mjs"))
    printed = run_node(folder, "--test", "--test-reporter=tap", *programs, JOB=words)
    found = re.search(r"^# pass (\d+)$", printed, re.MULTILINE)
    assert found is not None
    assert int(found[1]) == sum(path.read_text("utf-8").count("\ntest(") for path in folder.glob("*.test.mjs"))


def test_each_module_offers_what_its_types_declare(folder: Path) -> None:
    """What is handed on with `export *` is of a module that is looked at itself."""
    pairs = [path for path in PACKAGE.rglob("*.d.ts") if path.with_suffix("").with_suffix(".js").exists()]
    assert len(pairs) > 8
    modules = [str(path.with_suffix("").with_suffix(".js")) for path in pairs]
    program = "for (const one of process.argv.slice(1)) console.log(Object.keys(await import(one)).join())"
    printed = run_node(folder, "--input-type=module", "-e", program, *modules).splitlines()
    for path, names in zip(pairs, printed, strict=True):
        declared = {*DECLARED.findall(path.read_text("utf-8"))}
        assert declared <= {*names.split(",")}, path
        if "export *" not in path.read_text("utf-8"):
            assert {*names.split(",")} == declared, path
