"""The menu of the reference: the newest version first, in each resource the order of work.

Operations have their titles in it, without the method and the version that the search shows.
"""

from __future__ import annotations

from html import escape

from generator.ir import Api, Project
from generator.layers.docs.migration import PATH, migrations
from generator.layers.docs.page_paths import INDEX, MACHINES, Place, Places, errors_path, resources
from generator.layers.docs.prose import one_line
from generator.layers.docs.signers import deliveries

FOLDER = "reference"


def navigation(project: Project, found: Places) -> list[object]:
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
    pages = ({_escape(place.title): f"{FOLDER}/{place.path}"} for place in group)
    return {_escape(group[0].operation.tag or name): [f"{FOLDER}/{api.name}/{name}/{INDEX}", *pages]}


def _escape(title: str) -> str:
    """A title in one line; a theme prints it as it is."""
    return escape(one_line(title))
