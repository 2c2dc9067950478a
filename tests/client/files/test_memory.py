"""Large files are neither sent nor received through memory."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.client.files.memory import measure_peaks

MODES = pytest.mark.parametrize("mode", ["sync", "async"])
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")


def hold(mode: str, origin: str, folder: Path, megabytes: int) -> None:
    grown = measure_peaks(mode, origin, folder, megabytes)
    assert grown.pop("bytes") > megabytes - 8, "the measure sees what is in memory"
    assert {kind: peak for kind, peak in grown.items() if peak > 4} == {}


@pytest.mark.slow
@MODES
def test_16_mib_need_no_more_than_4_mib_of_memory(mode: str, origin: str, tmp_path: Path) -> None:
    hold(mode, origin, tmp_path, 16)


@pytest.mark.slow
@MODES
def test_128_mib_need_no_more_than_4_mib_of_memory(mode: str, origin: str, tmp_path: Path) -> None:
    hold(mode, origin, tmp_path, 128)
