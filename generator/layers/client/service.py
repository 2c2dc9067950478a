"""What a client has to know of a version besides its operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from generator.ir import Api, Parameter, Project, Property
from generator.layers.client.signatures import request_scheme

_ALWAYS_SECRET = frozenset(("secret_key",))
_USUAL_MEMBER = ("code",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """The values of the runtime's `Service`; names are sorted."""

    token_header: str
    token_format: str
    signature: str
    secrets: tuple[str, ...]
    personal: tuple[str, ...]
    code_members: tuple[str, ...]
    example: str
    signing: str
    has_request_scheme: bool


def service_of(project: Project, api: Api) -> ServiceView:
    """The view of a version."""
    named = list(_named_values(api))
    signature = {api.signing.parameter} if api.signing else _signature_fields(api)
    return ServiceView(
        token_header=api.token.header if api.token else "",
        token_format=api.token.format if api.token else "",
        signature=next(iter(sorted(signature)), ""),
        secrets=tuple(sorted({one.name for one in named if one.secret} | signature | _ALWAYS_SECRET)),
        personal=tuple(sorted({one.name for one in named if one.pii and not one.secret})),
        code_members=tuple(dict.fromkeys(error.member for error in api.errors if error.member)) or _USUAL_MEMBER,
        example=_origin(api),
        has_request_scheme=not api.signing and request_scheme(api) is not None,
        signing=f"{project.client}.signing" if api is project.current else f"{project.client}.{api.name}.signing",
    )


def _signature_fields(api: Api) -> set[str]:
    """The names of the fields that carry the signature."""
    scheme = request_scheme(api)
    placements: Any = scheme.value["placement"] if scheme else ()
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
