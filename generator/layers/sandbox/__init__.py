"""The sandbox layer: routes, validators and tables from the description, behaviour from `runtime/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.ir import Project
from generator.layers.sandbox.operations import api_view
from generator.layers.sandbox.resources import resource_views
from generator.layers.sandbox.schemas import schemas
from generator.templates import Templates
from generator.tree import File, copied

OUTPUT = "generated/sandbox"
_FOLDER = Path(__file__).parent


def render(project: Project) -> Iterator[File]:
    """The distribution: its package, its metadata, its readme."""
    templates = Templates(_FOLDER / "templates")
    resources = resource_views(project)
    apis = tuple(api_view(api, resources) for api in project.apis)
    names = {
        "project": project,
        "apis": apis,
        "resources": resources,
        "refusals": tuple(_refusals(project)),
        "distribution": project.sandbox.replace("_", "-"),
        "requirement": f"{project.client.replace('_', '-')}=={project.version}",
    }
    package = f"{OUTPUT}/{project.sandbox}"
    yield from copied(_FOLDER / "runtime", package)
    yield File(f"{package}/py.typed", "")
    yield File(f"{package}/versions/__init__.py", '"""The versions of the API, as the description has them."""\n')
    for api, view in zip(project.apis, apis, strict=True):
        yield File(f"{package}/versions/{api.name}.py", templates.render("api.py.j2", api=view, **names))
        yield File(f"{package}/schemas/{api.name}.json", schemas(api))
    for name in ("__init__.py", "__main__.py", "description.py", "pytest_plugin.py", "tables.py"):
        yield File(f"{package}/{name}", templates.render(f"{name}.j2", **names))
    for name in ("pyproject.toml", "README.md"):
        yield File(f"{OUTPUT}/{name}", templates.render(f"{name}.j2", **names))


def _refusals(project: Project) -> Iterator[tuple[int, str]]:
    """The codes of each status, in any version."""
    errors = {error.code: error for api in project.apis for error in api.errors}.values()
    for status in sorted({number for error in errors for number in error.statuses}):
        yield status, ", ".join(f"`{error.code}`" for error in errors if status in error.statuses)
