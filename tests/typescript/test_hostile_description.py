"""A description whose texts and names try to become JavaScript: nothing of it runs, and the types still compile."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.shared import generate
from tests.typescript.packages import install, run_node
from tests.typescript.test_types import compile_files, list_sources

pytestmark = pytest.mark.needs("npm")
DESCRIPTION = ROOT / "tests/layers/hostile.yaml"
OF_PYTHON, OF_JAVASCRIPT = "__import__('os').system('touch SENTINEL')", "globalThis.FOREIGN=1;"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    text = DESCRIPTION.read_text("utf-8")
    assert text.count(OF_PYTHON) > 3
    (folder / "hostile.yaml").write_text(text.replace(OF_PYTHON, OF_JAVASCRIPT), "utf-8")
    return generate(folder / "hostile.yaml", folder, "typescript") / "typescript"


def test_nothing_of_it_runs(package: Path, tmp_path: Path) -> None:
    modules = [str(path) for path in package.rglob("*.js")]
    printed = json.loads(run_node(install(tmp_path, package), "import_all.mjs", "procwise", *modules))
    assert printed["foreign"] is None
    assert len(printed["sent"]) >= 2
    assert all(url.startswith("https://own.example/") for _, url in printed["sent"])


@pytest.mark.slow
def test_its_types_compile(package: Path, tmp_path: Path) -> None:
    folder = install(tmp_path, package)
    assert compile_files(folder, list_sources(package), noEmit=True, allowJs=True, checkJs=True) == ""
