"""Limits for one client, so that the others are served meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import SandboxError

CONNECTIONS = 1000
READ_SECONDS = 30.0
IDLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one process.

    `connections` are open ones; `read_seconds` is how long the headers of a request may take to arrive, its body
    again, and how long the client may read nothing of a response; `idle_seconds` is how long a connection stays
    open between two requests.
    """

    connections: int = CONNECTIONS
    read_seconds: float = READ_SECONDS
    idle_seconds: float = IDLE_SECONDS

    def __post_init__(self) -> None:
        """SandboxError where a time has no end."""
        if not all(map(math.isfinite, (self.read_seconds, self.idle_seconds))):
            raise SandboxError("the timeouts are numbers of seconds: nan and inf are none")


USUAL = Limits()
