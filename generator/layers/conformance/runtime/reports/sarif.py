"""A report in SARIF 2.1.0, which code hosts and editors show beside the code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from ..results import ADVISORY, MUST, SHOULD, Report, Result
from ..versions import VERSION
from .causes import Group, group_findings
from .markdown import escape_markdown
from .terminal import escape_controls
from .verdicts import describe_source, verdict

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PACKAGE = __package__.rpartition(".")[0]
_LEVELS: Mapping[str, str] = {MUST: "error", SHOULD: "warning", ADVISORY: "note"}
_ENTRY = re.compile(r'( {4}| {6})("[^"]*"): \{')
_PATH_DEPTH = 4
_MOST = 5_000  # code hosts show no more of one run
# In messages, brackets are links and braces placeholders, unless they are escaped.
_MESSAGE = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"})


def as_sarif(report: Report) -> str:
    """Findings as results, their checks as rules; a known failure is a suppressed result."""
    findings = report.findings[:_MOST]
    lines = _find_lines(report.api)
    rules = list(_list_rules(findings))
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    groups = {id(result): group for group in group_findings(findings) for result in group.results}
    run = {
        "tool": {"driver": {"name": "procwise-conformance", "version": VERSION, "rules": rules}},
        "automationDetails": {"id": f"conformance/{report.api}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_describe_run(report)],
        "results": [_describe(one, report, lines.get(one.operation, 1), places, groups[id(one)]) for one in findings],
        "properties": {"url": report.url, "api": report.api, "seed": report.seed, "profile": report.profile},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _describe_run(report: Report) -> dict[str, Any]:
    notes = (verdict(report), *report.notes)
    return {
        "executionSuccessful": not report.errors,
        "startTimeUtc": report.started.replace("+00:00", "Z"),
        "exitCode": report.exit_code,
        "toolExecutionNotifications": [{"level": "note", "message": {"text": _message(note)}} for note in notes],
    }


def _list_rules(findings: Iterable[Result]) -> Iterator[dict[str, Any]]:
    first = {_rule(result): result for result in reversed(list(findings))}
    for name, result in sorted(first.items()):
        clause, cause = result.clause or "the run", result.cause or "none is known"
        yield {
            "id": name,
            "name": "".join(word.capitalize() for word in result.check.split() if word.isalnum()) or name,
            "shortDescription": {"text": _message(result.check)},
            "fullDescription": {"text": _message(f"{result.level}: {result.check} ({clause})")},
            "help": {
                "text": _message(f"It follows from {clause}. Likely cause: {cause}"),
                "markdown": f"It follows from {escape_markdown(clause)}. Likely cause: {escape_markdown(cause)}",
            },
            "defaultConfiguration": {"level": _LEVELS[result.level]},
            "properties": {"tags": ["conformance", result.layer], "problem.severity": _severity(result)},
        }


def _find_lines(name: str) -> dict[str, int]:
    """The line of each operation in the description of that version, which is written with two blanks a level."""
    description = resources.files(_PACKAGE).joinpath("descriptions", f"{name}.json")
    found, path = dict[str, int](), ""
    for number, line in enumerate(description.read_text(encoding="utf-8").splitlines(), start=1):
        if entry := _ENTRY.fullmatch(line):
            key = json.loads(entry[2])
            path = key if len(entry[1]) == _PATH_DEPTH else path
            found.setdefault(f"{key.upper()} {path}", number)
    return found


def _describe(result: Result, report: Report, line: int, places: Mapping[str, int], group: Group) -> dict[str, Any]:
    data = {
        "ruleId": _rule(result),
        "ruleIndex": places[_rule(result)],
        "level": _LEVELS[result.level],
        "kind": "fail",
        "message": {"text": _write_message(result, group)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"descriptions/{report.api}.json"},
                    "region": {"startLine": line},
                },
                "logicalLocations": [{"fullyQualifiedName": result.operation, "kind": "function"}],
            }
        ],
        "partialFingerprints": _name_finding(result),
        "properties": {"id": result.id, "clause": result.clause, "request": result.request},
    }
    suppressed = [{"kind": "external", "status": "accepted", "justification": escape_controls(result.known)}]
    states = {"new": "new", "same": "unchanged"}
    return (
        data
        | ({"suppressions": suppressed} if result.known else {})
        | ({"baselineState": states[result.since]} if result.since else {})
    )


def _write_message(result: Result, group: Group) -> str:
    more = f" The same cause explains {len(group.results)} findings." if len(group.results) > 1 else ""
    sentences = (
        f"{result.operation}: expected {result.expected}; {result.observed}.",
        f"The description says ({describe_source(result)}): {result.says.text}" if result.says else "",
        f"Likely cause: {result.cause}" if result.cause else "",
        f"Known no longer: {result.expired}" if result.expired else "",
    )
    return _message(" ".join(filter(None, sentences)) + more)


def _name_finding(result: Result) -> dict[str, str]:
    """What tells the finding from others, whatever line it is on; code hosts read the second."""
    name = f"{result.id} {result.detail}".strip()
    return {
        "finding/v1": name,
        "primaryLocationLineHash": f"{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:16]}:1",
    }


def _message(text: str) -> str:
    """A text in which nothing is a link or a placeholder."""
    return " ".join(escape_controls(text).split()).translate(_MESSAGE)


def _severity(result: Result) -> str:
    return {MUST: "error", SHOULD: "warning"}.get(result.level, "recommendation")


def _rule(result: Result) -> str:
    return result.id.partition(" ")[0]
