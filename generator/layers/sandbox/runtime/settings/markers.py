"""The options that tests ask of their sandbox by a marker. For the pytest plugin: nothing heavy is imported."""

from __future__ import annotations

from typing import Any

import pytest

from .keyword_arguments import option_names


def options(item: pytest.Item, marker: str) -> dict[str, Any]:
    """What the markers ask for, as `running` takes it; the one nearest to the test wins."""
    options_given: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers(marker))):
        if mark.args:
            raise pytest.UsageError(f"@pytest.mark.{marker} takes options by name only")
        options_given |= mark.kwargs
    unknown = sorted(options_given.keys() - {*option_names()})
    if unknown:
        message = f"has no option {', '.join(unknown)} (there are: {', '.join(option_names())})"
        raise pytest.UsageError(f"@pytest.mark.{marker} {message}")
    return options_given
