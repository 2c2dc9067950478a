"""The attacks that follow from a signing scheme: one for each clause that a server could forget."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from ..description import Api, Credentials, Scheme
from ..signer import RIGHT, TOKEN, Forgery

# Far enough outside the window that a slow answer or a clock some seconds off changes nothing.
_MARGIN_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One way to call an operation. `id` and `name` are stable; `clause` is what the attack tries.

    A server must refuse with one of `refusals` and should do so with `exact`; an attack without
    refusals is the right request, which must pass. With `replay` a right request is sent twice.
    """

    id: str
    name: str
    clause: str
    forgery: Forgery = RIGHT
    replay: bool = False
    refusals: tuple[int, ...] = (401, 403)
    exact: int = 403


def attacks(api: Api, second: Credentials | None = None) -> Iterator[Attack]:
    """The table's rows; `second` are the credentials of another user, where there is one."""
    if api.scheme is None:
        return
    yield Attack(id="SIG-001", name="right request", clause="x-signing.message", refusals=())
    yield from _missing(api.scheme)
    yield from _wrong()
    yield from _repeated_and_stale(api.scheme)
    if second is not None:
        forgery = Forgery(token=second.token)
        yield Attack(id="SIG-012", name="another user's token", clause="x-signing.key", forgery=forgery)


def _missing(scheme: Scheme) -> Iterator[Attack]:
    names = (
        ("SIG-002", TOKEN, "token", "x-token", 401),
        ("SIG-003", scheme.timestamp_parameter, "timestamp", "x-signing.timestamp.parameter", 403),
        ("SIG-004", scheme.nonce_parameter, "nonce", "x-signing.nonce.parameter", 403),
        ("SIG-005", scheme.signature_parameter, "signature", "x-signing", 403),
    )
    for id_, parameter, word, clause, exact in names:
        refusals = (401, 403) if parameter == TOKEN else (400, 401, 403, 422)
        forgery = Forgery(omit=parameter)
        yield Attack(id=id_, name=f"{word} missing", clause=clause, forgery=forgery, refusals=refusals, exact=exact)


def _wrong() -> Iterator[Attack]:
    unknown = secrets.token_hex(20)
    yield Attack(id="SIG-006", name="signature altered", clause="x-signing.algorithm", forgery=Forgery(altered=True))
    yield Attack(id="SIG-007", name="wrong secret", clause="x-signing.key", forgery=Forgery(secret_key=unknown))
    yield Attack(id="SIG-008", name="unknown token", clause="x-token", forgery=Forgery(token=unknown), exact=401)


def _repeated_and_stale(scheme: Scheme) -> Iterator[Attack]:
    yield Attack(id="SIG-009", name="replayed", clause="x-signing.nonce.unique_for_seconds", replay=True)
    beyond = scheme.window_seconds + _MARGIN_SECONDS
    window = "x-signing.timestamp.window_seconds"
    yield Attack(id="SIG-010", name="timestamp too old", clause=window, forgery=Forgery(shift_seconds=-beyond))
    yield Attack(id="SIG-011", name="timestamp too new", clause=window, forgery=Forgery(shift_seconds=beyond))
