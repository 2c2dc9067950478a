"""The report on a recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ..plan import Plan
from ..results import Report, Result
from .addresses import Addresses, find_addresses, use_base
from .observer import Observer
from .recordings.har import read_addresses, read_entries
from .recordings.ordering import sort_entries
from .recordings.recorded import Recorded


def observe_file(plan: Plan, path: Path, announce: Callable[[Result], None] = lambda _: None) -> Report:
    """Hold a HAR file to the description; raises CannotRun if it cannot be read or has no request to this API.

    `plan.url` is the address of the API, empty if it is not given. The file is read as a stream, twice without an
    address: the first time for the addresses alone.
    """
    addresses = _choose_addresses(plan, path)
    observer = Observer(plan, addresses, announce)
    for recorded in sort_entries(_read_recorded(path, observer)):
        observer.add(recorded)
    return observer.build_report(", ".join(addresses.bases[:3]), path.name)


def _choose_addresses(plan: Plan, path: Path) -> Addresses:
    return use_base(plan.api, plan.url) if plan.url else find_addresses(plan.api, read_addresses(path))


def _read_recorded(path: Path, observer: Observer) -> Iterator[Recorded]:
    for entry in read_entries(path):
        if isinstance(entry, str):
            observer.note_unreadable(entry)
        else:
            yield entry
