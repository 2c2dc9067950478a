"""The site that is served while one writes: built anew when a source changes, with the files for programs."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.spec import SPEC

pytestmark = pytest.mark.slow
ROOT = SPEC.parent
LONGEST = 300.0  # seconds; a start takes two
CONFIG = "site_name: Small\nsite_description: One page.\ndocs_dir: docs\nnav: [index.md]\ntheme: {name: material}\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A checkout with one page."""
    for path in ("generator/site", "generated/openapi", "docs/reference/collections"):
        shutil.copytree(ROOT / path, tmp_path / path)
    (tmp_path / "docs/index.md").write_text("# One page\n\nIt was written first.\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG, "utf-8")
    shutil.copy(ROOT / "mkdocs.serve.yml", tmp_path)
    return tmp_path


@pytest.fixture
def address(small: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    options = re.findall(r"mkdocs serve (.*) --dev-addr", (ROOT / "Makefile").read_text("utf-8"))[0].split()
    call = [sys.executable, "-m", "mkdocs", "serve", *options, "--dev-addr", place]
    with subprocess.Popen(call, cwd=small, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield f"http://{place}/"
        process.terminate()


def wait_for(url: str, text: str) -> None:
    """Until the server sends this text."""
    end = time.monotonic() + LONGEST
    while text not in fetch(url):
        assert time.monotonic() < end, (url, text)
        time.sleep(0.2)


def fetch(url: str) -> str:
    """The text at that address; empty while there is none."""
    try:
        with urlopen(url, timeout=LONGEST) as response:
            text: str = response.read().decode()
            return text
    except URLError:
        return ""


def test_a_change_is_served(small: Path, address: str) -> None:
    wait_for(address, "It was written first.")
    assert fetch(f"{address}index.md") == "# One page\n\nIt was written first.\n"
    assert fetch(f"{address}descriptions/v3.json") == (ROOT / "generated/openapi/v3.json").read_text("utf-8")
    assert "livereload" in fetch(address), "the page does not load itself anew"
    (small / "docs/index.md").write_text("# One page\n\nIt was changed.\n", "utf-8")
    wait_for(address, "It was changed.")
    assert fetch(f"{address}index.md") == "# One page\n\nIt was changed.\n"
