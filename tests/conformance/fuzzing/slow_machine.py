"""The command of the suite on a machine that needs a minute for each value that it makes up."""

from __future__ import annotations

import itertools
import time
from types import SimpleNamespace

from hypothesis.internal.conjecture import data

from procwise_conformance.__main__ import command

minutes = itertools.count()
slow = SimpleNamespace(**vars(time))
slow.perf_counter = lambda: 60.0 * next(minutes)
data.time = slow  # type: ignore[attr-defined]  # the module reads the clock by this name
command()
