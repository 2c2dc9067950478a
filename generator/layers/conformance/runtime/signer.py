"""Signing at the very last moment, over exactly what is sent; and the ways to do it wrong on purpose."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from requests import PreparedRequest
from requests.auth import AuthBase

from .description import Api, Credentials, Scheme
from .wire import placed, read

# The rest, such as headers that the fuzzer makes up, would be answered by the HTTP server and not by the API.
_KEPT_HEADERS = frozenset(("accept-encoding", "connection", "content-length", "content-type", "host", "user-agent"))
_SMALLEST_NONCE = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """What is wrong about a request; the defaults make a right one.

    `omit` names what is left out (`token` or a signing parameter), `token` and `secret_key` take
    the place of the user's own, the clock is `shift_seconds` off, and with `altered` one
    character of the signature differs.
    """

    omit: str = ""
    token: str = ""
    secret_key: str = ""
    shift_seconds: int = 0
    altered: bool = False

    def __repr__(self) -> str:
        return f"Forgery(omit={self.omit!r}, shift_seconds={self.shift_seconds}, altered={self.altered})"


RIGHT = Forgery()
TOKEN = "token"  # noqa: S105  # a word for what is left out


class Signer(AuthBase):
    """Signs a prepared request; `requests` calls it when nothing else will change it any more.

    Operations that only some may call are signed by the superuser, where there is one.
    """

    def __init__(
        self, api: Api, credentials: Credentials, forgery: Forgery = RIGHT, *, superuser: Credentials | None = None
    ) -> None:
        self._api = api
        self._credentials = credentials
        self._superuser = superuser
        self._forgery = forgery

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self._clean(request)
        operation = read(request, self._api).operation
        restricted = operation is not None and operation.restricted
        user = self._superuser if restricted and self._superuser else self._credentials
        if self._forgery.omit != TOKEN and self._api.token_header:
            token = self._forgery.token or user.token
            request.headers[self._api.token_header] = self._api.token_format.replace("{token}", token)
        if self._api.scheme is not None and (operation is None or operation.signed):
            return self._signed(request, self._api.scheme, user)
        return request

    def _clean(self, request: PreparedRequest) -> None:
        kept = _KEPT_HEADERS | {name.lower() for name in self._api.headers}
        for name in [name for name in request.headers if name.lower() not in kept]:
            del request.headers[name]
        if self._api.accept:
            request.headers["Accept"] = self._api.accept

    def _signed(self, request: PreparedRequest, scheme: Scheme, user: Credentials) -> PreparedRequest:
        forgery = self._forgery
        moment = time.time_ns() // 1_000_000 + forgery.shift_seconds * 1000
        stamp = scheme.stamp({}, now_ms=moment, nonce=_SMALLEST_NONCE + secrets.randbelow(_SMALLEST_NONCE))
        stamp = {name: value for name, value in stamp.items() if name != forgery.omit}
        request = placed(request, stamp, scheme.send)
        parts = read(request, self._api)
        params = scheme.merge(path=parts.path, query=parts.query, body=parts.body)
        signature = scheme.sign(params, forgery.secret_key or user.secret_key)
        if forgery.omit == scheme.signature_parameter:
            return request
        sent = _altered(signature) if forgery.altered else signature
        return placed(request, {scheme.signature_parameter: sent}, scheme.send)


def _altered(signature: str) -> str:
    """Another text of the same length and alphabet, hexadecimal or base64."""
    return ("1" if signature.startswith("0") else "0") + signature[1:]
