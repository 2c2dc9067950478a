"""Every attack that follows from a signing scheme, and the operations that it is tried on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..api import Api, Credentials, Operation
from ..http.signer import SigningSteps
from ..results import Level
from . import (
    base_string,
    clock,
    digests,
    duplicate_parameters,
    encodings,
    missing_parameters,
    replay,
    tokens,
)
from .attack import EVERYWHERE, PASSES, Attack
from .scenarios import send_valid_request

if TYPE_CHECKING:
    from procwise.signing.language import SigningScheme

_SOMEBODY = Credentials(token="somebody", secret_key="something")  # noqa: S106  # for the catalogue only


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An attack as documentation shows it; `passes` if it is a valid request."""

    id: str
    name: str
    level: Level
    clause: str
    cause: str
    passes: bool


def attacks(api: Api, second: Credentials | None = None, superuser: Credentials | None = None) -> tuple[Attack, ...]:
    """All attacks in the order of their ids, the valid request first; `second` and `superuser` are other users."""
    scheme = api.scheme
    if scheme is None and api.request_scheme is None:
        return ()
    right = Attack(
        id="SIG-001",
        name="valid request",
        clause="x-signing.message",
        cause="what is signed, or how, differs from the scheme",
        steps=SigningSteps(),
        scenario=send_valid_request,
        error_statuses=PASSES,
        spread=EVERYWHERE,
    )
    if scheme is None:
        return (right, *_whole_requests(api.request_scheme)) if api.request_scheme else ()
    others = tuple(user for user in (second, superuser) if user)
    rows: Iterable[Attack] = (
        right,
        *tokens.attacks(api, second),
        *missing_parameters.attacks(scheme),
        *duplicate_parameters.attacks(scheme),
        *digests.attacks(scheme, others),
        *base_string.attacks(scheme),
        *encodings.attacks(scheme),
        *replay.attacks(scheme),
        *clock.attacks(scheme),
    )
    return tuple(sorted(rows, key=lambda attack: attack.id))


def catalogue(api: Api) -> tuple[Row, ...]:
    """All attacks for documentation, with those that need other users."""
    return tuple(
        Row(
            id=attack.id,
            name=attack.name,
            level=attack.level,
            clause=attack.clause,
            cause=attack.cause,
            passes=attack.must_pass,
        )
        for attack in attacks(api, _SOMEBODY, _SOMEBODY)
    )


def choose_operations(attack: Attack, operations: Iterable[Operation]) -> Iterator[str]:
    """The ids of the operations to try an attack on: for each method every n-th of those that it fits.

    The first one follows from the attack's number, so that attacks meet different operations, and the same ones
    when there are more attacks.
    """
    number = int(attack.id.rpartition("-")[2])
    fitting: dict[str, list[Operation]] = {}
    for operation in operations:
        if operation.signed and attack.fits(operation):
            fitting.setdefault(operation.method, []).append(operation)
    for same_method in fitting.values():
        step = min(attack.spread, len(same_method))
        yield from (operation.id for operation in same_method[number % step :: step])


def _whole_requests(scheme: SigningScheme) -> Iterator[Attack]:
    from . import whole_requests  # loads what evaluates such schemes

    return whole_requests.attacks(scheme)
