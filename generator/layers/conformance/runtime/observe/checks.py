"""The checks of observed traffic that no other phase has."""

from __future__ import annotations

from ..results import SHOULD
from ..stateful.checks.check import Check

OPERATION = Check(
    id="OBS-001",
    name="a request names a described operation",
    level=SHOULD,
    clause="paths",
    cause="The description lacks the operation, or the client has another version of it.",
)

PARAMETERS = Check(
    id="OBS-002",
    name="a request has the described parameters",
    level=SHOULD,
    clause="parameters",
    cause="The client was written from another version of the description, or the description is wrong.",
)

BODY = Check(
    id="OBS-003",
    name="a request has the described body",
    level=SHOULD,
    clause="requestBody",
    cause="The client was written from another version of the description, or the description is wrong.",
)

STATUS = Check(
    id="OBS-004",
    name="a response has a documented status",
    clause="responses",
    cause="The server has a case that the description does not have, or something in front of it answered.",
)

HEADERS = Check(
    id="OBS-005",
    name="a response has the described headers",
    clause="responses.headers",
    cause="The header is not set, is written in another form, or is dropped on the way.",
)

TWICE = Check(
    id="OBS-006",
    name="JSON has each member once",
    level=SHOULD,
    clause="RFC 8259, 4",
    cause="The JSON is put together as text, or of two sources.",
)

SIGNED = Check(
    id="OBS-010",
    name="a request is signed as the scheme says",
    level=SHOULD,
    clause="x-signing",
    cause="The client signs otherwise, or with the key of another user.",
)

WRONG = Check(
    id="OBS-011",
    name="a wrong signature is refused",
    clause="x-signing",
    cause="The server does not compare the signature, or compares it over less than the scheme says.",
)

RIGHT = Check(
    id="OBS-012",
    name="a right signature is accepted",
    clause="x-signing",
    cause="The server reads or signs some value otherwise than the scheme says.",
)

ONCE = Check(
    id="OBS-013",
    name="a nonce is accepted once",
    clause="x-signing.nonce",
    cause="Used nonces are not kept, or not by all processes of the server.",
)

WINDOW = Check(
    id="OBS-014",
    name="a timestamp is accepted within its window alone",
    clause="x-signing.timestamp",
    cause="The timestamp is not compared with the clock, or with a wider window.",
)

BACKWARDS = Check(
    id="OBS-020",
    name="the time of the last change never goes back",
    level=SHOULD,
    clause="responses.success",
    cause="An older state is shown, by a cache or a replica.",
)

PLACES = Check(
    id="OBS-021",
    name="an item stands at one place of a list",
    level=SHOULD,
    clause="parameters",
    cause="Pages overlap, are swapped or repeated, or the order of the list is not settled between two requests.",
)


def list_checks() -> tuple[Check, ...]:
    """All checks of this room, by id."""
    return tuple(sorted((one for one in globals().values() if isinstance(one, Check)), key=lambda check: check.id))
