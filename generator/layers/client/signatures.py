"""What the client's signing package has of each version: its schemes, and the functions that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from generator.ir import Api, Project, SignatureScheme, thaw
from generator.layers.client.docstrings import wrap
from generator.signing import scheme_of
from generator.templates import Templates
from generator.tree import File

_MESSAGES = ("Request", "SignatureRefused", "SigningError", "Verified", "request_of")
_LANGUAGE = ("SigningScheme",)


def request_scheme(api: Api) -> SignatureScheme | None:
    """The scheme that signs requests."""
    return next((scheme for scheme in api.signature_schemes if scheme.direction == "request"), None)


def exports(api: Api) -> tuple[str, ...]:
    """The names that the signing module of a version has; none if it has no scheme."""
    directions = {scheme.direction for scheme in api.signature_schemes}
    return (
        *(("SCHEME", "Explanation", "base_string", "explain", "sign") if api.signing else ()),
        *(("REQUEST_SCHEME", "sign_request", "verify_request") if "request" in directions else ()),
        *(("DELIVERY_SCHEMES", "verify") if "delivery" in directions else ()),
    )


def lazy_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the names that are loaded when they are first asked for."""
    return tuple(name for name in names if name in ("REQUEST_SCHEME", "DELIVERY_SCHEMES"))


def render_signing_package(templates: Templates, package: str, project: Project) -> Iterator[File]:
    """The modules of the versions, and the current one's names."""
    names = exports(project.current)
    lazy = lazy_names(names)
    modules = {"messages": _MESSAGES, "language": _LANGUAGE}
    text = templates.render("signing_package.py.j2", api=project.current, exports=names, lazy=lazy, modules=modules)
    yield File(f"{package}/__init__.py", text)
    for api in project.apis:
        if api.signature_schemes:
            yield File(f"{package}/{api.name}.py", templates.render("signing.py.j2", api=api, **_values(api)))


def _values(api: Api) -> dict[str, Any]:
    own, short = request_scheme(api), scheme_of(api.signing) if api.signing else None
    deliveries = [scheme for scheme in api.signature_schemes if scheme.direction == "delivery"]
    return {
        "exports": exports(api),
        "scheme": [(field.name, getattr(short, field.name)) for field in fields(short)] if short else [],
        "request_scheme": thaw(own.value) if own else None,
        "delivery_schemes": {scheme.scheme: thaw(scheme.value) for scheme in deliveries},
        "about": wrap(next(iter(api.signature_schemes)).description),
    }
