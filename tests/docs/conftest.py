"""The site, built once, and the descriptions it is written from."""

from __future__ import annotations

from pathlib import Path

import pytest
from built_site import build

from generator.load import Document, load


@pytest.fixture(scope="session")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    return build(root / "mkdocs.yml", tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def documents(root: Path) -> tuple[Document, ...]:
    """The descriptions as they are written, bundled."""
    return tuple(load([root / "spec"]))
