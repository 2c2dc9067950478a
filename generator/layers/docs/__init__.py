"""The docs layer: the reference as plain Markdown, one page for each operation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from generator.ir import Api, Project
from generator.javascript import copy_scripts
from generator.layers.docs.collections import collections
from generator.layers.docs.error_pages import errors_page
from generator.layers.docs.migration import PATH, migrations
from generator.layers.docs.navigation import navigation
from generator.layers.docs.page_paths import INDEX, MACHINES, Place, errors_path, places, resources
from generator.layers.docs.pages import operation_page, resource_group, version_page
from generator.layers.docs.template_files import TEMPLATES
from generator.layers.docs.workbench import workbench_data
from generator.layers.docs.workflows import workflows
from generator.tree import File, copy_tree

OUTPUT = "docs/reference"

_HERE = Path(__file__).parent


def render(project: Project) -> Iterator[File]:
    """The pages of all operations, and the index of each resource and version."""
    found = places(project)
    yield from copy_tree(_HERE / "runtime", f"{OUTPUT}/assets")
    yield from copy_scripts(f"{OUTPUT}/assets")
    yield _file(INDEX, "reference.md.j2", project=project, apis=project.apis)
    for api in project.apis:
        yield from _version(api, found)
    menu = json.dumps({"nav": navigation(project, found)}, indent=2, ensure_ascii=False)
    yield File(f"{OUTPUT}/navigation.json", f"{menu}\n")
    data = workbench_data(project.apis, found)
    written = {api.name: dict(workflows(api)) for api in project.apis}
    for path, text in (pair for api in project.apis for pair in (*collections(api, found), *written[api.name].items())):
        yield File(f"{OUTPUT}/{path}", text)
    paths = [(name, path) for name, files in written.items() for path in files]
    yield _file(MACHINES, "machines.md.j2", apis=project.apis, workflows=paths)
    if data["operations"]:
        yield _file("workbench.md", "workbench.md.j2")
        yield _file("assets/workbench-data.js", "workbench-data.js.j2", data=data)
    if moves := tuple(migrations(project, found)):
        yield _file(PATH, "migration.md.j2", found=moves)
    for place in found:
        yield _file(place.path, "operation.md.j2", page=operation_page(project, found, place))


def _version(api: Api, found: tuple[Place, ...]) -> Iterator[File]:
    yield _file(f"{api.name}/{INDEX}", "version.md.j2", page=version_page(api, found))
    if api.errors:
        yield _file(errors_path(api), "errors.md.j2", page=errors_page(api, found))
    for name, group in resources(api, found):
        path = f"{api.name}/{name}/{INDEX}"
        yield _file(path, "resource.md.j2", group=resource_group(api, name, group, path))


def _file(path: str, template: str, **values: object) -> File:
    return File(f"{OUTPUT}/{path}", TEMPLATES.render(template, **values))
