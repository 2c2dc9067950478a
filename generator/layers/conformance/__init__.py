"""The conformance suite: the description as data, and the runtime that holds a server against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from generator.ir import Project
from generator.layers.conformance.links import linked
from generator.layers.conformance.view import api_view, package_view
from generator.templates import Templates
from generator.tree import File, copied

OUTPUT = "generated/conformance"

_HERE = Path(__file__).parent


def render(project: Project) -> Iterator[File]:
    """The package: runtime, one module and one description for each version, project files."""
    package = f"{OUTPUT}/{project.conformance}"
    templates = Templates(_HERE / "templates")
    view = package_view(project)
    yield from copied(_HERE / "runtime", package)
    for api in project.apis:
        version = api_view(project, api)
        yield File(
            f"{package}/versions/{api.name}.py",
            templates.render("version.py.j2", package=view, api=version),
        )
        yield File(
            f"{package}/descriptions/{api.name}.json",
            json.dumps(linked(api, version.operations), indent=2, ensure_ascii=False) + "\n",
        )
    for name in ("__init__.py", "__main__.py", "test_conformance.py", "versions/__init__.py"):
        yield File(f"{package}/{name}", templates.render(f"{name}.j2", package=view))
    for name in ("pyproject.toml", "README.md"):
        yield File(f"{OUTPUT}/{name}", templates.render(f"{name}.j2", package=view))
