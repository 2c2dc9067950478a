"""A request, signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..language.model import SigningScheme
from .evaluation import Context, compute_signature
from .placement import place_companions, place_signature, remove_signature
from .request import Request


def sign_request(
    scheme: SigningScheme,
    request: Request,
    credentials: Mapping[str, str],
    *,
    settings: Mapping[str, str] | None = None,
    now_ms: int,
    nonce: str = "",
    timestamp: str = "",
    signs_by: SigningScheme | None = None,
) -> Request:
    """The request with every field that the scheme sends, the signature among them.

    `now_ms` is the clock in milliseconds since 1970; `timestamp` is another text for that moment, and left
    out it is written in the format of the scheme. An old signature of the request is dropped. `signs_by` is
    another scheme for the signature alone, as a careless program has it. Raises SigningError if a credential
    is missing.
    """
    context = prepare_context(
        scheme, request, credentials, settings=settings, now_ms=now_ms, nonce=nonce, timestamp=timestamp
    )
    signature = compute_signature(replace(context, scheme=signs_by) if signs_by is not None else context)
    return place_signature(replace(context, signature=signature))


def prepare_context(
    scheme: SigningScheme,
    request: Request,
    credentials: Mapping[str, str],
    *,
    settings: Mapping[str, str] | None = None,
    now_ms: int,
    nonce: str = "",
    timestamp: str = "",
) -> Context:
    """All that is signed, with the companions of the signature already placed in the request."""
    if scheme.timestamp is not None:
        now_ms += 1000 * scheme.timestamp.offset_seconds
        timestamp = timestamp or scheme.timestamp.write(now_ms)
        said = scheme.timestamp.read(timestamp)
        now_ms = now_ms if said is None else said  # no clock says more than a verifier can read
    context = Context(
        scheme=scheme,
        request=remove_signature(scheme, request),
        credentials=credentials,
        settings=settings or {},
        timestamp=timestamp,
        now_ms=now_ms,
        nonce=nonce,
    )
    return place_companions(context)
