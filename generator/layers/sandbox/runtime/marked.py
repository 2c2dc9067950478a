"""The options that tests ask of their sandbox by a marker. For the pytest plugin: nothing heavy is imported."""

from __future__ import annotations

import time
from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

_OWN = ("host",)


def options(item: pytest.Item, marker: str, app: Callable[..., object]) -> dict[str, Any]:
    """What the markers ask for, as `app` takes it; the one nearest to the test wins."""
    asked: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers(marker))):
        if mark.args:
            raise pytest.UsageError(f"@pytest.mark.{marker} takes options by name only")
        asked |= mark.kwargs
    known = [name for name in signature(app).parameters if name not in _OWN]
    unknown = sorted(asked.keys() - known)
    if unknown:
        told = f"has no option {', '.join(unknown)} (there are: {', '.join(known)})"
        raise pytest.UsageError(f"@pytest.mark.{marker} {told}")
    if isinstance(asked.get("clock"), int | float):
        asked["clock"] = _shifted(asked["clock"])
    return asked


def _shifted(seconds: float) -> Callable[[], float]:
    return lambda: time.time() + seconds
