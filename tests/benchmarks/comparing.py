"""What a comparison of two large descriptions costs, and what other tools say of the pairs of `tests/changes`."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.copies import count_operations, multiply_paths
from tests.benchmarks.generator import BIN, ROOT, cpu_of
from tests.benchmarks.rows import Row
from tests.changes.whole import PAIRS

COPIES = 8  # of the 65 operations of v3
ALLOWED = 5.0  # CPU seconds for 500 operations
NODE = ROOT / "node_modules" / ".bin"


def measure() -> Iterator[Row]:
    """The CPU seconds of one comparison, for 500 operations, beside what is allowed."""
    count, spent = 0, 0.0

    def compare(folder: Path) -> None:
        nonlocal count
        text = (ROOT / "generated/openapi/v3.json").read_text(encoding="utf-8")
        old = multiply_paths(json.loads(text), COPIES)
        new = copy.deepcopy(old)
        new["paths"].popitem()
        for name, document in (("old", old), ("new", new)):
            (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
        count = count_operations(old)
        command = [BIN / "procwise-toolkit", "diff", "old.json", "new.json"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 1, done.stderr

    spent = min(cpu_of(compare) for _ in range(2))
    yield Row(f"comparison of {count} operations, for 500 of them", "CPU s", spent * 500 / count, ALLOWED, bar=1.0)


def print_verdicts() -> None:
    """Whether each pair breaks callers: as its test expects of us, and as oasdiff and Redocly see it where they are."""
    tools: dict[str, Callable[[Path, Path], bool]] = {}
    if oasdiff := shutil.which("oasdiff") or shutil.which("oasdiff", path=str(NODE)):
        tools["oasdiff"] = lambda old, new: bool(_json(oasdiff, "breaking", old, new, "-f", "json"))
    if redocly := shutil.which("redocly", path=str(NODE)):
        tools["redocly"] = lambda old, new: _json(redocly, "diff", old, new, "--format=json")["bump"] == "major"
    table = Table(title="does it break callers?")
    for name in ("pair", "ours", *tools):
        table.add_column(name)
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "old.yaml", Path(folder) / "new.yaml"
        for pair in PAIRS:
            old.write_text(pair.old, encoding="utf-8")
            new.write_text(pair.new, encoding="utf-8")
            verdicts = [_word(tool, old, new) for tool in tools.values()]
            table.add_row(pair.what, "yes" if "breaking" in pair.found else "no", *verdicts)
    Console(width=140).print(table)


def _word(tool: Callable[[Path, Path], bool], old: Path, new: Path) -> str:
    try:
        return "yes" if tool(old, new) else "no"
    except (ValueError, KeyError):  # it printed no JSON, or another: it could not read one of the two
        return "refused"


def _json(*command: str | Path) -> Any:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    return json.loads(done.stdout)
