"""The menu of the reference: the newest version first, in each resource the order of work."""

from __future__ import annotations

from html import escape

from generator.ir import Api, Project
from generator.layers.docs.migration import PATH, migrations
from generator.layers.docs.page_paths import INDEX, MACHINES, Place, errors_path, resources
from generator.layers.docs.prose import one_line
from generator.layers.docs.signers import deliveries

FOLDER = "reference"


def navigation(project: Project, found: tuple[Place, ...]) -> list[object]:
    """The pages and sections of the reference, as MkDocs lists them."""
    apis = project.apis
    signs = any(place.operation.signed for place in found) or any(True for api in apis for _ in deliveries(api))
    bench = ["workbench.md"] if signs else []
    versions = [{api.name: _version(api, found)} for api in reversed(apis)]
    moves = [PATH] if any(migrations(project, found)) else []
    return [*(f"{FOLDER}/{path}" for path in (INDEX, *bench, *moves, MACHINES)), *versions]


def _version(api: Api, found: tuple[Place, ...]) -> list[object]:
    errors = [errors_path(api)] if api.errors else []
    pages = [f"{FOLDER}/{path}" for path in (f"{api.name}/{INDEX}", *errors)]
    return [*pages, *(_resource(api, name, group) for name, group in resources(api, found))]


def _resource(api: Api, name: str, group: tuple[Place, ...]) -> object:
    title = escape(one_line(group[0].operation.tag or name))  # a theme prints titles as they are
    return {title: [f"{FOLDER}/{path}" for path in (f"{api.name}/{name}/{INDEX}", *(place.path for place in group))]}
