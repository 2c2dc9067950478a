"""One operation called from the command line: its arguments, its call, its result."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from .._files.saving import check_path
from .._logging.redaction import Redactor
from .argument_values import collect_arguments
from .connection import open_client
from .declarations import Command, Group, Program, Version
from .output import Format, Printer
from .streams import CannotRun, is_terminal, print_message

_LONGEST_WAIT = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for besides the fields of the operation."""

    profile: str = ""
    json: str | None = None
    output: Format | None = None
    columns: str = ""
    reveal: bool = False
    all: bool = False
    wait: bool = False
    to: Path | None = None


def run_operation(
    program: Program, version: Version, group: Group, command: Command, given: Sequence[object], asked: Asked
) -> None:
    """Call the operation and print what it returns."""
    if command.notice:
        print_message(f"warning: {command.notice}")
    if command.kind == "file" and asked.to is None:
        raise CannotRun("--to is missing: it names the file to write")
    if asked.to is not None:
        check_path(asked.to)
    arguments = collect_arguments(command, given, asked.json)
    with open_client(program, version, asked.profile) as client, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        method = getattr(getattr(client, group.attribute), command.method)
        value = _KINDS[command.kind](command, method, arguments, asked)
    if value is not None:
        _make_printer(version, command, asked).print_result(value)


def _call_value(_command: Command, method: Callable[..., Any], arguments: dict[str, Any], _asked: Asked) -> object:
    return method(**arguments)


def _call_pages(command: Command, method: Callable[..., Any], arguments: dict[str, Any], asked: Asked) -> object:
    pager = method(**arguments)
    if asked.all:
        return _read_all(pager)
    number = arguments.get(command.page, 1)
    page = pager.page(number)
    if page.page_count is not None and page.page_count > 1:
        print_message(f"page {number} of {page.page_count}, {page.item_count} items in all (--all reads every page)")
    return list(page)


def _call_file(_command: Command, method: Callable[..., Any], arguments: dict[str, Any], asked: Asked) -> object:
    return _download(partial(method, **arguments), asked.to)


def _call_job(_command: Command, method: Callable[..., Any], arguments: dict[str, Any], asked: Asked) -> object:
    job = method(**arguments)
    if not asked.wait and asked.to is None:
        return {"state": job.status()}
    with show_progress("waiting for the job"):
        job.wait(timeout=_LONGEST_WAIT)
    if asked.to is None:
        return {"state": job.status()}
    return _download(job.download, asked.to)


def _download(fetch: Callable[..., Path], to: Path | None) -> dict[str, str]:
    """Write the file; one that breaks off is taken up by the next call."""
    with show_progress("downloading") as report:
        path = fetch(to=to, resume=True, progress=lambda progress: report(progress.done, progress.total))
    return {"file": str(path)}


_KINDS: dict[str, Callable[[Command, Callable[..., Any], dict[str, Any], Asked], object]] = {
    "value": _call_value,
    "pages": _call_pages,
    "file": _call_file,
    "job": _call_job,
}


def _read_all(pager: Any) -> list[Any]:
    items: list[Any] = []
    with show_progress("reading") as report:
        for page in pager.pages():
            items += page
            report(len(items), page.item_count)
    for deviation in pager.drift():
        print_message(f"note: {deviation}")
    return items


@contextmanager
def show_progress(text: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on standard error, if that is a terminal; reports take what is done, and of how many."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False, emoji=False)
    columns = (TextColumn(text), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _make_printer(version: Version, command: Command, asked: Asked) -> Printer:
    masks = Redactor(secrets=version.service.secrets, personal=frozenset(), values=frozenset())
    return Printer(
        format=asked.output or (Format.TABLE if is_terminal() else Format.JSON),
        members=command.members,
        columns=tuple(name.strip() for name in asked.columns.split(",") if name.strip()),
        redactor=None if asked.reveal else masks,
    )
