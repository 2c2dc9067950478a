"""Each nonce is valid once: claimed by a unique constraint, so across processes too."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Integer, Table, Text, delete, func, select, update

from .state import OWN, insert_once, note_aside

_PURGE_AFTER = 1000
NONCES = Table(
    "_nonces",
    OWN,
    Column("user_id", Integer, primary_key=True, autoincrement=False),
    Column("nonce", Text, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,  # one page is written for each claim instead of three: 20 us
)


class Nonces:
    """The nonces of the last day (or as long as the scheme asks)."""

    def __init__(self) -> None:
        self._before_purge = _PURGE_AFTER
        self._longest_seconds = 0  # of all schemes that were seen: they share the table

    def claim(self, connection: Connection, user_id: int, nonce: str, *, now_ms: int, unique_for_seconds: int) -> bool:
        """Claims the nonce; returns whether it was free."""
        horizon = now_ms - unique_for_seconds * 1000
        self._longest_seconds = max(self._longest_seconds, unique_for_seconds)
        self._before_purge -= 1
        if self._before_purge <= 0:
            self._purge(connection, now_ms - self._longest_seconds * 1000)
        if insert_once(connection, NONCES, user_id=user_id, nonce=nonce, seen_at=now_ms):
            note_aside(connection, 1)
            return True
        taken = (NONCES.c.user_id == user_id, NONCES.c.nonce == nonce, NONCES.c.seen_at < horizon)
        return connection.execute(update(NONCES).where(*taken).values(seen_at=now_ms)).rowcount == 1

    def largest(self, connection: Connection, user_id: int) -> int:
        """The largest number that the user has claimed; -1 if there is none."""
        digits = func.ltrim(NONCES.c.nonce, "0")
        is_number = func.ltrim(NONCES.c.nonce, "0123456789") == ""  # other schemes have texts
        numbers = select(NONCES.c.nonce).where(NONCES.c.user_id == user_id, is_number)
        found = connection.scalar(numbers.order_by(func.length(digits).desc(), digits.desc()).limit(1))
        return -1 if found is None else int(found)

    def _purge(self, connection: Connection, horizon: int) -> None:
        """Deletes expired nonces whenever their number may have doubled: cheaper than an index."""
        connection.execute(delete(NONCES).where(NONCES.c.seen_at < horizon))
        left = connection.scalar(select(func.count()).select_from(NONCES)) or 0
        self._before_purge = max(_PURGE_AFTER, left)


def nonce_first_used(connection: Connection, user_id: int, nonce: str) -> int | None:
    """When the user's nonce was claimed, in milliseconds since 1970; None where it was not."""
    chosen = select(NONCES.c.seen_at).where(NONCES.c.user_id == user_id, NONCES.c.nonce == nonce)
    return connection.scalar(chosen)
