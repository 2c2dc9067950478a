"""The database that a URL names, and the folder of its files."""

from __future__ import annotations

import math
import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SAWarning

from ..errors import SandboxError
from .files import open_private

_BUSY_SECONDS = 30
_WRITE = "write sqlite:///state.db or postgresql://…"
_SHARED = (
    "PostgreSQL keeps the rows, not the files: name a folder with --files, the same for every process and machine"
    " that shares the database"
)


def create_engine_for(database: str) -> Engine:
    """The engine; it waits 30 seconds for locks, unless the URL says otherwise. SandboxError for a bad URL."""
    url = _url(database)
    options: dict[str, Any] = {"poolclass": StaticPool} if _in_memory(url) else {}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"check_same_thread": False}
        options["connect_args"] |= {} if "timeout" in url.query else {"timeout": _BUSY_SECONDS}
    elif "options" not in url.query:
        options["connect_args"] = {"options": f"-c lock_timeout={_BUSY_SECONDS}s"}
    try:
        if url.get_dialect().is_async:
            raise SandboxError(f"{url.drivername} is for programs that do not wait for their database; {_WRITE}")
        with warnings.catch_warnings():
            warnings.simplefilter("error", SAWarning)
            engine = create_engine(url, hide_parameters=True, **options)
    except SAWarning as warning:
        reason = str(warning).partition(" and are being ignored")[0]
        raise SandboxError(f"the database URL cannot be used: {reason}; {_WRITE}") from None
    except NoSuchModuleError:
        raise SandboxError(f"there is no database driver for {url.drivername!r}") from None
    except ImportError as error:
        hint = "pip install 'procwise-sandbox[postgres]'" if url.get_backend_name() == "postgresql" else _WRITE
        raise SandboxError(f"the database driver {error.name} is not installed: {hint}") from None
    except (ArgumentError, ValueError, TypeError) as error:
        reason = str(error).partition("\n")[0]
        raise SandboxError(f"the database URL cannot be used: {reason}; {_WRITE}") from None
    if engine.dialect.name == "sqlite":
        _make_private(url)
        event.listen(engine, "connect", _prepare)
    return engine


def busy_seconds(database: str) -> float:
    """How long to wait for a lock of SQLite."""
    text = _url(database).query.get("timeout", str(_BUSY_SECONDS))
    try:
        seconds = float(str(text))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise SandboxError(f"the database URL has the timeout {text!r}: write a number of seconds, such as ?timeout=5")
    return seconds


def in_memory(database: str) -> bool:
    """Whether only this process sees the database."""
    return _in_memory(_url(database))


def files_folder_for(database: str) -> Path | None:
    """Where the files of a database are kept that is a file itself; None for one in memory.

    SandboxError where files have no natural place, so that they would be lost.
    """
    url = _url(database)
    if _in_memory(url):
        return None
    if url.get_backend_name() != "sqlite":
        create_engine_for(database).dispose()  # a missing driver is reported first
        raise SandboxError(_SHARED)
    name = (url.database or "").removeprefix("file:") if url.query.get("uri") else url.database
    return Path(f"{name}-files")


def _url(database: str) -> URL:
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        raise SandboxError(f"the database is no URL: {_WRITE}") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise SandboxError(f"the state is kept in SQLite or PostgreSQL, not in {url.get_backend_name()}: {_WRITE}")
    return url


def _in_memory(url: URL) -> bool:
    if url.get_backend_name() != "sqlite":
        return False
    return not url.database or ":memory:" in url.database or url.query.get("mode") == "memory"


def _make_private(url: URL) -> None:
    """Makes the file, where there is none, for its owner alone; SQLite gives its neighbours the same mode."""
    name = url.database or ""
    if not _in_memory(url) and not name.startswith("file:"):
        with suppress(OSError, ValueError):  # SQLite says what is wrong
            os.close(open_private(name, os.O_CREAT | os.O_EXCL))


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own transactions break savepoints
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
