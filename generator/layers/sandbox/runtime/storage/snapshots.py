"""Snapshots of the whole state, rows and files.

Nonces are not part of them: a used nonce stays used after a restore.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, Text, delete, insert, select
from sqlalchemy.schema import sort_tables

from ..errors import record_not_found
from .files import is_unfinished, make_folder
from .nonces import NONCES
from .state import FACTS, OWN, State, insert_once

INITIAL = "initial"
_FOLDER = ".snapshots"
_SNAPSHOTS = Table(
    "_snapshots",
    OWN,
    Column("id", Text, primary_key=True),
    Column("rows", Text, nullable=False),
)


class Snapshots:
    """Takes and restores snapshots atomically, while no other request runs."""

    def __init__(self, state: State, metadata: MetaData, files: Path) -> None:
        self._state = state
        own = [table for table in OWN.sorted_tables if table not in (FACTS, NONCES, _SNAPSHOTS)]
        self._tables = sort_tables([*metadata.sorted_tables, *own])
        self._files = files
        self._folder = files / _FOLDER
        make_folder(self._folder, exist_ok=True)
        self._store(INITIAL)

    def take(self) -> str:
        """A snapshot of now; its id."""
        name = secrets.token_hex(8)
        self._store(name)
        return name

    def restore(self, name: str) -> None:
        """Restores a snapshot; raises 404 if there is none of that name."""
        with self._exchange(name) as exchange_files, self._state.exclusive_transaction() as connection:
            rows = connection.scalar(select(_SNAPSHOTS.c.rows).where(_SNAPSHOTS.c.id == name))
            if rows is None:
                raise record_not_found("Snapshot", "id", name)
            self._replace(connection, json.loads(rows))
            exchange_files()

    def _store(self, name: str) -> None:
        with self._state.exclusive_transaction() as connection:
            if insert_once(connection, _SNAPSHOTS, id=name, rows=json.dumps(self._rows(connection))):
                kept = self._folder / name
                shutil.rmtree(kept, ignore_errors=True)  # of a database that was deleted since
                _link(self._current(), make_folder(kept))

    def _rows(self, connection: Connection) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [_row_values(table, row) for row in connection.execute(select(table))] for table in self._tables
        }

    def _replace(self, connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
        for table in reversed(self._tables):
            connection.execute(delete(table))
        for table in self._tables:
            if rows.get(table.name):
                connection.execute(insert(table), rows[table.name])

    @contextmanager
    def _exchange(self, name: str) -> Iterator[Callable[[], None]]:
        """Exchanges the files when called; an exception in the block moves them back."""
        aside = self._folder / f"aside-{secrets.token_hex(8)}"

        def exchange() -> None:
            _move(self._current(), make_folder(aside))
            _link(_files_in(self._folder / name), self._files)

        try:
            yield exchange
        except BaseException:
            if aside.exists():
                _move(_files_in(aside), self._files)
            raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _current(self) -> list[Path]:
        return [path for path in _files_in(self._files) if not is_unfinished(path)]


def _row_values(table: Table, row: Any) -> dict[str, Any]:
    return {column.key: row._mapping[column] for column in table.c}


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


def _link(paths: list[Path], folder: Path) -> None:
    """Hard links: files are replaced and never written to."""
    for path in paths:
        os.link(path, folder / path.name)


def _move(paths: list[Path], folder: Path) -> None:
    for path in paths:
        path.replace(folder / path.name)
