"""A report in SARIF 2.1.0, which code hosts and editors show beside the code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from ..results import ADVISORY, MUST, SHOULD, Report, Result

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PACKAGE = __package__.rpartition(".")[0]
_LEVELS: Mapping[str, str] = {MUST: "error", SHOULD: "warning", ADVISORY: "note"}


def as_sarif(report: Report) -> str:
    """Findings as results, their checks as rules; a known failure is a suppressed result."""
    findings = report.findings
    description = resources.files(_PACKAGE).joinpath("descriptions", f"{report.api}.json")
    lines = description.read_text(encoding="utf-8").splitlines()
    driver = {"name": "procwise-conformance", "rules": list(_rules(findings))}
    started = report.started.replace("+00:00", "Z")
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not report.errors, "startTimeUtc": started}],
        "results": [_sarif_result(result, report, _line(result, lines)) for result in findings],
        "properties": {"url": report.url, "api": report.api, "seed": report.seed, "profile": report.profile},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rules(findings: Iterable[Result]) -> Iterator[dict[str, Any]]:
    first = {_rule(result): result for result in reversed(list(findings))}
    for name, result in sorted(first.items()):
        yield {
            "id": name,
            "shortDescription": {"text": result.check},
            "fullDescription": {"text": f"{result.level}: {result.check} ({result.clause or 'the run'})"},
            "defaultConfiguration": {"level": _LEVELS[result.level]},
        }


def _line(result: Result, lines: Sequence[str]) -> int:
    """The line of an operation in the description; 1 if it has none."""
    method, _, path = result.operation.partition(" ")
    start = next((n for n, line in enumerate(lines) if line == f'    "{path}": {{'), None)
    wanted = f'      "{method.lower()}": {{'
    return 1 if start is None else next((n + 1 for n in range(start, len(lines)) if lines[n] == wanted), 1)


def _sarif_result(result: Result, report: Report, line: int) -> dict[str, Any]:
    cause = f" Likely cause: {result.cause}." if result.cause else ""
    data = {
        "ruleId": _rule(result),
        "level": _LEVELS[result.level],
        "message": {"text": f"{result.operation}: expected {result.expected}; {result.observed}.{cause}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": f"descriptions/{report.api}.json"},
                    "region": {"startLine": line},
                },
                "logicalLocations": [{"fullyQualifiedName": result.operation, "kind": "function"}],
            }
        ],
        "partialFingerprints": {"finding/v1": f"{result.id} {result.detail}".strip()},
        "properties": {"id": result.id, "clause": result.clause, "request": result.request},
    }
    return data | ({"suppressions": [{"kind": "external", "justification": result.known}]} if result.known else {})


def _rule(result: Result) -> str:
    return result.id.partition(" ")[0]
