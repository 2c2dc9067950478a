"""How long the proofs go on: `make test` leaves out the slow ones; with `FULL=1` all are longer."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest

FULL = os.environ.get("FULL") == "1"


def mark_slow(*values: object) -> Any:
    """The values of one case that is left to `make test-full`."""
    return pytest.param(*values, marks=pytest.mark.slow)


def mark_most_slow(cases: Iterable[object], every: int) -> list[Any]:
    """The cases, each a tuple of its values or its only value: of so many one is quick, the first among them."""
    values = [case if isinstance(case, tuple) else (case,) for case in cases]
    return [pytest.param(*case) if number % every == 0 else mark_slow(*case) for number, case in enumerate(values)]
