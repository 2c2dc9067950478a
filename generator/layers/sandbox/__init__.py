"""The sandbox layer: routes, validators and tables from the description, behaviour from `runtime/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import names
from generator.embedding import embed_description
from generator.ir import Project
from generator.layers.sandbox.schemas import schemas
from generator.templates import Templates
from generator.tree import File, copy_tree

OUTPUT = "generated/sandbox"
_FOLDER = Path(__file__).parent
_NAMES = Path(names.__file__)


def render(project: Project) -> Iterator[File]:
    """The distribution: its package, its metadata, its readme."""
    templates = Templates(_FOLDER / "templates")
    known = {
        "project": project,
        "errors": tuple(_errors_by_status(project)),
        "distribution": project.sandbox.replace("_", "-"),
        "requirement": f"{project.client.replace('_', '-')}=={project.version}",
    }
    package = f"{OUTPUT}/{project.sandbox}"
    yield from copy_tree(_FOLDER / "runtime", package)
    yield File(f"{package}/py.typed", "")
    yield from embed_description(project, package)
    yield File(f"{package}/loading/names.py", _NAMES.read_text(encoding="utf-8"))
    for api in project.apis:
        yield File(f"{package}/schemas/{api.name}.json", schemas(api))
    for name in ("__init__.py", "__main__.py", "pytest_plugin.py"):
        yield File(f"{package}/{name}", templates.render(f"{name}.j2", **known))
    for name in ("pyproject.toml", "README.md"):
        yield File(f"{OUTPUT}/{name}", templates.render(f"{name}.j2", **known))


def _errors_by_status(project: Project) -> Iterator[tuple[int, str]]:
    """The codes of each status, in any version."""
    errors = {error.code: error for api in project.apis for error in api.errors}.values()
    for status in sorted({number for error in errors for number in error.statuses}):
        yield status, ", ".join(f"`{error.code}`" for error in errors if status in error.statuses)
