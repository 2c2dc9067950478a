"""The one call for a job is derived from any description: its name, its arguments, and where its file goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.client.descriptions import describe_paths, generate_package, json_responses, run
from tests.proofs import mark_most_slow

STATE = {"type": "object", "properties": {"state": {"type": "string"}}}
START = """
import httpx2, inspect, os, procwise

asked = []

def serve(request):
    asked.append(f"{request.method} {request.url.path} {request.url.query.decode()}".strip())
    if request.url.path.endswith("/file"):
        return httpx2.Response(200, content=b"%PDF", headers={"Content-Type": "application/pdf"})
    return httpx2.Response(200, json={"state": "done"})

http = httpx2.Client(transport=httpx2.MockTransport(serve))
client = procwise.Client(base_url="http://localhost", http=http)
"""


def describe_job(place: str, names: tuple[str, str, str], **job: Any) -> dict[str, Any]:
    """The paths of a job: started by a POST with a query parameter, shown, downloaded."""
    ids = ("startIt", "showIt", "fetchIt")
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in place.split("/")
        if part.startswith("{")
    ]
    extra = {"name": "form", "in": "query", "schema": {"type": "string"}}
    rule = {"status_operation": ids[1], "download_operation": ids[2], "field": "state"}
    words = {"success": ["done"], "failure": ["failed"], "pending": ["busy"], "idle": []}
    file = json_responses({"type": "string", "format": "binary"}, "application/pdf")
    operations = [
        {"x-job": {**rule, **words}, "parameters": [*parameters, extra], "responses": json_responses(STATE)},
        {"parameters": parameters, "responses": json_responses(STATE)},
        {"parameters": parameters, "responses": file},
    ]
    named = [
        {"operationId": id_, "x-client": {"resource": "reports", "method": name}, **operation}
        for id_, name, operation in zip(ids, names, operations, strict=True)
    ]
    return {
        place: {"post": named[0]},
        f"{place}/state": {"get": named[1]},
        f"{place}/file": {"get": named[2]},
    }


@pytest.mark.parametrize(
    ("place", "names", "whole", "call", "file"),
    mark_most_slow(
        [
            ("/reports", ("make", "watch", "fetch"), "run_make", 'form="a"', "run_make.pdf"),
            (
                "/a/{x}/b/{y}",
                ("start_yearly_report", "yearly_report_state", "get_yearly_report"),
                "yearly_report",
                '"1/2", "b c", form="a"',
                "yearly_report-1_2-b_c.pdf",
            ),
            ("/reports", ("start_report", "report", "get_report"), "report_2", 'form="a"', "report_2.pdf"),
        ],
        3,
    ),
    ids=["no word in common", "two places", "a name that is taken"],
)
def test_the_name_the_arguments_and_the_file_of_a_derived_call(
    tmp_path: Path, place: str, names: tuple[str, str, str], whole: str, call: str, file: str
) -> None:
    package = generate_package(describe_paths(describe_job(place, names)), tmp_path)
    (tmp_path / "here").mkdir()
    program = f"""
os.chdir({str(tmp_path / "here")!r})
print(client.reports.{whole}({call}))
print(asked[0].endswith("form=a"), len(asked))
resume = [name for name in dir(client.reports) if name.startswith("resume_")]
print(resume)
"""
    assert run(START + program, package).splitlines() == [file, "True 3", f"['resume_{whole.removesuffix('_2')}']"]
    assert [path.name for path in (tmp_path / "here").iterdir()] == [file]
