"""A checkout that was released once, and the command run in it; of the layers, the bundles alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from generator import layers
from generator.release.plan import plan_release
from generator.release.writing import write_release
from tests.generator.conftest import toolkit
from tests.generator.running import Run
from tests.release.checkout import make_checkout, replace_text
from tests.shared import share_folder

__all__ = ["toolkit"]

Toolkit = Callable[..., Run]


@pytest.fixture(autouse=True)
def bundles_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """All layers take seconds; what a release does with the files of one it does with all."""
    monkeypatch.setattr(layers, "names", lambda: ("openapi",))


@pytest.fixture
def new_checkout(tmp_path: Path) -> Path:
    """One without a release."""
    make_checkout(tmp_path)
    return tmp_path


@pytest.fixture
def checkout(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with the release 0.4.0 of the description 1.2.3."""
    shutil.copytree(share_folder(tmp_path_factory, "released", _release), tmp_path, dirs_exist_ok=True)
    return tmp_path


def _release(folder: Path) -> None:
    make_checkout(folder)
    plan = plan_release(folder, {}, "2026-02-03", lambda _: None)
    assert plan is not None
    write_release(folder, plan)


@pytest.fixture
def edit(checkout: Path) -> Callable[[str, str, str], None]:
    """Replace a text in a file of the checkout."""
    return partial(replace_text, checkout)
