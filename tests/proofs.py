"""How long the proofs go on: `make test` leaves out the slow ones; with `FULL=1` all are longer."""

from __future__ import annotations

import os
from typing import Any

import pytest

FULL = os.environ.get("FULL") == "1"


def mark_slow(*values: object) -> Any:
    """The values of one case that is left to `make test-full`."""
    return pytest.param(*values, marks=pytest.mark.slow)
