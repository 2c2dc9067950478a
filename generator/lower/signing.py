"""The signing schemes: every value of `x-signing`, checked, in the long form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import SpecError
from generator.ir import Nonce, SignatureScheme, Signing, Timestamp, freeze
from generator.load import Node
from generator.lower.security import scheme_nodes
from generator.signing.language import Problem, inspect_scheme, is_short, lengthen, shorten


def signature_schemes(root: Node, faults: list[SpecError]) -> tuple[SignatureScheme, ...]:
    """All schemes; what is wrong with one is a fault, and so is a second one for requests."""
    found = tuple(_schemes(root))
    for name, scheme, value in found:
        _, problems = inspect_scheme(value)
        faults += [_fault(name, scheme, problem) for problem in problems]
    for name, scheme, _ in [one for one in found if _direction(one[2]) == "request"][1:]:
        faults.append(scheme.fault(f"{name} is a second x-signing", "a description has one scheme for requests"))
    return tuple(
        SignatureScheme(
            scheme=name,
            direction=_direction(value),
            value=freeze(value),  # type: ignore[arg-type]  # a mapping stays a mapping
            description=scheme.text("description"),
        )
        for name, scheme, value in found
    )


def read_signing(root: Node) -> Signing | None:
    """The scheme that signs requests, if it signs one set of parameters."""
    for name, scheme, value in _schemes(root):
        own = _own_value(scheme)
        short = {**own, "signature": scheme.text("name")} if is_short(own) else shorten(value)
        if short is not None and _direction(value) == "request":
            return _build_signing(name, short, scheme.text("description"))
    return None


def request_signers(root: Node) -> set[str]:
    """The names of the security schemes that sign requests."""
    return {name for name, _, value in _schemes(root) if _direction(value) == "request"}


def _schemes(root: Node) -> Iterator[tuple[str, Node, dict[str, Any]]]:
    """The name, the security scheme and the long value of each."""
    for name, scheme in scheme_nodes(root):
        own = _own_value(scheme)
        if own:
            yield name, scheme, lengthen(own, scheme.text("name")) if is_short(own) else own


def _own_value(scheme: Node) -> dict[str, Any]:
    node = scheme.get("x-signing")
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _direction(value: Mapping[str, Any]) -> Any:  # the schema of the extension lists both words
    return value.get("direction", "request")


def _fault(name: str, scheme: Node, problem: Problem) -> SpecError:
    pointer = (*scheme.pointer, "x-signing", *problem.where)
    return scheme.document.fault(pointer, f"{name}: {problem.message}", problem.hint)


def _build_signing(name: str, short: Mapping[str, Any], description: str) -> Signing:
    message, timestamp, nonce, placement = (short[key] for key in ("message", "timestamp", "nonce", "placement"))
    return Signing(
        scheme=name,
        parameter=short["signature"],
        algorithm=short["algorithm"],
        digest=short["digest"],
        key_encoding=short["key"]["encoding"],
        sources=tuple(message["parameters"]),
        exclude=tuple(message["exclude"]),
        order=message["order"],
        pair=message["pair"],
        separator=message["separator"],
        values=message["values"],
        encoding=message["encoding"],
        timestamp=Timestamp(**timestamp),
        nonce=Nonce(**nonce),
        files=short["files"],
        send=placement["send"],
        accept=tuple(placement["accept"]),
        description=description,
    )
