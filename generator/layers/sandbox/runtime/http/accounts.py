"""Accounts: tokens, secret keys, and the users of the demo data."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from ..api import Operation, Token
from ..errors import unauthorized
from ..storage.state import OWN, execute

SUPERUSER = "superuser"
_ACCOUNTS = Table(
    "_accounts",
    OWN,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("label", Text, unique=True),
    Column("institute_id", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),  # its look-up time reveals no token
    Column("token", Text, nullable=False),  # sent in responses
    Column("secret_key", Text, nullable=False),  # sent in responses, and needed for the HMAC
)
_KNOWN = (_ACCOUNTS.c.id, _ACCOUNTS.c.institute_id, _ACCOUNTS.c.role, _ACCOUNTS.c.secret_key)
_SECRETS = (_ACCOUNTS.c.token, _ACCOUNTS.c.secret_key)
_BY_TOKEN = select(*_KNOWN).where(_ACCOUNTS.c.token_hash == bindparam("hash"))
DEMO = (("demo", 1, "administrator"), ("second", 2, "administrator"), ("superuser", 1, SUPERUSER))


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The user of a request. The secret key is not in the repr."""

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
    """A token and its secret key, neither in the repr; `credentials` are what else a signature needs, by name."""

    token: str
    secret_key: str
    credentials: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "Credentials(***)"


_NOBODY = User(id=0, institute_id=0, role="", secret_key="")


def open_account(
    connection: Connection, key: int, institute_id: int, role: str, *, label: str | None = None
) -> Credentials:
    """Creates the account of a user, with new credentials; the key is text, hexadecimal and base64 at once."""
    credentials_made = Credentials(token=secrets.token_hex(16), secret_key=secrets.token_hex(32))
    row = {"id": key, "label": label, "institute_id": institute_id, "role": role}
    known = {
        "token_hash": _hash(credentials_made.token),
        "token": credentials_made.token,
        "secret_key": credentials_made.secret_key,
    }
    connection.execute(insert(_ACCOUNTS).values(**row, **known))
    return credentials_made


def close_accounts(connection: Connection, users: Select[tuple[int]]) -> None:
    """Deletes the accounts of these users."""
    connection.execute(delete(_ACCOUNTS).where(_ACCOUNTS.c.id.in_(users)))


def label_account(connection: Connection, key: int, label: str) -> None:
    connection.execute(update(_ACCOUNTS).where(_ACCOUNTS.c.id == key).values(label=label))


def credentials(connection: Connection) -> dict[str, Credentials]:
    """The credentials of the demo users, by label."""
    chosen = select(_ACCOUNTS.c.label, *_SECRETS).where(_ACCOUNTS.c.label.is_not(None))
    rows = connection.execute(chosen)
    return {label: Credentials(token=token, secret_key=secret_key) for label, token, secret_key in rows}


def credentials_of(connection: Connection, key: int) -> Credentials:
    """The credentials of one user."""
    token, secret_key = connection.execute(select(*_SECRETS).where(_ACCOUNTS.c.id == key)).one()
    return Credentials(token=token, secret_key=secret_key)


def find_asked_token(token: Token | None, operation: Operation, headers: Mapping[str, str]) -> Token | None:
    """The token that a request must have; none if no security is asked for, or an empty one, and no token was sent."""
    is_open = not operation.security or not all(operation.security)
    return None if token is None or (is_open and token.header.lower() not in headers) else token


def identify(connection: Connection, token: Token | None, headers: Mapping[str, str]) -> User:
    """The user of the token; if the API has no token scheme, the demo user, or nobody."""
    if token is None:
        demo = connection.execute(select(_ACCOUNTS).where(_ACCOUNTS.c.label == "demo")).one_or_none()
        return _NOBODY if demo is None else _user(demo)
    header = headers.get(token.header.lower())
    if header is None:
        raise unauthorized(f"The header {token.header} is missing.")
    row = execute(connection, _BY_TOKEN, {"hash": _hash(_read_token(token, header))}).fetchone()
    if row is None:
        raise unauthorized("The token is not known.")
    key, institute, role, secret_key = row
    return User(id=key, institute_id=institute, role=role, secret_key=secret_key)


def identify_by_key(connection: Connection, key: str) -> User | None:
    """The user whose token this key id is, or None."""
    row = execute(connection, _BY_TOKEN, {"hash": _hash(key)}).fetchone()
    if row is None:
        return None
    number, institute, role, secret_key = row
    return User(id=number, institute_id=institute, role=role, secret_key=secret_key)


def demo_user(connection: Connection, label: str) -> User:
    return _user(connection.execute(select(_ACCOUNTS).where(_ACCOUNTS.c.label == label)).one())


def _read_token(token: Token, header: str) -> str:
    before, _, after = token.format.partition("{token}")
    if not header.startswith(before) or not header.endswith(after) or len(header) < len(before) + len(after):
        raise unauthorized(f"The header {token.header} is not of the form '{token.format}'.")
    value = header[len(before) : len(header) - len(after)]
    return value[1:-1] if value[:1] == value[-1:] == '"' and len(value) > 1 else value


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(id=row.id, institute_id=row.institute_id, role=row.role, secret_key=row.secret_key)
