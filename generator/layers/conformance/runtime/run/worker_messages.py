"""What the processes of pytest-xdist hand one another: the users' state at the start, each one's report at the end."""

from __future__ import annotations

from typing import Any

import pytest

KEY = "conformance"
_REPORTS = pytest.StashKey[list[dict[str, Any]]]()


def add_report(config: pytest.Config, report: dict[str, Any]) -> None:
    """Keep what a process reports at its end, until `pytest_sessionfinish` sends it or `reports` reads it."""
    config.stash.setdefault(_REPORTS, []).append(report)


def reports(config: pytest.Config) -> list[dict[str, Any]]:
    """What processes reported at their end."""
    return config.stash.get(_REPORTS, [])


def doubts_from_main(config: pytest.Config) -> list[str] | None:
    """What the process that started this one knows of the users; None if this one is the only one."""
    sent: dict[str, Any] | None = getattr(config, "workerinput", None)
    return None if sent is None else sent[KEY]
