"""Reads what a report was written as."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_json(folder: Path, name: str = "report.json") -> dict[str, Any]:
    """A JSON file of a report."""
    read: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
    return read
