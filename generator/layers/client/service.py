"""What a client has to know of a version besides its operations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.ir import Api, Parameter, Project, Property

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


def service_of(project: Project, api: Api) -> ServiceView:
    """The view of a version."""
    named = list(_named_values(api))
    signature = {api.signing.parameter} if api.signing else set()
    return ServiceView(
        token_header=api.token.header if api.token else "",
        token_format=api.token.format if api.token else "",
        signature=api.signing.parameter if api.signing else "",
        secrets=tuple(sorted({one.name for one in named if one.secret} | signature | _ALWAYS_SECRET)),
        personal=tuple(sorted({one.name for one in named if one.pii and not one.secret})),
        code_members=tuple(dict.fromkeys(error.member for error in api.errors if error.member)) or _USUAL_MEMBER,
        example=_origin(api),
        signing=f"{project.client}.signing" if api is project.current else f"{project.client}.{api.name}.signing",
    )


def _named_values(api: Api) -> Iterator[Property | Parameter]:
    for schema in api.schemas:
        yield from schema.properties
    for operation in api.operations:
        yield from operation.parameters
        yield from operation.body.schema.properties if operation.body else ()


def _origin(api: Api) -> str:
    parts = urlsplit(api.servers[0].url if api.servers else "")
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else "https://api.example.com"
