"""The options that tests ask of their sandbox by a marker. For the pytest plugin: nothing heavy is imported."""

from __future__ import annotations

from typing import Any

import pytest

from .keywords import known


def options(item: pytest.Item, marker: str) -> dict[str, Any]:
    """What the markers ask for, as `running` takes it; the one nearest to the test wins."""
    asked: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers(marker))):
        if mark.args:
            raise pytest.UsageError(f"@pytest.mark.{marker} takes options by name only")
        asked |= mark.kwargs
    unknown = sorted(asked.keys() - {*known()})
    if unknown:
        told = f"has no option {', '.join(unknown)} (there are: {', '.join(known())})"
        raise pytest.UsageError(f"@pytest.mark.{marker} {told}")
    return asked
