"""What came back from an attack."""

from __future__ import annotations

from dataclasses import dataclass

from requests import PreparedRequest

from ..http.caller import Response


class NotTried(Exception):
    """What the attack builds on is missing, such as a first request that passes; the message says what was observed.

    `needs` are the options that would help, as they can be pasted.
    """

    def __init__(self, observed: str, expected: str = "the first request passes", needs: str = "") -> None:
        super().__init__(observed)
        self.expected = expected
        self.needs = needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The request that decides, and its response.

    If the status of that one response does not decide, `holds` is the verdict and `observed` the reason.
    `before` and `after` are the requests sent around it, `times` is how often it was sent at once.
    """

    request: PreparedRequest
    response: Response
    holds: bool | None = None
    observed: str = ""
    before: tuple[PreparedRequest, ...] = ()
    after: tuple[PreparedRequest, ...] = ()
    times: int = 1
