"""How many operations each version has, counted by hand in the vendor's index."""

from __future__ import annotations

COUNTS = {"v1": 20, "v3": 65}
ALL = sum(COUNTS.values())
