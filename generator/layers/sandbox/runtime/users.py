"""Institutes' users: who a token belongs to, and the made-up users that every sandbox starts with."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, Row, Table, Text, select

from .model import Token
from .refusals import unauthorized
from .state import OWN, insert_once

SUPERUSER = "superuser"
_USERS = Table(
    "_users",
    OWN,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("label", Text, nullable=False, unique=True),
    Column("institute_id", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("secret_key", Text, nullable=False),  # an HMAC needs it readable
)
_DEMO = (
    {"id": 1, "label": "demo", "institute_id": 1, "role": "administrator"},
    {"id": 2, "label": "second", "institute_id": 2, "role": "administrator"},
    {"id": 3, "label": "superuser", "institute_id": 1, "role": SUPERUSER},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who calls. The secret key is kept out of the repr."""

    id: int
    institute_id: int
    role: str
    secret_key: str

    def __repr__(self) -> str:
        return f"User(id={self.id}, institute_id={self.institute_id}, role={self.role!r})"

    @property
    def sees_all(self) -> bool:
        """Whether the objects of every institute are visible."""
        return self.role == SUPERUSER


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A token and its secret key, both kept out of the repr."""

    token: str
    secret_key: str

    def __repr__(self) -> str:
        return "Credentials(***)"


def seed_users(connection: Connection) -> bool:
    """Makes the demo users with fresh credentials; whether the database was new."""
    if connection.scalar(select(_USERS.c.id).limit(1)) is not None:
        return False
    made = [_insert(connection, values) for values in _DEMO]
    return all(made)


def credentials(connection: Connection) -> dict[str, Credentials]:
    """The credentials of the demo users, by label."""
    rows = connection.execute(select(_USERS.c.label, _USERS.c.secret_key))
    return {label: Credentials(token=_token(key), secret_key=key) for label, key in rows}


def identify(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
    """The user that the token belongs to; without a token scheme, the demo user."""
    if token is None:
        return _user(connection.execute(select(_USERS).where(_USERS.c.label == "demo")).one())
    header = headers.get(token.header.lower())
    if header is None:
        raise unauthorized(f"The header {token.header} is missing.")
    row = connection.execute(
        select(_USERS).where(_USERS.c.token_hash == _hash(_unwrapped(token, header)))
    ).one_or_none()
    if row is None:
        raise unauthorized("The token is not known.")
    return _user(row)


def demo_user(connection: Connection, label: str) -> User:
    return _user(connection.execute(select(_USERS).where(_USERS.c.label == label)).one())


def _unwrapped(token: Token, header: str) -> str:
    before, _, after = token.format.partition("{token}")
    if not header.startswith(before) or not header.endswith(after) or len(header) < len(before) + len(after):
        raise unauthorized(f"The header {token.header} is not of the form '{token.format}'.")
    value = header[len(before) : len(header) - len(after)]
    return value[1:-1] if value[:1] == value[-1:] == '"' and len(value) > 1 else value


def _insert(connection: Connection, values: Mapping[str, object]) -> bool:
    key = secrets.token_urlsafe(32)
    return insert_once(connection, _USERS, **values, secret_key=key, token_hash=_hash(_token(key)))


def _token(secret_key: str) -> str:
    """Demo tokens follow from the key, so that they can be shown again though only a hash is kept."""
    return hmac.new(secret_key.encode(), b"demo token", hashlib.sha256).hexdigest()[:32]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(id=row.id, institute_id=row.institute_id, role=row.role, secret_key=row.secret_key)
