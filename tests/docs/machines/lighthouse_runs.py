"""Runs of npm's `lighthouse` with Debian's Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PAGES = {
    "home": "",
    "guide": "guides/signing/",
    "workbench": "reference/workbench/",
    "version": "reference/v3/",
    "operation": "reference/v3/exams/create/",
}


def audit(url: str, category: str, *, desktop: bool) -> dict[str, Any]:
    """The report about a page, as a desktop computer or as a phone loads it."""
    call = [
        str(ROOT / "node_modules/.bin/lighthouse"),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={category}",
    ]
    call += ["--chrome-flags=--headless=new --no-sandbox", *(["--preset=desktop"] if desktop else [])]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(call, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def read_score(report: dict[str, Any], category: str) -> int:
    """The score of a category, of 100."""
    return round(100 * report["categories"][category]["score"])
