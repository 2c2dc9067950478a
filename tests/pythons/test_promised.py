"""The Pythons that are promised are said once, and everything that they need is pinned."""

from __future__ import annotations

import tomllib
from importlib.metadata import distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from generator import PYTHONS
from tests.pythons.wheels import read_pins

NAMED = "Programming Language :: Python :: "


@pytest.mark.parametrize("folder", [".", "generated/client", "generated/sandbox", "generated/conformance"])
def test_every_package_names_them(root: Path, folder: str) -> None:
    project = tomllib.loads((root / folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={PYTHONS[0]}"
    classifiers = [line.removeprefix(NAMED) for line in project["classifiers"] if line.startswith(NAMED)]
    assert tuple(classifiers) == PYTHONS


@pytest.mark.parametrize("python", PYTHONS)
def test_what_a_python_needs_in_addition_is_pinned(python: str) -> None:
    """The one that resolved the versions may have needed less than an older one, or a newer one."""
    libraries = read_pins()
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    installed = libraries.keys() & {canonicalize_name(one.name) for one in distributions()}
    for library in installed:
        for requirement in map(Requirement, requires(library) or []):
            if requirement.marker is None or requirement.marker.evaluate(environment):
                assert canonicalize_name(requirement.name) in libraries, f"{requirement} of {library}"
    assert len(installed) > 50
