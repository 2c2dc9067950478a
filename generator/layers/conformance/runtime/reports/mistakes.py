"""Mistakes of a server that break many checks at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A mistake that explains many findings on an operation, if one of the `signs` is among them.

    It explains those that follow from its `clauses`, and the checks `also`, which follow from another one.
    """

    cause: str
    signs: frozenset[str]
    clauses: tuple[str, ...] = ()
    also: frozenset[str] = frozenset()


def _attacks(*numbers: str) -> frozenset[str]:
    return frozenset(f"SIG-{number}" for number in numbers)


OWNERSHIP = frozenset(("MOD-070", "MOD-071", "SCH-012"))
_OF_TEXTS = ("x-signing.message.values", "x-signing.message.encoding")

# The widest first: who compares no signature passes every other attack on it, too.
MISTAKES = (
    Mistake(
        cause="No signature is compared on this operation, so that every request with a token passes.",
        signs=frozenset(("SIG-006", "REQ-020", "REQ-021")),
        clauses=("x-signing",),
    ),
    Mistake(
        cause="No used nonce is refused on this operation, so that every request can be sent twice.",
        signs=frozenset(("SIG-009", "REQ-040")),
        clauses=("x-signing.nonce",),
        also=_attacks("054", "055"),  # a used nonce beside a fresh one
    ),
    Mistake(
        cause="No token is compared on this operation, so that any token passes.",
        signs=_attacks("008"),
        clauses=("x-token",),
        also=frozenset(("SCH-011",)),  # the engine's own probes with wrong tokens
    ),
    Mistake(
        cause="No timestamp is compared with the clock on this operation.",
        signs=frozenset(("SIG-164", "SIG-165", "REQ-030")),
        clauses=("x-signing.timestamp",),
    ),
    Mistake(
        cause="Objects are looked up by their ids alone, without asking whose they are.",
        signs=OWNERSHIP,
        also=OWNERSHIP,
    ),
    Mistake(
        cause="A request without a signature passes on this operation.",
        signs=_attacks("005"),
        also=_attacks("005", "032", "038"),  # missing, empty, null
    ),
    Mistake(
        cause="The query is not covered by the signature on this operation.",
        signs=_attacks("091"),
        clauses=_OF_TEXTS,
        also=_attacks("091", "093", "107", "147"),
    ),
    Mistake(
        cause="The body is not covered by the signature on this operation.",
        signs=_attacks("092"),
        clauses=_OF_TEXTS,
        also=_attacks("092", "094", "100", "148"),
    ),
    Mistake(
        cause="The ids of the path are not covered by the signature on this operation.",
        signs=_attacks("090"),
        also=_attacks("090", "103", "105", "151"),
    ),
    Mistake(
        cause="The timestamp is not covered by the signature on this operation.",
        signs=_attacks("108", "141"),
        also=_attacks("108", "141"),
    ),
    Mistake(
        cause="The nonce is not covered by the signature on this operation, so that an old request can be renewed.",
        signs=_attacks("109", "140"),
        also=_attacks("109", "140"),
    ),
)
