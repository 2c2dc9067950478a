"""A report in Markdown, for the summary of a job: what a server sent stands in code, where nothing acts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..results import MUST, Report
from .causes import Group, group_findings
from .terminal import escape_controls
from .verdicts import describe_changes, describe_need, describe_source, verdict

_MOST_GROUPS, _MOST_NEEDS = 20, 10
_LONGEST = 4_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|<>~&@]|:(?=//)|(?<=www)\.)")


def as_markdown(report: Report) -> str:
    """The verdict, the groups of findings and what was not tried."""
    return "\n".join(_lines(report)) + "\n"


def escape_markdown(text: str) -> str:
    """A text that is shown as it is: no markup, no link, no mention of a user."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[1])};", " ".join(escape_controls(text).split()))


def write_code(text: str) -> str:
    """A text as code in a line."""
    shown = " ".join(escape_controls(text).split())
    fence = "`" * (_count_backticks(shown) + 1)
    return f"{fence} {shown} {fence}" if shown else ""


def fence(text: str) -> Iterator[str]:
    """A text as a block of code, shortened."""
    shown = escape_controls(text[:_LONGEST]) + ("\n…" if len(text) > _LONGEST else "")
    marks = "`" * max(3, _count_backticks(shown) + 1)
    yield from (f"{marks}text", *shown.splitlines(), marks)


def _count_backticks(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _lines(report: Report) -> Iterator[str]:
    groups = group_findings(report.findings)
    yield from (f"## {'✅' if report.conforms else '❌'} {escape_markdown(verdict(report))}", "")
    yield f"{write_code(report.url)}, {escape_markdown(f'{report.title} ({report.api}), profile {report.profile}')}"
    yield from (f"{escape_markdown(f'{report.started}, {report.seconds:.0f} s, seed {report.seed}')}", "")
    if report.changes:
        yield from (escape_markdown(describe_changes(report.changes)), "")
    for group in groups[:_MOST_GROUPS]:
        yield from _describe_group(group)
    if len(groups) > _MOST_GROUPS:
        yield from (f"… and {len(groups) - _MOST_GROUPS} more in `report.html`.", "")
    for note in report.notes:
        yield f"- {write_code(note)}"
    if report.needs:
        yield from ("", "### Not tried", "")
    for need in report.needs[:_MOST_NEEDS]:
        yield f"- {write_code(describe_need(need))}{f': {write_code(need.options)}' if need.options else ''}"
    if len(report.needs) > _MOST_NEEDS:
        yield f"- … and {len(report.needs) - _MOST_NEEDS} more reasons in `report.html`"


def _describe_group(group: Group) -> Iterator[str]:
    first, count = group.first, len(group.results)
    more = f" and {count - 1} more" if count > 1 else ""
    mark = "🔴" if first.counts else "🟡" if first.level != MUST and not first.known else "⚪"
    yield from (f"### {mark} {escape_markdown(f'{first.level} {first.id}{more}: {first.check}')}", "")
    rows = {
        "Expected": first.expected,
        "Came back": first.observed,
        "Likely cause": first.cause,
        "The description says": first.says.text if first.says else "",
        "Source": describe_source(first),
        "Known": first.known,
        "Known no longer": first.expired,
    }
    yield from (f"- {name}: {write_code(text)}" for name, text in rows.items() if text)
    if first.request:
        yield from ("", "<details><summary>Shell lines that show it again</summary>", "", *fence(first.request), "")
        yield "</details>"
    yield ""
