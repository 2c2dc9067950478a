"""A program: a sandbox with each fault takes one request that the honest sandbox refuses.

Input is a version for each fault; output, as JSON, is both statuses for each.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import procwise_sandbox
from procwise.signing.freshness import make_nonce
from procwise.signing.language import SigningScheme
from procwise.signing.messages import Request, read_claims, request_of, sign_request
from procwise.signing.messages.placement import remove_signature
from procwise.signing.messages.variants import VARIANTS
from procwise_sandbox.http.request_verification import credentials_of_signer
from tests.signing.layers.call_sandbox import FAR_SECONDS, SETTINGS, URL, Server


@dataclass(frozen=True)
class User:
    """The demo user of one sandbox, who signs by the scheme of a version."""

    version: str
    scheme: SigningScheme
    known: Any

    def sign(
        self,
        *,
        secret_key: str | None = None,
        later: int = 0,
        query: str = "title=Kidnapped",
        body: str = "",
        variant: str = "",
    ) -> Request:
        own = self.known["demo"]
        headers = {"Content-Type": "application/json"} if body else {}
        unsigned = request_of("POST" if body else "GET", f"{URL}/{self.version}/books?{query}", headers, body)
        key = own.secret_key if secret_key is None else secret_key
        return sign_request(
            self.scheme,
            unsigned,
            credentials_of_signer(self.scheme, key, {"access_key": own.token, "token": own.token}),
            settings={name: text for name, text in SETTINGS.items() if name in self.scheme.settings},
            now_ms=time.time_ns() // 10**6 + later * 1000,
            nonce=make_nonce(self.scheme),
            signs_by=VARIANTS[variant](self.scheme) if variant else None,
        )

    def sign_otherwise(self, change: Callable[[str], str]) -> Request:
        """A signed request whose signature is changed."""
        request = self.sign()
        (signature,) = read_claims(self.scheme, request).signatures
        other = change(signature)
        headers = tuple((name, value.replace(signature, other)) for name, value in request.headers)
        return replace(request, headers=headers, query=request.query.replace(signature, other))


FORGED: dict[str, Callable[[User], Iterable[Request]]] = {
    "signature-ignored": lambda user: [user.sign(secret_key="another")],
    "signature-ignored-on-get": lambda user: [user.sign(secret_key="another")],
    "signature-prefix-compared": lambda user: [user.sign_otherwise(lambda signature: signature[:8] + "0" * 56)],
    "signature-case-ignored": lambda user: [user.sign_otherwise(str.upper)],
    "another-key-accepted": lambda user: [user.sign(secret_key=user.known["second"].secret_key)],
    "empty-key-accepted": lambda user: [user.sign(secret_key="")],
    "missing-signature-accepted": lambda user: [remove_signature(user.scheme, user.sign())],
    "path-ids-not-signed": lambda user: [user.sign(variant="path")],
    "query-not-signed": lambda user: [user.sign(variant="query")],
    "body-not-signed": lambda user: [user.sign(variant="body", body='{"title": "Kidnapped"}')],
    "timestamp-not-signed": lambda user: [user.sign(variant="timestamp")],
    "nonce-not-signed": lambda user: [user.sign(variant="nonce")],
    "empty-values-not-signed": lambda user: [user.sign(variant="empty values", query="title=")],
    "signed-as-sent": lambda user: [user.sign(variant="order")],
    "weak-hash-accepted": lambda user: [user.sign(variant="hash")],
    "window-too-wide": lambda user: [user.sign(later=-3_600)],
    "window-too-narrow": lambda user: [user.sign(later=-30)],
    "nonce-race": lambda user: [user.sign()] * 2,
    "timestamp-ignored": lambda user: [user.sign(later=-FAR_SECONDS)],
    "timestamp-future-ignored": lambda user: [user.sign(later=FAR_SECONDS)],
    "nonce-reuse-accepted": lambda user: [user.sign()] * 2,
}


@cache
def make_sandbox(*faults: str) -> Any:
    """The sandbox with these faults; the honest one is asked about every fault."""
    return procwise_sandbox.app(faults=faults, page=False)


async def statuses_of(faults: list[str], version: str, name: str) -> tuple[int, str]:
    """What a sandbox with these faults sends for the last of the requests."""
    application = make_sandbox(*faults)
    scheme = importlib.import_module(f"procwise.signing.{version}").REQUEST_SCHEME
    user, response = User(version, scheme, application.state.credentials), (0, "")
    for request in FORGED[name](user):
        response = await Server(app=application).send(request)
    return response


async def main() -> None:
    """Print everything as one line."""
    asked: dict[str, str] = json.loads(input())
    found = {
        name: [await statuses_of(faults, version, name) for faults in ([], [name])] for name, version in asked.items()
    }
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main())
