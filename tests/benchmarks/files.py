"""The memory that a file of 128 MiB takes, sent and received."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.rows import Row
from tests.client.files.memory import measure_peaks
from tests.client.files.upload_server import serve

MOST, SIZE = 4.0, 128


def measure() -> Iterator[Row]:
    """The peak of each way, beside the most that it may be."""
    with serve() as origin, tempfile.TemporaryDirectory() as folder:
        for mode in ("sync", "async"):
            grown = measure_peaks(mode, origin, Path(folder), SIZE)
            for kind in ("path", "file", "download"):
                yield Row(f"peak memory for {SIZE} MiB, {mode}, {kind} / what it may be", "MiB", grown[kind], MOST, 1.0)
