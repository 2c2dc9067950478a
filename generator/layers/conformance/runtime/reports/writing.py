"""Writes a report as `report.json`, `report.html`, `report.md`, `junit.xml` and `report.sarif`; it is masked."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from pathlib import Path

from ..errors import CannotRun
from ..results import ERROR, FAILED, PASSED, SKIPPED, Report
from .causes import group_findings
from .junit import as_junit
from .markdown import as_markdown
from .page import as_html
from .sarif import as_sarif
from .statements import add_statements

SCHEMA = "procwise-conformance/2"
_UNUSUAL = re.compile(r"[^\x20-\x7e\n]")


def write(report: Report, folder: Path) -> None:
    """Write all files completely, or none; raises CannotRun if that is not possible."""
    report = add_statements(report)
    texts = {
        "report.json": escape_json(as_json(report)),
        "report.html": as_html(report),
        "report.md": as_markdown(report),
        "junit.xml": as_junit(report),
        "report.sarif": escape_json(as_sarif(report)),
    }
    unfinished = {name: folder / f"{name}.part" for name in texts}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            unfinished[name].write_text(text, encoding="utf-8", errors="backslashreplace")
        for name in texts:
            unfinished[name].replace(folder / name)
    except OSError as error:
        raise CannotRun(f"the reports cannot be written to {folder}: {error.strerror}.") from None
    finally:
        for part in unfinished.values():
            part.unlink(missing_ok=True)


def check_writable(folder: Path) -> None:
    """Before the run, and not after it; raises CannotRun if the reports cannot be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"the reports cannot be written to {folder}: {error.strerror}.") from None


def as_json(report: Report) -> str:
    """The whole report; its shape is documented in the package's README and named by `schema`."""
    data = {
        "schema": SCHEMA,
        **{name: value for name, value in asdict(report).items() if name != "results"},
        "conforms": report.conforms,
        "summary": {status: report.count_of(status) for status in (PASSED, FAILED, SKIPPED, ERROR)},
        "groups": [group.as_data() for group in group_findings(report.findings)],
        "results": [asdict(result) for result in report.results],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def escape_json(text: str) -> str:
    """The same JSON; control and format characters, which a terminal may obey, as escapes."""
    return _UNUSUAL.sub(lambda found: _escape(found[0]), text)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if unicodedata.category(character)[0] in "CZ" else character
