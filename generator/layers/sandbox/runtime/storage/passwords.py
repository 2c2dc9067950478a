"""The passwords of users: salted hashes, in a table that no response is built from."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import BigInteger, Column, Connection, Select, Table, Text, delete, insert, select

from .state import OWN

_COST = {"n": 2**13, "r": 8, "p": 1}
_PASSWORDS = Table(
    "_passwords",
    OWN,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("hash", Text, nullable=False),
)


def set_password(connection: Connection, user_id: int, password: str) -> None:
    salt = secrets.token_hex(16)
    values = {"user_id": user_id, "salt": salt, "hash": _hash(password, salt)}
    connection.execute(insert(_PASSWORDS).values(**values))


def forget_passwords(connection: Connection, users: Select[tuple[int]]) -> None:
    connection.execute(delete(_PASSWORDS).where(_PASSWORDS.c.user_id.in_(users)))


def stored_password(connection: Connection, user_id: int) -> tuple[str, str] | None:
    """Salt and hash of the user's password, or None."""
    row = connection.execute(select(_PASSWORDS).where(_PASSWORDS.c.user_id == user_id)).one_or_none()
    return None if row is None else (row.salt, row.hash)


def check_password(password: str, kept: tuple[str, str]) -> bool:
    """Whether it is the one; this takes a while on purpose."""
    salt, known = kept
    return hmac.compare_digest(_hash(password, salt), known)


def _hash(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt.encode(), **_COST).hex()
