"""Messages between the processes of pytest-xdist: doubts about the users at the start, reports at the end."""

from __future__ import annotations

from typing import Any

import pytest

KEY = "conformance"
_REPORTS = pytest.StashKey[list[dict[str, Any]]]()


def add_report(config: pytest.Config, report: dict[str, Any]) -> None:
    """Keep what a process reports at its end, until `pytest_sessionfinish` sends it or `reports` reads it."""
    config.stash.setdefault(_REPORTS, []).append(report)


def reports(config: pytest.Config) -> list[dict[str, Any]]:
    """The reports of the processes."""
    return config.stash.get(_REPORTS, [])


def doubts_from_main(config: pytest.Config) -> list[str] | None:
    """The doubts of the process that started this one; None if this is the only process."""
    sent: dict[str, Any] | None = getattr(config, "workerinput", None)
    return None if sent is None else sent[KEY]
