"""The description of this package, read from its JSON file and laid over one state."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from procwise_sandbox.description import Api as Described, Project
from procwise_sandbox.description.serialization import load

from ..api import Api, Description
from .operations import operations
from .tables import Tables

_PACKAGE = "procwise_sandbox"


@cache
def load_description() -> Description:
    """What the sandbox serves."""
    project = load(_read("description", "project.json"))
    tables = Tables(project)
    return Description(
        name=project.sandbox.replace("_", "-"),
        client=project.client,
        version=project.version,
        apis=tuple(_extend(project, api, tables) for api in project.apis),
        resources=tables.resources,
        metadata=tables.metadata,
    )


def _read(folder: str, name: str) -> str:
    return files(_PACKAGE).joinpath(folder, name).read_text(encoding="utf-8")


def _extend(project: Project, api: Described, tables: Tables) -> Api:
    known: dict[str, Any] = {one.name: getattr(api, one.name) for one in fields(api) if one.init}
    known["operations"] = operations(api, tables)
    is_signed = any(scheme.direction == "request" for scheme in api.signature_schemes)
    signatures: Any = import_module(f"{project.client}.signing.{api.name}") if is_signed else None
    return Api(
        **known,
        scheme=signatures.SCHEME if api.signing else None,
        request_scheme=signatures.REQUEST_SCHEME if signatures and not api.signing else None,
        placeholders=tuple(sorted({one.name for operation in api.operations for one in operation.in_("path")})),
        secrets=frozenset(_secrets(api)),
        validators=_read("schemas", f"{api.name}.json"),
    )


def _secrets(api: Described) -> set[str]:
    members = (member for schema in api.schemas for member in schema.properties)
    settings = (member for operation in api.operations for member in operation.settings)
    parameters = (one for operation in api.operations for one in operation.parameters)
    return {one.name for found in (members, settings, parameters) for one in found if one.secret}
