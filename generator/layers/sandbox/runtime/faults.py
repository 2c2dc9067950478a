"""Named deviations of the sandbox from the description, to prove what a conformance check finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .refusals import SandboxError

FAULTS: Mapping[str, str] = {
    "signature-ignored": "no signature is compared",
    "signature-ignored-on-delete": "the signature of a DELETE is not compared",
    "timestamp-ignored": "a timestamp may be as old as it likes",
    "nonce-reuse-accepted": "a nonce may come again",
}


def checked(names: Iterable[str]) -> frozenset[str]:
    """The names, all of them known; SandboxError names the others."""
    chosen = frozenset(names)
    unknown = sorted(chosen - FAULTS.keys())
    if unknown:
        raise SandboxError(f"there is no fault {', '.join(unknown)} (there are: {', '.join(FAULTS)})")
    return chosen
