"""Whether 401 or 403 to a right request is about its signature: a missing right is refused with them as well."""

from __future__ import annotations

from collections.abc import Mapping

from ..description import Api, Operation
from ..http.caller import Answer
from .pool import Objects

AUTHENTICATION = (401, 403)


def blames_signature(api: Api, answer: Answer) -> bool:
    """Whether the refusal tells the code of a signature, a timestamp or a nonce."""
    told = answer.json
    code = told.get(api.code_member) if isinstance(told, dict) and api.scheme and api.code_member else None
    if not isinstance(code, str) or api.scheme is None:
        return False
    scheme = api.scheme
    signing = scheme.signature_parameter, scheme.timestamp_parameter, scheme.nonce_parameter
    return any(code.startswith(name) for name in signing)


def names_only_own(objects: Objects, operation: Operation, *told: Mapping[str, object]) -> bool:
    """Whether every id in the path, the query and the body is one of an own object that is still there."""
    members = {name: value for part in told for name, value in part.items()}
    named = {**dict(operation.references), **{p.name: p.creator for p in operation.placeholders}}
    return all(objects.has(creator, members[name]) for name, creator in named.items() if name in members)
