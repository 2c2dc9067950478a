"""The TypeScript layer: a client for browsers and Node, modules of JavaScript with their types beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.ir import Api, Project
from generator.layers.typescript.resources import list_resources
from generator.layers.typescript.scripts import write_evaluator
from generator.layers.typescript.service import describe_service, list_statuses, request_scheme
from generator.layers.typescript.types import Types
from generator.templates import Templates
from generator.tree import File, copy_tree

OUTPUT = "generated/typescript"

_HERE = Path(__file__).parent


def render(project: Project) -> Iterator[File]:
    """The package: the runtime, the errors, and a folder for each version."""
    templates = Templates(_HERE / "templates")
    versions = (project.current, *(api for api in project.apis if api is not project.current))
    values = {"project": project, "versions": versions, "statuses": list_statuses(project)}
    for name in ("package.json", "README.md", "index.js", "index.d.ts", "errors.js", "errors.d.ts"):
        yield File(f"{OUTPUT}/{name}", templates.render(f"{name}.j2", **values))
    yield from copy_tree(_HERE / "runtime", f"{OUTPUT}/runtime")
    yield File(f"{OUTPUT}/runtime/evaluator.js", write_evaluator(project))
    for api in project.apis:
        yield from _render_version(templates, f"{OUTPUT}/{api.name}", api)


def _render_version(templates: Templates, folder: str, api: Api) -> Iterator[File]:
    resources = list_resources(api)
    operations = {one.data["id"]: one.data for resource in resources for one in resource.methods if one.data}
    service = describe_service(api, operations)
    yield File(f"{folder}/service.js", templates.render("service.js.j2", service=service))
    yield File(f"{folder}/models.d.ts", templates.render("models.d.ts.j2", models=tuple(Types(api).models())))
    values = {"api": api, "resources": resources, "signs": request_scheme(api) is not None}
    for name in ("index.js", "index.d.ts"):
        yield File(f"{folder}/{name}", templates.render(f"version.{name}.j2", **values))
