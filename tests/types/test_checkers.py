"""mypy and pyright, both strict, over code that uses the client."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
MARK = re.compile(r"# error(?:: (.*))?$")


pytestmark = pytest.mark.slow
FILES = (HERE / "user_code.py", HERE / "mistakes.py")
Errors = Mapping[str, list[tuple[int, str]]]  # lines and messages, by the name of the file


def mypy_errors() -> Iterator[tuple[str, int, str]]:
    """Files, lines and messages of what mypy finds."""
    options = ("--config-file=", "--strict", "--enable-error-code=deprecated", "--no-incremental", "--no-pretty")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--hide-error-context", *map(str, FILES)],
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
            yield Path(found[1]).name, int(found[2]), found[3]


def pyright_errors(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Files, lines and messages of what pyright finds in its strict mode."""
    for file in FILES:
        shutil.copy(file, folder)
    settings = {
        "include": [file.name for file in FILES],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "extraPaths": [str(ROOT / "generated" / "client")],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    call = [ROOT / "node_modules" / ".bin" / "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", folder]
    done = subprocess.run([str(one) for one in call], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(FILES)
    for one in report["generalDiagnostics"]:
        yield Path(one["file"]).name, one["range"]["start"]["line"] + 1, one["message"]


@pytest.fixture(scope="module", params=["mypy", pytest.param("pyright", marks=pytest.mark.needs("npm"))])
def errors(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Errors:
    """What the checker finds in both files: most of its time is the client that they import."""
    found: dict[str, list[tuple[int, str]]] = {file.name: [] for file in FILES}
    for name, line, message in (
        mypy_errors() if request.param == "mypy" else pyright_errors(tmp_path_factory.mktemp("p"))
    ):
        found[name].append((line, message))
    return found


def test_code_that_uses_every_feature_passes(errors: Errors) -> None:
    assert errors["user_code.py"] == []


def test_mistakes_are_found(errors: Errors) -> None:
    lines = enumerate((HERE / "mistakes.py").read_text("utf-8").splitlines(), start=1)
    expected = {number: found[1] or "" for number, line in lines if (found := MARK.search(line))}
    messages: dict[int, str] = defaultdict(str)
    for number, message in errors["mistakes.py"]:
        messages[number] += message
    assert messages.keys() == expected.keys()
    for number, words in expected.items():
        assert words in messages[number]
