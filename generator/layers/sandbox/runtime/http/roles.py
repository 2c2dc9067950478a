"""Which role may do what. All of it is inferred: the vendor's pages restrict three operations to superusers.

Everybody may read what is in the institute. Of a role that is named here, this is what it may do besides;
any other may do everything, within its institute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..api import Operation

READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role may change: all but some resources, or nothing but by some actions."""

    all_but: frozenset[str] = frozenset()
    only: frozenset[str] | None = None


_WATCHES = Rights(only=frozenset(("endExam",)))
_READS_ONLY = Rights(only=frozenset())
RIGHTS: Mapping[str, Rights] = {
    "teacher": Rights(all_but=frozenset(("users", "institutes"))),
    "proctor": _WATCHES,
    "global_proctor": _WATCHES,
    "reviewer": _READS_ONLY,
    "global_reviewer": _READS_ONLY,
    "auditor": _READS_ONLY,
}
_ALL = Rights()


def is_allowed(role: str, operation: Operation) -> bool:
    """Whether users of that role may call the operation, as far as no description says it."""
    if operation.method in READS:
        return True
    rights = RIGHTS.get(role, _ALL)
    if rights.only is not None:
        return operation.id in rights.only
    return operation.resource not in rights.all_but
