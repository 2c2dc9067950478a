"""The description of this package: read from its JSON file, once, and laid over one state."""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from importlib.resources import files

from procwise_sandbox.description import Api as Described, Project
from procwise_sandbox.description.serialization import load

from ..model import Api, Description
from .operations import operation_of
from .tables import Stored, Tables

_PACKAGE = "procwise_sandbox"


def load_description() -> Description:
    """What the sandbox serves."""
    project = load(files(f"{_PACKAGE}.description").joinpath("project.json").read_text(encoding="utf-8"))
    validators = {api.name: _validators(api) for api in project.apis}
    tables = Tables(project, validators)
    return Description(
        name=project.sandbox.replace("_", "-"),
        client=project.client,
        version=project.version,
        apis=tuple(_api(project, api, tables.stored, validators[api.name]) for api in project.apis),
        resources=tables.resources,
        metadata=tables.metadata,
    )


def _validators(api: Described) -> str:
    return files(f"{_PACKAGE}.schemas").joinpath(f"{api.name}.json").read_text(encoding="utf-8")
