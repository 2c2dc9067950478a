"""The security components: the token and the request signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from generator.ir import LOCATIONS, SECURITY_TYPES, Location, SecurityScheme, Token, freeze
from generator.load import Node
from generator.lower.closed_sets import word

_PLACES: tuple[Location | Literal[""], ...] = (*LOCATIONS, "")
_OWN_FIELDS = ("type", "in", "name", "scheme", "description", "x-source")


def security_schemes(root: Node) -> tuple[SecurityScheme, ...]:
    """All security components."""
    return tuple(
        SecurityScheme(
            name=name,
            type=word(scheme, "type", SECURITY_TYPES),
            location=word(scheme, "in", _PLACES),
            parameter=scheme.text("name"),
            scheme=scheme.text("scheme").lower(),
            description=scheme.text("description"),
            settings=tuple((key, freeze(node.value)) for key, node in scheme.members() if key not in _OWN_FIELDS),
        )
        for name, scheme in scheme_nodes(root)
    )


def token(root: Node) -> Token | None:
    """The token of the first scheme that has `x-token`; a plain header key is a token without further text.

    The header of a signature is no token.
    """
    for name, scheme in scheme_nodes(root):
        format_ = scheme.get("x-token")
        plain = scheme.text("type") == "apiKey" and scheme.text("in") == "header" and not scheme.has("x-signing")
        if format_ is not None or plain:
            return Token(
                scheme=name,
                header=scheme.text("name", "Authorization"),
                format=format_.text("format") if format_ is not None else "{token}",
                description=scheme.text("description"),
            )
    return None


def scopes(root: Node, node: Node) -> tuple[tuple[tuple[str, str], ...], ...]:
    """What each alternative of an operation asks for within its schemes."""
    place = node if node.has("security") else root
    return tuple(
        tuple((name, str(scope.value)) for name, _ in alternative.members() for scope in alternative.each(name))
        for alternative in place.each("security")
    )


def scheme_nodes(root: Node) -> Iterator[tuple[str, Node]]:
    """The name and value of each security component."""
    components = root.get("components")
    if components is not None:
        yield from ((name, scheme.resolve()) for name, scheme in components.fields("securitySchemes"))
