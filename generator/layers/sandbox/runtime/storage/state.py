"""The one state of all versions: a database, used in transactions."""

from __future__ import annotations

import hashlib
import math
import secrets
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Executable,
    Insert,
    MetaData,
    Table,
    Text,
    event,
    func,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError, TimeoutError as NoConnection
from sqlalchemy.schema import CreateTable

from ..errors import ApiError, Conflict, DatabaseBusy, SandboxError, unreadable
from .database import busy_seconds, create_engine_for
from .locks import begin

OWN = MetaData()  # the sandbox's own tables; described ones never begin with an underscore
FACTS = Table("_facts", OWN, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
_BUSY = "55P03"  # of PostgreSQL: a lock was waited for in vain
_CONFLICTS = ("40001", "40P01")  # of PostgreSQL: other transactions came between, a deadlock
_TOO_LONG = "54000"  # of PostgreSQL: a text of more than 2.7 kB, compressed, that lists are sorted by
_ASIDE = "rows aside"
_LAST_WAIT_SECONDS = 1
_NAMED: Dialect = sqlite.dialect(paramstyle="named")
_MAKING, _GUARDING = 7_076_309, 7_076_310  # arbitrary keys of advisory locks


class State:
    """The database and its tables; created on first use, rejected if another description created it."""

    def __init__(self, database: str, metadata: MetaData, *, guarded: bool = False, shared: bool = False) -> None:
        self._busy_seconds = busy_seconds(database)
        self.engine = create_engine_for(database)
        if guarded and self.engine.dialect.name == "postgresql":
            event.listen(self.engine, "begin", _take_shared_lock)
        # SQLite has one writer: waiting for this lock is fair, waiting inside SQLite is not; one connection is enough
        self._writer = Lock()
        self._shared = shared
        self._no_waits_after = math.inf
        # a list and what its headers count are of one moment, whatever others write meanwhile; SQLite has one writer
        is_sqlite = self.engine.dialect.name == "sqlite"
        self._reads = self.engine if is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._sqlite: Connection | None = None
        try:
            if self.engine.dialect.name == "sqlite":
                self._sqlite = self.engine.connect()
                self._sqlite.begin()  # SQLAlchemy's transaction never ends; SQLite's begins and ends in `transaction`
            self._create_tables(metadata)
            if self._sqlite is not None:
                driver(self._sqlite).execute("PRAGMA busy_timeout=0")  # `begin` waits, and can be ended
        except (SQLAlchemyError, sqlite3.Error, ValueError, TypeError) as error:
            self.engine.dispose()
            raise SandboxError(f"the database cannot be used: {_reason(error)}") from None

    @property
    def is_free(self) -> bool:
        """Whether a transaction would begin at once: SQLite, and no other thread in one.

        False if the state is `shared` with other processes: that cannot be known.
        """
        return self._sqlite is not None and not self._shared and not self._writer.locked()

    @contextmanager
    def transaction(self, *, reads: bool = False, waits: bool = True) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back on an exception; DatabaseBusy after a timeout.

        One on SQLite that does not wait raises DatabaseBusy at once.
        """
        if self._sqlite is None:
            with _busy_on_timeout(), (self._reads if reads else self.engine).begin() as connection:
                yield connection
            return
        own = driver(self._sqlite)  # SQLAlchemy would take 45 us more for a transaction
        seconds = self._busy_seconds if waits else 0
        deadline = time.monotonic() + seconds
        if not self._writer.acquire(timeout=seconds):
            raise DatabaseBusy
        try:
            begin(own, lambda: min(deadline, self._no_waits_after))
            yield self._sqlite
            own.commit()
        except BaseException:
            own.rollback()
            raise
        finally:
            self._writer.release()

    @contextmanager
    def exclusive_transaction(self) -> Iterator[Connection]:
        """A transaction that no other one overlaps, in any process, if the state is `guarded`."""
        if self._sqlite is None:
            alone = self.engine.connect().execution_options(alone=True)
            with _busy_on_timeout(), alone as connection, connection.begin():
                yield connection
        else:
            with self.transaction() as connection:
                yield connection

    def end_waits(self) -> None:
        """Lets nobody wait for much longer for a lock of other programs: the process is asked to stop."""
        self._no_waits_after = time.monotonic() + _LAST_WAIT_SECONDS

    def close(self) -> None:
        if self._sqlite is not None:
            self._sqlite.close()
        self.engine.dispose()

    def _create_tables(self, metadata: MetaData) -> None:
        with self.transaction() as connection:
            if self.engine.dialect.name == "postgresql":  # two that start at once would make the tables twice
                connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
            OWN.create_all(connection)
            fingerprint = fingerprint_of(metadata)
            made_for = connection.scalar(select(FACTS.c.value).where(FACTS.c.name == "tables"))
            if made_for not in (None, fingerprint):
                raise SandboxError("the database was made for another description: delete it, or name another one")
            metadata.create_all(connection)
            if made_for is None:
                insert_once(connection, FACTS, name="tables", value=fingerprint)
            connection.execute(update(FACTS).where(FACTS.c.name == "tables").values(value=fingerprint))  # or read-only


@contextmanager
def _busy_on_timeout() -> Iterator[None]:
    """Raises DatabaseBusy if waiting for a lock or a connection timed out, and 422 for texts beyond a limit."""
    try:
        yield
    except Exception as error:
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        if isinstance(error, NoConnection) or state == _BUSY:
            raise DatabaseBusy from None
        if state in _CONFLICTS:
            raise Conflict from None
        if state == _TOO_LONG:
            raise unreadable("A text is too long for PostgreSQL to sort by it.") from None
        raise


def driver(connection: Connection) -> Any:
    """The driver's connection, of sqlite3 or psycopg."""
    return connection.connection.driver_connection


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A savepoint: an error response rolls back what was done inside, and nothing before.

    Any other exception rolls back the whole transaction.
    """
    own = driver(connection).cursor()  # SQLAlchemy would take 250 us for it
    own.execute("SAVEPOINT inside")
    try:
        yield
    except ApiError:
        own.execute("ROLLBACK TO SAVEPOINT inside")
        raise
    own.execute("RELEASE SAVEPOINT inside")


def execute(connection: Connection, statement: Executable, values: Mapping[str, object]) -> Any:
    """Executes a statement by the driver alone: no conversion of values or results.

    SQLAlchemy takes 50 us around what SQLite does in 8.
    """
    cursor = driver(connection).cursor()
    cursor.execute(_compile_text(statement, connection.dialect), values)
    return cursor


@lru_cache(maxsize=256)
def _compile_text(statement: Executable, dialect: Dialect) -> str:
    """Its SQL text with named values, as both drivers take them."""
    written_for = _NAMED if dialect.name == "sqlite" else dialect
    return str(statement.compile(dialect=written_for))  # type: ignore[attr-defined]


def note_aside(connection: Connection, rows: int) -> None:
    """Notes that rows were written that no list shows: see `version`."""
    connection.info[_ASIDE] = connection.info.get(_ASIDE, 0) + rows


def version(connection: Connection) -> tuple[int, int] | None:
    """A value that changes with every write, of any process, except of rows aside; None on PostgreSQL.

    SQLite counts the writes of others whatever they write, their nonces too. PostgreSQL shows no such number.
    """
    if connection.dialect.name != "sqlite":
        return None
    own = driver(connection)
    of_others = own.execute("PRAGMA data_version").fetchone()[0]
    return of_others, own.total_changes - connection.info.get(_ASIDE, 0)


def claim_seeding(connection: Connection, seed: str) -> bool:
    """Whether this process is the first to fill the state; the others wait for it."""
    return insert_once(connection, FACTS, name="filled", value=seed)


def read_seed_name(connection: Connection) -> str:
    """What the state was filled with."""
    return str(connection.execute(select(FACTS.c.value).where(FACTS.c.name == "filled")).scalar_one())


def _take_shared_lock(connection: Connection) -> None:
    """Every transaction takes an advisory lock: shared, or exclusive for `exclusive_transaction`."""
    shared = "" if connection.get_execution_options().get("alone") else "_shared"
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{shared}({_GUARDING})")


def shared_key(connection: Connection) -> str:
    """A random key, the same in all processes of the state."""
    insert_once(connection, FACTS, name="key", value=secrets.token_hex(32))
    return str(connection.execute(select(FACTS.c.value).where(FACTS.c.name == "key")).scalar_one())


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Notes a value for all processes of the state."""
    if not insert_once(connection, FACTS, name=name, value=value):
        connection.execute(update(FACTS).where(FACTS.c.name == name).values(value=value))


def exchange_fact(connection: Connection, name: str, value: str, new: str) -> bool:
    """Whether this was the value, which is the new one from now on."""
    known = (FACTS.c.name == name, FACTS.c.value == value)
    return connection.execute(update(FACTS).where(*known).values(value=new)).rowcount == 1


def insert_once(connection: Connection, table: Table, **values: object) -> bool:
    """Inserts a row unless its key exists; returns whether it did."""
    taken: int = execute(connection, _insert_once(table, connection.dialect.name), values).rowcount
    return taken == 1


@cache
def _insert_once(table: Table, dialect: str) -> Insert:
    """The statement, cached: it runs with every request."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql  # takes 30 ms, which a sandbox on SQLite need not wait for

    return postgresql.insert(table).on_conflict_do_nothing()


def fingerprint_of(metadata: MetaData) -> str:
    written = "".join(str(CreateTable(table)) for table in (*OWN.sorted_tables, *metadata.sorted_tables))
    return hashlib.sha256(written.encode()).hexdigest()


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
