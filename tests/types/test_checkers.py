"""mypy and pyright, both strict, over code that uses the client."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
MARK = re.compile(r"# error(?:: (.*))?$")


def mypy_errors(file: Path) -> Iterator[tuple[int, str]]:
    """Lines and messages of what mypy finds."""
    options = ("--config-file=", "--strict", "--enable-error-code=deprecated", "--no-incremental", "--no-pretty")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--hide-error-context", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={"PATH": "", "MYPYPATH": "generated/client"},
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    for line in done.stdout.splitlines():
        found = re.match(r"(.*?):(\d+): error: (.*)", line)
        if found:
            assert Path(found[1]).name == file.name, line
            yield int(found[2]), found[3]


def pyright_errors(file: Path, folder: Path) -> Iterator[tuple[int, str]]:
    """Lines and messages of what pyright finds in its strict mode."""
    shutil.copy(file, folder)
    settings = {
        "include": [file.name],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": [str(ROOT / "generated" / "client")],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    call = [ROOT / "node_modules" / ".bin" / "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", folder]
    done = subprocess.run([str(one) for one in call], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == 1
    for one in report["generalDiagnostics"]:
        assert Path(one["file"]).name == file.name, one
        yield one["range"]["start"]["line"] + 1, one["message"]


def errors(checker: str, file: Path, folder: Path) -> list[tuple[int, str]]:
    return list(mypy_errors(file) if checker == "mypy" else pyright_errors(file, folder))


CHECKERS = ["mypy", pytest.param("pyright", marks=pytest.mark.needs("npm"))]


@pytest.mark.parametrize("checker", CHECKERS)
def test_code_that_uses_every_feature_passes(checker: str, tmp_path: Path) -> None:
    assert errors(checker, HERE / "user_code.py", tmp_path) == []


@pytest.mark.parametrize("checker", CHECKERS)
def test_mistakes_are_found(checker: str, tmp_path: Path) -> None:
    file = HERE / "mistakes.py"
    lines = enumerate(file.read_text("utf-8").splitlines(), start=1)
    expected = {number: found[1] or "" for number, line in lines if (found := MARK.search(line))}
    messages: dict[int, str] = defaultdict(str)
    for number, message in errors(checker, file, tmp_path):
        messages[number] += message
    assert messages.keys() == expected.keys()
    for number, words in expected.items():
        assert words in messages[number]
