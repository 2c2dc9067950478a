"""What is new in every request: the moment, and a nonce of the kind that a scheme asks for."""

from __future__ import annotations

import base64
import secrets
import threading
import time
import uuid

from .language.model import SigningScheme

_LARGEST_NUMBER = 2**53 - 1  # a larger one would be rounded by JavaScript on its way


def read_clock() -> int:
    """Milliseconds since 1970 (UTC)."""
    return time.time_ns() // 1_000_000


class _Increasing:
    """Numbers of which each is greater than the one before, also when the clock stands still or is set back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> int:
        with self._lock:
            self._last = max(time.time_ns(), self._last + 1)
            return self._last


_next_number = _Increasing()


def make_nonce(scheme: SigningScheme) -> str:
    """A nonce that was not used before; empty if the scheme has none."""
    kind = scheme.nonce.type if scheme.nonce is not None else ""
    if kind == "increasing":
        return str(_next_number())
    if kind in ("integer", "string"):  # digits are a text as good as any, also where only numbers are taken
        return str(1 + secrets.randbelow(_LARGEST_NUMBER))
    if kind == "base64":
        return base64.b64encode(secrets.token_bytes(16)).decode()
    if kind == "uuid":
        return str(uuid.uuid4())
    return secrets.token_hex(16) if kind else ""
