"""The one state of all versions: a database, reached in units that happen whole or not at all."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Executable, Insert, MetaData, Table, Text, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError, TimeoutError as NoConnection
from sqlalchemy.schema import CreateTable

from ..errors import DatabaseBusy, SandboxError
from .database import BUSY_SECONDS, engine_of

OWN = MetaData()  # tables that no description knows; no described table begins with an underscore
FACTS = Table("_facts", OWN, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, "55P03", "40P01")  # of PostgreSQL: a timeout, a deadlock
_ASIDE = "rows aside"
_NAMED: Dialect = sqlite.dialect(paramstyle="named")
_MAKING, _GUARDING = 7_076_309, 7_076_310  # any numbers that others hardly lock


class State:
    """The database and its tables; made on first use, refused where another description made it."""

    def __init__(self, database: str, metadata: MetaData, *, guarded: bool = False, shared: bool = False) -> None:
        self.engine = engine_of(database)
        if guarded and self.engine.dialect.name == "postgresql":
            event.listen(self.engine, "begin", _keep_out)
        # SQLite has one writer: waiting here is fair, waiting inside SQLite is not; one connection is then enough
        self._turn = Lock()
        self._shared = shared
        self._only: Connection | None = None
        try:
            if self.engine.dialect.name == "sqlite":
                self._only = self.engine.connect()
                self._only.begin()  # for SQLAlchemy one without end: SQLite's own begin and end in `unit`
            self._make(metadata)
        except (SQLAlchemyError, sqlite3.Error) as error:
            self.engine.dispose()
            raise SandboxError(f"the database cannot be used: {_reason(error)}") from None

    @property
    def is_idle(self) -> bool:
        """Whether a unit would begin at once, in the thread that asks: the state is a file that nobody is at.

        Of one that is `shared` with other processes nobody knows.
        """
        return self._only is not None and not self._shared and not self._turn.locked()

    @contextmanager
    def unit(self) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back on an exception; DatabaseBusy where others do not end."""
        if self._only is None:
            with _in_time(), self.engine.begin() as connection:
                yield connection
            return
        own = driver(self._only)  # SQLAlchemy would take 45 us more for a transaction
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise DatabaseBusy
        try:
            _begin(own)
            yield self._only
            own.commit()
        except BaseException:
            own.rollback()
            raise
        finally:
            self._turn.release()

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction that no other one of a `guarded` state overlaps, in other processes neither."""
        if self._only is None:
            alone = self.engine.connect().execution_options(alone=True)
            with _in_time(), alone as connection, connection.begin():
                yield connection
        else:
            with self.unit() as connection:
                yield connection

    def close(self) -> None:
        if self._only is not None:
            self._only.close()
        self.engine.dispose()

    def _make(self, metadata: MetaData) -> None:
        with self.unit() as connection:
            if self.engine.dialect.name == "postgresql":  # two that start at once would make the tables twice
                connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
            OWN.create_all(connection)
            print_ = _print(metadata)
            made_for = connection.scalar(select(FACTS.c.value).where(FACTS.c.name == "tables"))
            if made_for not in (None, print_):
                raise SandboxError("the database was made for another description: delete it, or name another one")
            metadata.create_all(connection)
            if made_for is None:
                insert_once(connection, FACTS, name="tables", value=print_)


def _begin(own: sqlite3.Connection) -> None:
    try:
        own.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise (DatabaseBusy() if _is_busy(error) else error) from None


@contextmanager
def _in_time() -> Iterator[None]:
    """DatabaseBusy where the database, or a connection to it, was waited for in vain."""
    try:
        yield
    except Exception as error:
        if isinstance(error, NoConnection) or _is_busy(getattr(error, "orig", error)):
            raise DatabaseBusy from None
        raise


def _is_busy(error: object) -> bool:
    """Whether the driver, which may be asked without SQLAlchemy, says that others are at it."""
    return getattr(error, "sqlite_errorcode", None) in _BUSY or getattr(error, "sqlstate", None) in _BUSY


def driver(connection: Connection) -> Any:
    """The connection of sqlite3 or psycopg below one of SQLAlchemy."""
    return connection.connection.driver_connection


@contextmanager
def undone_on_error(connection: Connection) -> Iterator[None]:
    """Undoes what was done inside where it ends with an exception; what was done before is kept."""
    own = driver(connection).cursor()  # SQLAlchemy would take 250 us for it
    own.execute("SAVEPOINT inside")
    try:
        yield
    except BaseException:
        own.execute("ROLLBACK TO SAVEPOINT inside")
        raise
    own.execute("RELEASE SAVEPOINT inside")


def execute(connection: Connection, statement: Executable, values: Mapping[str, object]) -> Any:
    """The driver's cursor after a statement that runs with every request; no type converts values or results.

    SQLAlchemy takes 50 us around what SQLite does in 8.
    """
    cursor = driver(connection).cursor()
    cursor.execute(_written(statement, connection.dialect), values)
    return cursor


@lru_cache(maxsize=256)
def _written(statement: Executable, dialect: Dialect) -> str:
    """Its text, with values by name as the drivers of PostgreSQL take them; those of SQLite take them too."""
    asked = _NAMED if dialect.name == "sqlite" else dialect
    return str(statement.compile(dialect=asked))  # type: ignore[attr-defined]


def note_aside(connection: Connection, rows: int) -> None:
    """Notes that so many rows were written that no list shows: see `version`."""
    connection.info[_ASIDE] = connection.info.get(_ASIDE, 0) + rows


def version(connection: Connection) -> tuple[int, int] | None:
    """Differs after every write of this process and of others, except of rows aside; None where nobody knows.

    SQLite counts the writes of others whatever they write, their nonces too. PostgreSQL shows no such number.
    """
    if connection.dialect.name != "sqlite":
        return None
    own = driver(connection)
    of_others = own.execute("PRAGMA data_version").fetchone()[0]
    return of_others, own.total_changes - connection.info.get(_ASIDE, 0)


def first_of_all(connection: Connection, seed: str) -> bool:
    """Whether this is the first to fill the state; the others, in other processes too, wait for it."""
    return insert_once(connection, FACTS, name="filled", value=seed)


def filled_with(connection: Connection) -> str:
    """What the state was filled with."""
    return str(connection.execute(select(FACTS.c.value).where(FACTS.c.name == "filled")).scalar_one())


def _keep_out(connection: Connection) -> None:
    """Transactions share a lock, which one that must be alone has for itself. SQLite has one writer anyway."""
    shared = "" if connection.get_execution_options().get("alone") else "_shared"
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{shared}({_GUARDING})")


def own_key(connection: Connection) -> str:
    """A random key that all processes of the state share."""
    insert_once(connection, FACTS, name="key", value=secrets.token_hex(32))
    return str(connection.execute(select(FACTS.c.value).where(FACTS.c.name == "key")).scalar_one())


def insert_once(connection: Connection, table: Table, **values: object) -> bool:
    """Inserts a row unless its key is taken, by another process for instance; whether it did."""
    taken: int = execute(connection, _insert_once(table, connection.dialect.name), values).rowcount
    return taken == 1


@cache
def _insert_once(table: Table, dialect: str) -> Insert:
    """The statement, made once: it runs with every request."""
    upsert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return upsert.on_conflict_do_nothing()


def _print(metadata: MetaData) -> str:
    written = "".join(str(CreateTable(table)) for table in (*OWN.sorted_tables, *metadata.sorted_tables))
    return hashlib.sha256(written.encode()).hexdigest()


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
