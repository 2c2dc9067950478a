"""Waiting for the lock of a SQLite file that another program holds; SQLite's own waiting could not be ended."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from ..errors import DatabaseBusy

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.05


def begin(own: sqlite3.Connection, deadline: Callable[[], float]) -> None:
    """Begins a transaction as the only writer; DatabaseBusy after the deadline, which may change meanwhile."""
    pause = _FIRST_PAUSE
    while not _has_begun(own):
        if time.monotonic() >= deadline():
            raise DatabaseBusy
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _has_begun(own: sqlite3.Connection) -> bool:
    try:
        own.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _BUSY:  # the rest says more
            raise
        return False
    return True
