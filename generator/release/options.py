"""What is asked of a release on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from generator.diff import Version
from generator.errors import ToolkitError


def read_versions(texts: Iterable[str]) -> dict[str, Version]:
    """`1.0.0` of the packages, under no name, and `v3=1.0.0` of one description; raises ToolkitError."""
    return dict(map(_read_version, texts))


def read_day(text: str) -> str:
    """A day such as 2026-01-31, or today; raises ToolkitError."""
    try:
        return (date.fromisoformat(text) if text else date.today()).isoformat()
    except ValueError:
        raise ToolkitError(f"--date: {text!r} is no day (write it like 2026-01-31)") from None


def _read_version(text: str) -> tuple[str, Version]:
    name, _, number = text.rpartition("=")
    found = Version.parse(number)
    if found is None:
        raise ToolkitError(f"--version: {number!r} is not three numbers (write it like 1.0.0, or v3=1.0.0)")
    return name, found
