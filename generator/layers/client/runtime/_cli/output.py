"""What a command prints: a table for people, JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .._codec.encoding import to_json
from .._errors.terminal_text import escape_controls
from .._logging.redaction import MASK, Redactor
from .streams import CannotRun, is_terminal, print_message, write_data

_NARROWEST, _WIDEST = 12, 40  # characters of a cell, while columns are chosen
_FEWEST = 3  # columns, of which the last is wrapped rather than left out
_GAP = 2


class Format(StrEnum):
    """How results are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """Prints results in one format. `members` are the columns that the description knows, `columns` those asked for."""

    format: Format
    members: tuple[str, ...]
    columns: tuple[str, ...]
    redactor: Redactor | None

    def print_result(self, value: object) -> None:
        """Print a result, secrets as `***` unless they were asked for."""
        data = self._select(to_json(value))
        shown = data if self.redactor is None else self.redactor.data(data)
        {Format.TABLE: self._print_table, Format.JSON: _print_json, Format.CSV: self._print_csv}[self.format](shown)
        if MASK in json.dumps(shown) and MASK not in json.dumps(data):
            print_message(f"secret values are shown as {MASK} (--reveal prints them)")

    def _select(self, data: Any) -> Any:
        """The columns that were asked for, of an object or of each one in a list."""
        if not self.columns:
            return data
        rows = data if isinstance(data, list) else [data]
        known = dict.fromkeys((*self.members, *(name for row in rows if isinstance(row, dict) for name in row)))
        for name in self.columns:
            if name not in known:
                raise CannotRun(f"there is no column {name!r} (there are: {', '.join(known)})")
        chosen = [{name: row.get(name) for name in self.columns} if isinstance(row, dict) else row for row in rows]
        return chosen if isinstance(data, list) else chosen[0]

    def _print_csv(self, data: object) -> None:
        rows = [row if isinstance(row, dict) else {"value": row} for row in _to_list(data)]
        names = self._choose_names(rows)
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerows([names, *([_write_cell(row.get(name)) for name in names] for row in rows)])
        text = buffer.getvalue()
        write_data("\n".join(map(escape_controls, text.split("\n"))) if is_terminal() else text)

    def _print_table(self, data: object) -> None:
        width = shutil.get_terminal_size().columns
        if isinstance(data, dict):
            write_data(
                _draw_table([[escape_controls(name), _show_value(inner)] for name, inner in data.items()], (), width)
            )
            return
        rows = [row if isinstance(row, dict) else {"value": row} for row in _to_list(data)]
        if not rows:
            print_message("no items")
            return
        every = self._choose_names(rows)
        names = every if self.columns else [name for name in every if any(_show_value(row.get(name)) for row in rows)]
        cells = [[_show_value(row.get(name)) for name in names] for row in rows]
        count = len(names) if self.columns else _count_fitting(names, cells, width)
        write_data(
            _draw_table([row[:count] for row in cells], [escape_controls(name) for name in names[:count]], width)
        )
        if count < len(every):
            print_message(
                f"{len(every) - count} more columns are empty or do not fit (--columns chooses, --output json has all)"
            )

    def _choose_names(self, rows: Sequence[dict[str, Any]]) -> list[str]:
        seen = dict.fromkeys(name for row in rows for name in row)
        known = [name for name in self.members if name in seen or not rows]
        return list(self.columns) or [*known, *(name for name in seen if name not in known)]


def _print_json(data: object) -> None:
    write_data(write_json(data))


def write_json(data: object) -> str:
    """The JSON text, in which characters that are not printed are escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if all(map(str.isprintable, text.split("\n"))):
        return f"{text}\n"
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text) + "\n"


def _to_list(data: object) -> list[Any]:
    return data if isinstance(data, list) else [] if data is None else [data]


def _write_cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _show_value(value: object) -> str:
    return escape_controls(_write_cell(value))


def _count_fitting(names: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> int:
    """How many columns have room side by side; one at the least."""
    left = width
    for index, name in enumerate(names):
        wanted = max([len(name), *(len(row[index]) for row in cells)])
        if index and left < min(wanted, _NARROWEST if index < _FEWEST else _WIDEST):
            return index
        left -= min(wanted, _WIDEST) + _GAP
    return len(names)


def _draw_table(rows: Iterable[Sequence[str]], headers: Sequence[str], width: int) -> str:
    """The rows in columns; what is longer than its column goes on in the next line."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    columns = [Column(Text(name, overflow="fold")) for name in headers]
    table = Table(*columns, box=None, show_header=bool(headers), pad_edge=False, padding=(0, _GAP, 0, 0))
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    buffer = io.StringIO()
    Console(file=buffer, width=width, no_color=True, highlight=False, markup=False, emoji=False).print(table)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
