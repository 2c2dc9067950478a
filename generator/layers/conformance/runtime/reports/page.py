"""A report as one page that needs nothing else: no other host, no script to be read, no style or script but its own."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..results import FAILED, SKIPPED, Report, Result
from .causes import Group, group_findings
from .terminal import escape_controls
from .verdicts import MARKS, describe_changes, describe_need, describe_source, status_of, verdict

_ORDER = list(MARKS)
_NO_WORD = re.compile(r"[^\w-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What became of some checks on one operation: the worst status, how many broke, how many were tried."""

    status: str
    broken: int
    tried: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Checks that follow from one part of the description."""

    layer: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An operation, its cells and the sum of them; `anchor` is the card of its first finding."""

    operation: str
    cells: tuple[Cell, ...]
    sum: Cell
    anchor: str
    exercised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A group of findings as it is shown. `state` is `must`, `should` or `known`."""

    anchor: str
    group: Group
    state: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How much of what the description names was reached."""

    name: str
    reached: int
    total: int


def as_html(report: Report) -> str:
    """The page."""
    style, script = (_read(f"report.{kind}") for kind in ("css", "js"))
    cards = tuple(_list_cards(report))
    columns = tuple(sorted(dict.fromkeys(map(_place, report.results)), key=lambda column: column.layer))
    values: dict[str, Any] = {
        "report": report,
        "verdict": verdict(report),
        "state": "good" if report.conforms else "bad" if report.exit_code == 1 else "open",
        "policy": f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}",
        "style": Markup(style),  # noqa: S704  # files of this package
        "script": Markup(script),  # noqa: S704
        "cards": cards,
        "counts": Counter(card.state for card in cards),
        "bars": tuple(_list_bars(report)),
        "columns": columns,
        "spans": Counter(column.layer for column in columns),
        "rows": tuple(_list_rows(report, columns, cards)),
        "checks": tuple(_list_checks(report)),
        "marks": MARKS,
        "skipped": report.count_of(SKIPPED),
        "describe_changes": describe_changes,
        "describe_need": describe_need,
    }
    return _environment().get_template("report.html").render(values)


def _environment() -> Environment:
    """Every text is escaped: markup as HTML does it, control characters as on a terminal."""
    return Environment(
        loader=PackageLoader(__package__, "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: escape_controls(value) if type(value) is str else value,
    )


def _read(name: str) -> str:
    return resources.files(__package__).joinpath("pages", name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _list_cards(report: Report) -> Iterator[Card]:
    for number, group in enumerate(group_findings(report.findings), start=1):
        state = "known" if group.first.known else group.level.lower()
        yield Card(anchor=f"finding-{number}", group=group, state=state, source=describe_source(group.first))


def _place(result: Result) -> Column:
    """The column of a result: the phase, and the part of the description that the check follows from."""
    head, _, rest = result.clause.partition(".")
    name = rest.partition(".")[0] if head == "x-signing" and rest else head.removeprefix("x-")
    words = _NO_WORD.split(name)[0]
    return Column(layer=result.layer, name="HTTP" if head.startswith("RFC") else words or "run")


def _list_rows(report: Report, columns: tuple[Column, ...], cards: Iterable[Card]) -> Iterator[Row]:
    anchors: dict[str, str] = {}
    for card in cards:
        for operation in card.group.operations:
            anchors.setdefault(operation, card.anchor)
    placed: dict[tuple[str, Column], list[Result]] = {}
    for result in report.results:
        placed.setdefault((result.operation, _place(result)), []).append(result)
    silent = {reached.operation for reached in report.coverage if not reached.exercised}
    for operation in dict.fromkeys((*report.operations, *(result.operation for result in report.results))):
        found = [placed.get((operation, column), []) for column in columns]
        yield Row(
            operation=operation,
            cells=tuple(map(_summarize, found)),
            sum=_summarize([result for results in found for result in results]),
            anchor=anchors.get(operation, ""),
            exercised=operation not in silent,
        )


def _summarize(results: list[Result]) -> Cell:
    return Cell(
        status=min(map(status_of, results), key=_ORDER.index, default=""),
        broken=sum(result.status == FAILED for result in results),
        tried=sum(result.status != SKIPPED for result in results),
        total=len(results),
    )


def _list_checks(report: Report) -> Iterator[tuple[str, list[tuple[str, list[Result]]]]]:
    """The results of each operation by their marks, the worst first."""
    for operation in dict.fromkeys((*report.operations, *(result.operation for result in report.results))):
        results = [result for result in report.results if result.operation == operation]
        marked: dict[str, list[Result]] = {}
        for result in results:
            marked.setdefault(status_of(result), []).append(result)
        yield operation, sorted(marked.items(), key=lambda one: _ORDER.index(one[0]))


def _list_bars(report: Report) -> Iterator[Bar]:
    reached = report.coverage
    if not reached:
        return
    yield Bar(name="Operations with a success", reached=sum(one.exercised for one in reached), total=len(reached))
    seen, never = (sum(map(len, values)) for values in zip(*((o.statuses, o.unanswered) for o in reached), strict=True))
    yield Bar(name="Statuses that came", reached=seen, total=seen + never)
    parameters, values = sum(one.parameters for one in reached), sum(one.values for one in reached)
    accepted = parameters - sum(len(one.unsent) for one in reached)
    yield Bar(name="Parameters that were accepted", reached=accepted, total=parameters)
    tried = values - sum(len(one.untried) for one in reached)
    yield Bar(name="Enumerated values that were accepted", reached=tried, total=values)
