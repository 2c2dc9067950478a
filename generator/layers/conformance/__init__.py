"""The conformance suite: the description as data, and the runtime that holds a server against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generator.embedding import embed_description
from generator.ir import Project
from generator.layers.conformance.operation_links import add_links
from generator.layers.conformance.promises import PROMISES
from generator.layers.conformance.view import package_view
from generator.resources import regroup
from generator.templates import Templates
from generator.tree import File, copy_tree

OUTPUT = "generated/conformance"

_HERE = Path(__file__).parent


def render(project: Project) -> Iterator[File]:
    """The package: runtime, one module and one description for each version, project files."""
    project = replace(project, apis=tuple(map(regroup, project.apis)))
    package = f"{OUTPUT}/{project.conformance}"
    templates = Templates(_HERE / "templates")
    view = package_view(project)
    yield from copy_tree(_HERE / "runtime", package)
    yield from embed_description(project, package)
    for api in project.apis:
        document = json.dumps(add_links(api), indent=2, ensure_ascii=False)
        yield File(f"{package}/descriptions/{api.name}.json", f"{document}\n")
    for name in ("__init__.py", "__main__.py", "test_conformance.py"):
        yield File(f"{package}/{name}", templates.render(f"{name}.j2", package=view))
    yield File(f"{OUTPUT}/PROMISES.md", templates.render("PROMISES.md.j2", promises=PROMISES))
    for name in ("pyproject.toml", "README.md"):
        yield File(f"{OUTPUT}/{name}", templates.render(f"{name}.j2", package=view))
