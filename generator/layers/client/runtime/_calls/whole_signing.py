"""Requests that are signed as a whole, by a scheme of any kind; loaded only if the API has such a scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from procwise.signing.freshness import make_nonce
from procwise.signing.language import SigningScheme
from procwise.signing.messages import SigningError, request_of, sign_request

from .._errors.exceptions import InvalidArgument
from .._session.session import Session
from .messages import SignedRequest


def sign_whole(
    session: Session, scheme: SigningScheme, request: SignedRequest, path: Mapping[str, Any]
) -> SignedRequest:
    """The request with all that the scheme sends. A form with files is signed without its body."""
    body = request.content if isinstance(request.content, bytes) else b""
    unsigned = request_of(request.method, request.url, request.headers, body, path=path)
    try:
        signed = sign_request(
            scheme,
            unsigned,
            session.credentials,
            settings=session.settings,
            now_ms=session.now_ms(),
            nonce=make_nonce(scheme),
        )
    except SigningError as error:
        raise InvalidArgument(str(error)) from None
    content = signed.body if signed.body or isinstance(request.content, bytes) else request.content
    return replace(request, url=signed.url, headers=dict(signed.headers), content=content)
