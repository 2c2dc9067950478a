"""Whether 401 or 403 to a valid request is about its signature, or about a missing permission."""

from __future__ import annotations

from collections.abc import Mapping

from ..api import Api, Operation
from ..http.caller import Response
from .pool import ObjectPool

AUTHENTICATION = (401, 403)


def blames_signature(api: Api, response: Response) -> bool:
    """Whether the error has the code of a signature, a timestamp or a nonce."""
    error = response.json
    code = error.get(api.code_member) if isinstance(error, dict) and api.scheme and api.code_member else None
    if not isinstance(code, str) or api.scheme is None:
        return False
    scheme = api.scheme
    signing = scheme.signature_parameter, scheme.timestamp_parameter, scheme.nonce_parameter
    return any(code.startswith(name) for name in signing)


def names_only_own(objects: ObjectPool, operation: Operation, *parts: Mapping[str, object]) -> bool:
    """Whether every id in the path, the query and the body names an own object that still exists."""
    members = {name: value for part in parts for name, value in part.items()}
    named = {**dict(operation.named), **{p.name: p.creator for p in operation.placeholders}}
    return all(objects.exists(creator, members[name]) for name, creator in named.items() if name in members)
