"""Ctrl-C and SIGTERM, held back where giving up at once would leave something behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Turns both signals into KeyboardInterrupt, at once or at the end of what must not be torn apart.

    A request that creates something has to be answered and journalled first; who is in a hurry asks twice.
    """

    def __init__(self) -> None:
        self._held = 0
        self._asked = False

    @contextmanager
    def handle_signals(self) -> Iterator[None]:
        """Take the signals over inside of the block; only the main thread of a program may."""
        before = [(number, signal.signal(number, self._asked_for)) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    @contextmanager
    def hold_back(self) -> Iterator[None]:
        """No interruption inside of the block; one that was asked for comes at its end."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if self._asked and not self._held:
                self._asked = False
                raise KeyboardInterrupt

    def _asked_for(self, *_: object) -> None:
        if not self._held or self._asked:
            raise KeyboardInterrupt
        self._asked = True


INTERRUPTION = Interruption()
