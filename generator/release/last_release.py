"""The last release, as it lies in the checkout: a bundle for each version of the API, the version of the packages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from generator.diff import Version
from generator.errors import ToolkitError
from generator.ir import Project, thaw
from generator.release.versions import read_text
from generator.tree import File

FOLDER = "spec/released"
PACKAGES = f"{FOLDER}/packages.txt"
NOTE = "The description as it was released. Written by procwise-toolkit release; do not edit."


def has_release(root: Path) -> bool:
    """Whether anything was released yet."""
    return (root / FOLDER).is_dir()


def list_bundles(root: Path) -> list[Path]:
    """The descriptions of the last release."""
    return sorted((root / FOLDER).glob("*.json"))


def read_packages(root: Path) -> Version:
    """The version that the packages had; raises ToolkitError."""
    text = read_text(root, PACKAGES).strip()
    found = Version.parse(text)
    if found is None:
        hint = "take the file from the commit of the last release"
        raise ToolkitError(f"{PACKAGES}:1: {text[:60]!r} is no version of three numbers ({hint})")
    return found


def write_bundles(project: Project) -> Iterator[File]:
    """The files that make this the last release."""
    for api in project.apis:
        content = {"x-generated": NOTE, **thaw(api.document)}  # type: ignore[dict-item]  # a mapping stays a mapping
        yield File(f"{FOLDER}/{api.name}.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    yield File(PACKAGES, f"{project.version}\n")
