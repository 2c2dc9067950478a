"""A description full of quotes, braces and code in every text, name, enum and example injects nothing."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.shared import generate, make_environment

DESCRIPTION = Path(__file__).parent / "hostile.yaml"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    generate(DESCRIPTION, folder)
    return folder


@pytest.mark.slow
def test_python_is_only_what_the_templates_say(output: Path) -> None:
    files = sorted(output.rglob("*.py"))
    assert len(files) > 50
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called != "__import__", path
                assert not called.endswith(".system"), path


@pytest.mark.slow
def test_data_files_hold_the_texts_as_data(output: Path) -> None:
    nasty = yaml.safe_load(DESCRIPTION.read_text("utf-8"))["info"]["title"]
    read = {path.name: json.loads(path.read_text("utf-8")) for path in output.rglob("*.json")}
    assert read["hostile.json"]["info"]["title"] == nasty
    bundle = (output / "generated/openapi/hostile.yaml").read_text("utf-8")
    assert yaml.safe_load(bundle)["info"]["title"] == nasty


@pytest.mark.slow
def test_importing_everything_runs_nothing(output: Path, tmp_path: Path) -> None:
    walk = (
        "import pkgutil, importlib, procwise, procwise_sandbox, procwise_conformance\n"
        "names = [m.name for p in (procwise, procwise_sandbox, procwise_conformance)\n"
        "         for m in pkgutil.walk_packages(p.__path__, p.__name__ + '.') if not m.name.endswith('__main__')]\n"
        "[importlib.import_module(name) for name in names]\n"
        "print(len(names))\n"
    )
    environment = make_environment(output / "generated")
    done = subprocess.run(
        [sys.executable, "-c", walk], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50
    assert not list(tmp_path.iterdir())
    assert not (output / "SENTINEL").exists()
