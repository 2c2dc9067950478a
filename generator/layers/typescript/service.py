"""What a client has to know of a version besides its operations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from generator.ir import Api, Parameter, Project, Property, SignatureScheme, thaw
from generator.names import distinct, pascal
from generator.signing.language import read_scheme
from generator.signing.language.checks import used_names

_GENERAL = (
    *("ProcwiseError", "ApiError", "CredentialsMissing", "InvalidArgument", "WrongBaseUrl", "ConnectionFailed"),
    *("TimedOut", "OutcomeUnknown", "UnexpectedResponse", "ResponseDamaged", "JobFailed", "JobTimedOut"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A documented error status and its class."""

    status: int
    name: str
    about: str


def list_statuses(project: Project) -> tuple[Status, ...]:
    """One class for each error status, named and described as the current version does if it has the status."""
    found: dict[int, tuple[str, str]] = {}
    for api in sorted(project.apis, key=lambda one: one is not project.current):
        for operation in api.operations:
            for error in operation.errors:
                found.setdefault(error.status, (error.name, error.description or error.name))
    ordered = sorted(found)
    names = distinct((*_GENERAL, *(pascal(found[one][0]).removesuffix("Error") + "Error" for one in ordered)))
    return tuple(
        Status(status=one, name=name, about=" ".join(f"{one}: {found[one][1]}".split()))
        for one, name in zip(ordered, names[len(_GENERAL) :], strict=True)
    )


def request_scheme(api: Api) -> SignatureScheme | None:
    """The scheme that signs requests."""
    return next((one for one in api.signature_schemes if one.direction == "request"), None)


def describe_service(api: Api, operations: dict[str, Any]) -> dict[str, Any]:
    """The data of a version, as the runtime's `Service` has it."""
    scheme = request_scheme(api)
    value: Any = thaw(scheme.value) if scheme else None
    read = read_scheme(value) if value else None
    named = list(_named_values(api))
    secrets = {one.name for one in named if one.secret} | _signature_fields(value) | {"secret_key"}
    return {
        "name": api.name,
        "basePath": api.base_path,
        "accept": api.accept,
        "example": _origin(api),
        "tokenHeader": api.token.header if api.token else "",
        "tokenFormat": api.token.format if api.token else "",
        "scheme": write_json(value) if value else "",
        "schemeWithoutBody": _without_body(api, value),
        "signsParameters": api.signing is not None and api.signing.values == "ruby-text",
        "nonce": read.nonce.type if read and read.nonce else "",
        "credentials": list(used_names(read, "credential")) if read else [],
        "settings": list(used_names(read, "setting")) if read else [],
        "secrets": sorted(secrets),
        "personal": sorted({one.name for one in named if one.pii} - secrets),
        "codeMembers": list(dict.fromkeys(error.member for error in api.errors if error.member)) or ["code"],
        "codes": {
            error.code: {"meaning": " ".join(error.meaning.split()), "hint": " ".join(error.hint.split())}
            for error in api.errors
        },
        "operations": operations,
    }


def write_json(value: object) -> str:
    """JSON without blanks, in the order of the description."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _without_body(api: Api, value: Any) -> str:
    """The scheme for requests that have no body, if it puts the signature there."""
    if api.signing is None or api.signing.send != "body":
        return ""
    return write_json({**value, "placement": [{**one, "in": "query"} for one in value["placement"]]})


def _signature_fields(value: Any) -> set[str]:
    placements = value["placement"] if value else ()
    return {name for one in placements for name, text in one["fields"].items() if "{signature}" in str(text)}


def _named_values(api: Api) -> Iterator[Property | Parameter]:
    for schema in api.schemas:
        yield from schema.properties
    for operation in api.operations:
        yield from operation.parameters
        yield from operation.body.schema.properties if operation.body else ()


def _origin(api: Api) -> str:
    parts = urlsplit(api.servers[0].url if api.servers else "")
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else "https://api.example.com"
