"""Ctrl-C and SIGTERM, delayed while stopping at once would leave something behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Turns both signals into KeyboardInterrupt, at once or at the end of what must be finished.

    A request that creates something has to get its response and be journalled first; a second signal stops at once.
    """

    def __init__(self) -> None:
        self._held = 0
        self._asked = False

    @contextmanager
    def handle_signals(self) -> Iterator[None]:
        """Handle the signals inside the block; only possible in the main thread."""
        before = [(number, signal.signal(number, self._note_signal)) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    @contextmanager
    def hold_back(self) -> Iterator[None]:
        """No interruption inside the block; one that came meanwhile is raised at its end."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if self._asked and not self._held:
                self._asked = False
                raise KeyboardInterrupt

    def _note_signal(self, *_: object) -> None:
        if not self._held or self._asked:
            raise KeyboardInterrupt
        self._asked = True


INTERRUPTION = Interruption()
