"""Signs a prepared request as a whole, by a scheme of any kind, correctly or with a wrong step."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from requests import PreparedRequest
from requests.structures import CaseInsensitiveDict

from ..api import Credentials
from ..errors import CannotRun, CannotSign
from .wire import NotApplicable

if TYPE_CHECKING:  # loaded where a scheme signs whole requests: takes 40 ms
    from procwise.signing.language import SigningScheme
    from procwise.signing.messages import Request

_PREFIX = "PROCWISE_"
_OWN = ("access_key", "token", "secret_key")


def keep_request(request: Request) -> Request:
    """The signed request as it is."""
    return request


def keep_scheme(scheme: SigningScheme) -> SigningScheme:
    """The scheme as it is."""
    return scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeSteps:
    """How a whole request is signed; the defaults make a valid one.

    `variant` makes the scheme that is signed by. `after` changes the signed request, or gives None if it cannot;
    `forge` is the same for one who knows how long the credentials are. `shift_ms` is how far the moment is off.
    """

    variant: Callable[[SigningScheme], SigningScheme] = keep_scheme
    after: Callable[[Request], Request | None] = keep_request
    forge: Callable[[Request, Mapping[str, str]], Request | None] | None = None
    shift_ms: int = 0


CORRECT_WHOLE = WholeSteps()


def sign_whole(
    request: PreparedRequest,
    scheme: SigningScheme,
    user: Credentials,
    *,
    secret_key: str,
    path: Mapping[str, object],
    steps: WholeSteps,
    now_ms: int,
) -> PreparedRequest:
    """A copy of the request with all that the scheme sends."""
    from procwise.signing.freshness import make_nonce
    from procwise.signing.messages import SigningError, request_of, sign_request

    body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
    headers = [(name, _text(value)) for name, value in request.headers.items()]
    unsigned = request_of(str(request.method), str(request.url), headers, body, path=path)
    credentials = collect_credentials(scheme, user, secret_key)
    sign = partial(
        sign_request,
        scheme,
        unsigned,
        credentials,
        settings=read_settings(scheme),
        now_ms=now_ms + steps.shift_ms,
        nonce=make_nonce(scheme),
    )
    try:
        right = sign()
        signed = right if steps.variant is keep_scheme else sign(signs_by=steps.variant(scheme))
    except SigningError as error:
        raise CannotSign(f"a request cannot be signed: {error}.") from None
    changed = steps.after(signed) if steps.forge is None else steps.forge(signed, credentials)
    if changed is None or (steps != replace(CORRECT_WHOLE, shift_ms=steps.shift_ms) and changed == right):
        raise NotApplicable
    return write_request(request, changed)


def write_request(request: PreparedRequest, signed: Request) -> PreparedRequest:
    """The request as it is sent; another host is named to the same server."""
    copy, parts = request.copy(), urlsplit(str(request.url))
    copy.method, copy.body = signed.method, signed.body or None
    copy.headers = CaseInsensitiveDict(signed.headers)
    if signed.authority != parts.netloc:
        copy.headers["Host"] = signed.authority
    copy.url = replace(signed, scheme=parts.scheme, authority=parts.netloc).url
    copy.prepare_content_length(copy.body)
    return copy


def collect_credentials(scheme: SigningScheme, user: Credentials, secret_key: str) -> dict[str, str]:
    """All credentials that a scheme asks for; raises CannotRun if the environment lacks one."""
    own = {"access_key": user.token, "token": user.token, "secret_key": secret_key}
    return {**_other_credentials(scheme), **own}


def _other_credentials(scheme: SigningScheme) -> dict[str, str]:
    """Credentials beside key id and secret key, from the environment."""
    from procwise.signing.language import used_names

    found = {}
    for name in used_names(scheme, "credential"):
        text = os.environ.get(_PREFIX + name.upper(), "")
        if name not in _OWN and not text and not scheme.credentials[name].optional:
            raise CannotRun(f"the signature needs {name}: set {_PREFIX}{name.upper()}")
        found[name] = text
    return found


def read_settings(scheme: SigningScheme) -> dict[str, str]:
    """The settings of a scheme that the environment has."""
    from procwise.signing.language import used_names

    known = {name: os.environ.get(_PREFIX + name.upper(), "") for name in used_names(scheme, "setting")}
    return {name: text for name, text in known.items() if text}


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
