"""What `redocly drift` finds in a recording is found here too."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.conftest import ROOT
from tests.conformance.observe.conftest import Observe
from tests.conformance.observe.recordings import Seen, mitmproxy, write_har
from tests.conformance.observe.test_har_files import BASE, JSON, STAMP, TOKEN, example_of, make_list
from tests.lint.node import PROGRAMS

EXAM = {"name": "a", "type": "record_review"}
# Where a finding is that Redocly reports, by the beginning of its sentence; of several, one has to be there.
IDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Response ", ("MOD-096", "MOD-102")),
    ("Request body", ("OBS-003",)),
    ("Request does not satisfy", ("OBS-011",)),
    ("Request ", ("MOD-091", "MOD-092", "MOD-093", "MOD-094", "OBS-003")),
    ("Missing required request body", ("MOD-091",)),
    ("Undocumented endpoint", ("OBS-001",)),
    ("", ("OBS-002",)),
)
SIGNING = ('"signature"', '"timestamp"', '"nonce"')  # Redocly takes them for parameters that nobody described


def show(**changes: Any) -> bytes:
    """One exam, as the description has it but for these members; None leaves one out."""
    exam = {**example_of("ExamList")["exams"][0], **changes}
    return json.dumps({"exam": {name: value for name, value in exam.items() if value is not None}}).encode()


def see(method: str, path: str, content: bytes = b"", status: int = 200, **other: Any) -> Seen:
    """A signed request to that path, and its response."""
    headers = {**TOKEN, **(JSON if "body" in other else {}), **other.pop("headers", {})}
    url = f"{BASE}{path}{'&' if '?' in path else '?'}{other.pop('query', STAMP)}"
    return Seen(method=method, url=url, headers=headers, content=content, status=status, answered=JSON, **other)


def break_requests() -> list[Seen]:
    """Requests that the description does not allow, one mistake each."""
    bodies = ({"type": "demo"}, {**EXAM, "type": "odd"}, {**EXAM, "name": 3}, {**EXAM, "start_time": "tomorrow"})
    made = [see("POST", "/exams", show(), body=json.dumps(body).encode()) for body in bodies]
    made += [see("GET", f"/exams?{query}", make_list().content) for query in ("page=x", "limit=0", "odd=1", "status=x")]
    made += [see("POST", "/exams", show(), body=b"{"), see("POST", "/exams", show())]
    made += [see("GET", "/exams/1/show_student"), see("GET", "/nowhere"), see("PUT", "/exams")]
    made += [see("GET", "/exams/1", show(), headers={"X-Odd": "1"}), Seen("GET", f"{BASE}/exams/1", {}, content=show())]
    return made


def break_responses() -> list[Seen]:
    """Responses that the description does not allow, one mistake each."""
    changes: tuple[dict[str, Any], ...] = ({"name": 7}, {"name": None}, {"status": "odd"}, {"created_at": "now"})
    made = [see("GET", "/exams/1", show(**change)) for change in changes]
    return [*made, see("GET", "/exams/1", b"{broken"), see("GET", "/exams/9", b'{"errors": []}', 404)]


@pytest.mark.slow
@pytest.mark.needs("npm")
def test_what_redocly_drift_finds_is_found(observe: Observe, tmp_path: Path) -> None:
    seen = [make_list(), *break_requests(), *break_responses()]
    path, out = write_har(tmp_path / "planted.har", map(mitmproxy, seen)), tmp_path / "drift.json"
    description = ROOT / "generated/openapi/v3.json"
    options = ["--api", description, "--server", BASE, "--format", "json", "-o", out]
    subprocess.run([PROGRAMS / "redocly", "drift", path, *options], capture_output=True, check=False, timeout=120)
    problems = json.loads(out.read_text("utf-8"))["problems"]
    problems = [one for one in problems if not any(name in one["message"] for name in SIGNING)]
    assert len(problems) > 15
    outcome = observe(path)
    found = {one["id"] for one in outcome.findings}
    missing = []
    for problem in problems:
        ids = next(ids for start, ids in IDS if problem["message"].startswith(start))
        operation = problem.get("operationId") or problem["method"]
        if not {f"{check} {operation}" for check in ids} & found:
            missing.append((problem["message"], operation))
    assert missing == [], outcome.output
