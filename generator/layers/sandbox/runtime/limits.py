"""What one client may take of a sandbox, so that the others are served meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

CONNECTIONS = 1000
READ_SECONDS = 30.0
IDLE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one process.

    `connections` are open ones; `read_seconds` is how long the headers of a request may take to arrive, and
    its body again; `idle_seconds` is how long a connection stays open between two requests.
    """

    connections: int = CONNECTIONS
    read_seconds: float = READ_SECONDS
    idle_seconds: float = IDLE_SECONDS


USUAL = Limits()
