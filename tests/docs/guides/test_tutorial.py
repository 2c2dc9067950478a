"""The tutorial, typed at the prompt of Python in its order, prints what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from procwise_sandbox import running
from tests.docs.snippets import snippets

_FIRST, _LAST = "connect", "clean up"


def test_the_tutorial_as_it_is_printed(root: Path, tmp_path: Path) -> None:
    blocks = snippets(root / "docs/guides/first-exam.md")
    titles = [*blocks]
    steps = [t for t in titles[titles.index(_FIRST) : titles.index(_LAST)] if not t.endswith(" prints")]
    typed = "".join(f'{blocks[title]}\nprint("-- {title}")\n' for title in steps)
    with running(files=tmp_path / "files", admin=True, job_seconds=0.01) as sandbox:
        (tmp_path / "sandbox.json").write_text(sandbox.line())
        done = type_at_the_prompt(typed + blocks[_LAST], tmp_path)
    assert "Error" not in done.stderr, done.stderr
    printed = dict(zip(steps, re.split(r"^-- .+\n", done.stdout, flags=re.MULTILINE), strict=False))
    for title in steps:
        assert printed[title] == blocks.get(f"{title} prints", ""), title


def type_at_the_prompt(lines: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What Python says to these lines, which it reads as from a keyboard."""
    environment = {**os.environ, "PYTHON_BASIC_REPL": "1", "PYTHONSTARTUP": ""}
    call = [sys.executable, "-i", "-q"]
    streams = {"input": lines, "capture_output": True, "text": True}
    return subprocess.run(call, env=environment, cwd=folder, check=False, timeout=300, **streams)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("command", ["Install", "Start", "Stop"])
def test_its_commands_are_those_of_the_quick_start(root: Path, command: str) -> None:
    """The quick start as a whole is run by a test of its own."""
    own = snippets(root / "docs/guides/first-exam.md")[command]
    quick = "\n".join(snippets(root / "docs/quick-start.md").values()).replace("quickstart", "first-exam")
    own = own.replace(" --admin", "").removesuffix("\n")
    assert own in quick
