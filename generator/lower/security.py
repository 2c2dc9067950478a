"""The security components: the token and the request signature."""

from __future__ import annotations

from collections.abc import Iterator

from generator.ir import SecurityScheme, Token
from generator.load import Node


def security_schemes(root: Node) -> tuple[SecurityScheme, ...]:
    """All security components."""
    return tuple(
        SecurityScheme(
            name=name,
            type=scheme.text("type"),
            location=scheme.text("in"),
            parameter=scheme.text("name"),
            scheme=scheme.text("scheme").lower(),
        )
        for name, scheme in scheme_nodes(root)
    )


def token(root: Node) -> Token | None:
    """The token of the first scheme that has `x-token`; a plain header key is a token without further text."""
    for name, scheme in scheme_nodes(root):
        format_ = scheme.get("x-token")
        plain = scheme.text("type") == "apiKey" and scheme.text("in") == "header"
        if format_ is not None or plain:
            return Token(
                scheme=name,
                header=scheme.text("name", "Authorization"),
                format=format_.text("format") if format_ is not None else "{token}",
                description=scheme.text("description"),
            )
    return None


def scheme_nodes(root: Node) -> Iterator[tuple[str, Node]]:
    """The name and value of each security component."""
    components = root.get("components")
    if components is not None:
        yield from ((name, scheme.resolve()) for name, scheme in components.fields("securitySchemes"))
