"""The security components: the token and the request signature."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import SpecError
from generator.ir import Nonce, SecurityScheme, Signing, Timestamp, Token, freeze
from generator.load import Node

_TOLD = ("type", "in", "name", "scheme", "description", "x-source")


def security_schemes(root: Node) -> tuple[SecurityScheme, ...]:
    """All security components."""
    return tuple(
        SecurityScheme(
            name=name,
            type=scheme.text("type"),
            location=scheme.text("in"),
            parameter=scheme.text("name"),
            scheme=scheme.text("scheme").lower(),
            description=scheme.text("description"),
            settings=tuple((key, freeze(node.value)) for key, node in scheme.members() if key not in _TOLD),
        )
        for name, scheme in _schemes(root)
    )


def token(root: Node) -> Token | None:
    """The token of the first scheme that has `x-token`; a plain header key is one without words."""
    for name, scheme in _schemes(root):
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


def signing(root: Node, faults: list[SpecError]) -> Signing | None:
    """The value of `x-signing`; a description has at most one."""
    found = [(name, scheme) for name, scheme in _schemes(root) if scheme.has("x-signing")]
    for name, scheme in found[1:]:
        faults.append(scheme.fault(f"{name} is a second x-signing", "a description has one signing scheme"))
    return _signing(*found[0]) if found else None


def scopes(root: Node, node: Node) -> tuple[tuple[tuple[str, str], ...], ...]:
    """What each alternative of an operation asks for within its schemes."""
    place = node if node.has("security") else root
    return tuple(
        tuple((name, str(scope.value)) for name, _ in alternative.members() for scope in alternative.each(name))
        for alternative in place.each("security")
    )


def _signing(name: str, scheme: Node) -> Signing:
    value = scheme["x-signing"]
    message, timestamp, nonce, placement = (value[key] for key in ("message", "timestamp", "nonce", "placement"))
    return Signing(
        scheme=name,
        parameter=scheme.text("name"),
        algorithm=value.text("algorithm"),
        digest=value.text("digest"),
        key_encoding=value["key"].text("encoding"),
        sources=message.texts("parameters"),
        exclude=message.texts("exclude"),
        order=message.text("order"),
        pair=message.text("pair"),
        separator=message.text("separator"),
        values=message.text("values"),
        encoding=message.text("encoding"),
        timestamp=Timestamp(
            parameter=timestamp.text("parameter"),
            unit=timestamp.text("unit"),
            window_seconds=int(timestamp.text("window_seconds")),
        ),
        nonce=Nonce(
            parameter=nonce.text("parameter"),
            type=nonce.text("type"),
            unique_for_seconds=int(nonce.text("unique_for_seconds")),
        ),
        files=value.text("files"),
        send=placement.text("send"),
        accept=placement.texts("accept"),
        description=scheme.text("description"),
    )


def _schemes(root: Node) -> Iterator[tuple[str, Node]]:
    components = root.get("components")
    if components is not None:
        yield from ((name, scheme.resolved()) for name, scheme in components.fields("securitySchemes"))
