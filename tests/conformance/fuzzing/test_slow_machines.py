"""A slow machine is no fault of anybody's server, and no end of the suite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.conftest import ENVIRONMENT, make_environment
from tests.conformance.servers.model_server import Model, serve
from tests.programs import PROGRAMS

SLOW = Path(__file__).with_name("slow_machine.py")


@pytest.mark.slow
def test_values_may_take_long(shelf_packages: Path, model: Callable[..., Model], tmp_path: Path) -> None:
    with serve(model("shelf")) as url:
        ended = PROGRAMS.run(
            *(str(SLOW), url, "--include-check", "SCH-*", "--seed", "1"),
            environment=make_environment(shelf_packages, **ENVIRONMENT),
            imports="procwise_conformance",
            cwd=tmp_path,
        )
    assert ended.code == 0, ended.out
