"""What the package index shows of the client."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from trove_classifiers import classifiers


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((root / "generated/client/pyproject.toml").read_text("utf-8"))["project"]
    return found


def test_every_classifier_exists(project: dict[str, Any]) -> None:
    assert {*project["classifiers"]} <= classifiers
    assert {"Typing :: Typed", "Framework :: AsyncIO"} <= {*project["classifiers"]}


def test_links_lead_to_sources_of_the_description(project: dict[str, Any], root: Path) -> None:
    for name in ("v1", "v3"):
        sources = "".join(path.read_text("utf-8") for path in (root / "spec" / name).glob("*.yaml"))
        assert f"{project['urls'][f'Documentation of API {name}']}/" in sources
    assert len(project["urls"]) == 2


def test_the_command_has_an_extra(project: dict[str, Any]) -> None:
    assert project["scripts"] == {"procwise": "procwise.__main__:main"}
    extra = {line.partition(">")[0] for line in project["optional-dependencies"]["cli"]}
    needed = {line.partition(">")[0] for line in project["dependencies"]}
    assert extra == {"rich", "typer"}
    assert extra.isdisjoint(needed)
