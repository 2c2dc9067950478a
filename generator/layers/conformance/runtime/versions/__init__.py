"""The versions of the API by name, and the current one, from the description of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from importlib.resources import files
from typing import Any

from procwise_conformance.description import Api as Described, Parameter, Project, Property
from procwise_conformance.description.serialization import load

from ..api import Api
from .operations import operations

_PACKAGE = "procwise_conformance"


def _read(folder: str, name: str) -> str:
    return files(_PACKAGE).joinpath(folder, name).read_text(encoding="utf-8")


def _extend(project: Project, api: Described) -> Api:
    known: dict[str, Any] = {one.name: getattr(api, one.name) for one in fields(api) if one.init}
    known["operations"] = operations(api)
    named = tuple(_named_values(api))
    signatures: Any = import_module(f"{project.client}.signing.{api.name}") if api.signature_schemes else None
    is_signed = any(scheme.direction == "request" for scheme in api.signature_schemes)
    return Api(
        **known,
        token_header=api.token.header if api.token else "",
        token_format=api.token.format if api.token else "",
        other_formats=tuple(sorted(_other_formats(project, api))),
        scheme=signatures.SCHEME if api.signing else None,
        request_scheme=signatures.REQUEST_SCHEME if is_signed and not api.signing else None,
        delivery_schemes=getattr(signatures, "DELIVERY_SCHEMES", {}),
        headers=tuple(sorted({one.name for operation in api.operations for one in operation.in_("header")})),
        secret=frozenset(one.name for one in named if one.secret),
        pii=frozenset(one.name for one in named if one.pii),
        code_member=next((error.member for error in api.errors), ""),
        codes=_codes(api),
    )


def _other_formats(project: Project, api: Described) -> set[str]:
    """How the token is written for other versions, where it travels in the same header."""
    own = api.token
    tokens = (other.token for other in project.apis if other.token is not None)
    return {one.format for one in tokens if own and one.header == own.header and one.format != own.format}


def _named_values(api: Described) -> Iterator[Property | Parameter]:
    for schema in api.written_schemas():
        yield from schema.properties
    for operation in api.operations:
        yield from operation.parameters


def _codes(api: Described) -> dict[int, tuple[str, ...]]:
    """The words of the catalogue by status."""
    statuses = sorted({status for error in api.errors for status in error.statuses})
    return {status: tuple(error.code for error in api.errors if status in error.statuses) for status in statuses}


_PROJECT = load(_read("description", "project.json"))
APIS: Mapping[str, Api] = {api.name: _extend(_PROJECT, api) for api in _PROJECT.apis}
CURRENT = _PROJECT.current.name
VERSION = _PROJECT.version
