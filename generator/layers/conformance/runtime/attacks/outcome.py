"""What came back from an attack."""

from __future__ import annotations

from dataclasses import dataclass

from requests import PreparedRequest

from ..http.caller import Answer


class Untried(Exception):
    """What an attack needs first did not come about; the message says what was observed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The request that tells, and its answer.

    Where the status of that one answer does not tell all, `holds` is the verdict and `observed` the reason.
    `before` and `after` are the requests sent around it, `times` says how often it was sent at once.
    """

    request: PreparedRequest
    answer: Answer
    holds: bool | None = None
    observed: str = ""
    before: tuple[PreparedRequest, ...] = ()
    after: tuple[PreparedRequest, ...] = ()
    times: int = 1
