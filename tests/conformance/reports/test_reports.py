"""The three reports say the same, escape everything, and hold no secret."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from generator.ir import Api
from tests.conformance.conftest import USERS, Outcome, command
from tests.conformance.servers.model_server import Model, serve

HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7919 * 7907 }}\x00\x1b]]>"
SECRETS = ("planted-token", "planted-secret", "planted-pin", "planted-owner")


@pytest.fixture(scope="module")
def outcome(shelf_packages: Path, apis: dict[str, Api], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A run against a server that talks: every response repeats credentials, and one title is hostile."""
    bugs = {"token not checked", "nonce reuse accepted", "wrong enum value", "crashes on non-ASCII", "echo"}
    server = Model(apis["shelf"], USERS, frozenset(bugs), hostile=HOSTILE)
    second = ("--second-token-env", "SECOND_TOKEN", "--second-secret-env", "SECOND_SECRET")
    with serve(server) as url:
        return command(shelf_packages, tmp_path_factory.mktemp("run"))(
            url,
            "--operations",
            "listBooks,addBook,showBook",
            "--max-examples",
            "4",
            "--exclude-check",
            "MOD-*",
            *second,
        )


def texts(outcome: Outcome) -> dict[str, str]:
    files = {path.name: path.read_text("utf-8") for path in outcome.folder.iterdir()}
    return {**files, "output": outcome.output, "errors": outcome.errors}


@pytest.mark.slow
def test_no_secret_in_any_text(outcome: Outcome) -> None:
    assert outcome.code == 1
    for name, text in texts(outcome).items():
        for secret in SECRETS:
            assert secret not in text, name
    assert set(texts(outcome)) == {
        "report.json", "report.html", "report.md", "junit.xml", "report.sarif", "output", "errors",
    }  # fmt: skip


class Repeating(Model):
    """Shows the token in each error: as its code, and where a shortened text is cut in the middle of it."""

    async def response(self, request: Request) -> Response:
        response = await super().response(request)
        token, filling = next(iter(self.users)), "x" * 580
        return response if response.status_code < 400 else JSONResponse({"error": filling + token, "code": token}, 404)


@pytest.mark.slow
def test_no_part_of_a_secret_where_texts_are_cut_or_told_apart(
    exam_packages: Path, apis: dict[str, Api], tmp_path: Path
) -> None:
    few = ("--operations", "showExam", "--include-check", "MOD-09*,SIG-00*")
    with serve(Repeating(apis["v3"], USERS, frozenset())) as url:
        outcome = command(exam_packages, tmp_path)(url, "--api", "v3", *few)
    assert {"MOD-096 showExam", "MOD-097 showExam"} <= {finding["id"] for finding in outcome.findings}
    assert not [name for name, text in texts(outcome).items() if "planted" in text]


def test_no_signature_in_any_request(outcome: Outcome) -> None:
    requests = [finding["request"] for finding in outcome.findings if finding["request"]]
    assert requests
    for request in requests:
        assert "mac=$MAC" in request or "mac=" not in request


def test_html_is_one_escaped_page(outcome: Outcome) -> None:
    page = (outcome.folder / "report.html").read_text("utf-8")
    seen = Tags()
    seen.feed(page)
    assert not {"img", "iframe"} & seen.names
    assert page.count("<script") == page.count("<style") == 1
    assert not {"src", "onerror", "style", "onclick"} & seen.attributes.keys()
    assert all(place.startswith(("#", "data:")) for place in seen.attributes["href"])
    assert "&lt;/script&gt;" in page
    assert "62615533" not in page
    for finding in outcome.findings:
        assert finding["id"] in page


def test_sources_are_named_by_their_titles(outcome: Outcome) -> None:
    source = outcome.report["sources"]["GET /books"]
    assert source == "Shelf, overview; Shelf, books/list (documented; the limit stands in Shelf, overview)"
    assert [name for name, text in texts(outcome).items() if "leaf 7" in text] == []
    finding = next(one for one in outcome.findings if one["operation"] == "GET /books" and one["layer"] == "schema")
    assert finding["says"]["confidence"] == "documented"
    assert finding["says"]["source"] == source.replace(" (documented", "").removesuffix(")")
    for name, text in texts(outcome).items():
        assert name == "errors" or "documented" in text, name


def test_junit_counts_what_json_counts(outcome: Outcome) -> None:
    root = ElementTree.parse(Path(outcome.folder / "junit.xml")).getroot()
    results = outcome.report["results"]
    assert len(root.findall(".//testcase")) == len(results)
    assert sum(int(suite.get("tests", "")) for suite in root) == len(results)
    assert len(root.findall(".//failure")) == len([f for f in outcome.findings if f["level"] == "MUST"])


def test_json_has_the_documented_shape(outcome: Outcome) -> None:
    report = outcome.report
    assert report["schema"] == "procwise-conformance/2"
    assert list(report) == [
        "schema", "api", "title", "url", "profile", "seed", "max_examples", "started", "seconds", "operations",
        "coverage", "sources", "notes", "needs", "known", "changes", "conforms", "summary", "groups", "results",
    ]  # fmt: skip
    text = resources.files("procwise_conformance").joinpath("reports", "report.schema.json").read_text("utf-8")
    assert [error.message for error in jsonschema_rs.Draft202012Validator(json.loads(text)).iter_errors(report)] == []
    assert report["summary"]["failed"] == len(outcome.findings)
    assert set(report["results"][0]) == {
        "id", "layer", "check", "operation", "level", "clause", "status", "count", "expected", "observed",
        "request", "answer", "cause", "detail", "unit", "known", "case", "needs", "expired", "since", "says",
    }  # fmt: skip


def test_schema_findings_have_a_cause(outcome: Outcome) -> None:
    causes = {finding["check"]: finding["cause"] for finding in outcome.findings if finding["layer"] == "schema"}
    assert causes
    assert all(causes.values()), causes


def test_equal_findings_stand_together(outcome: Outcome) -> None:
    page = (outcome.folder / "report.html").read_text("utf-8")
    groups = outcome.report["groups"]
    ids = [id_ for group in groups for id_ in group["ids"]]
    assert sorted(ids) == sorted(finding["id"] for finding in outcome.findings)
    assert len(groups) < len(outcome.findings)
    assert page.count('<article id="finding-') == len(groups)
    assert all(finding["operation"] in page for finding in outcome.findings)


def test_sarif_names_the_line_of_the_operation(outcome: Outcome) -> None:
    (run,) = json.loads((outcome.folder / "report.sarif").read_text("utf-8"))["runs"]
    lines = {r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in run["results"]}
    assert len(lines) > 1


def holes(outcome: Outcome) -> set[str]:
    """The ids of the holes that the page lists."""
    page = (outcome.folder / "report.html").read_text("utf-8")
    part = page.partition('<h2 id="holes">')[2].partition("<h2")[0]
    return set(re.findall(r"<li>(SIG-19\d \w+)", part))


@pytest.mark.slow
def test_holes_of_the_scheme_are_shown_where_a_request_got_through(
    exam_packages: Path, apis: dict[str, Api], tmp_path: Path
) -> None:
    run = command(exam_packages, tmp_path)
    with serve(Model(apis["v3"], USERS, frozenset())) as url:
        honest = run(url, "--api", "v3", "--include-check", "SIG-192", "--operations", "listExams,showExam")
    assert honest.code == 0
    assert holes(honest) == {"SIG-192 listExams", "SIG-192 showExam"}
    reported = " ".join(honest.output.split()).partition("ADVISORY: ")[2]
    assert reported.startswith("holes of the scheme that are there: 2 (")
    assert all(name in reported for name in holes(honest))


def test_a_broken_answer_says_nothing_about_a_hole(exam_packages: Path, apis: dict[str, Api], tmp_path: Path) -> None:
    run = command(exam_packages, tmp_path)
    with serve(Model(apis["v3"], USERS, frozenset({"crashes when listed"}))) as url:
        broken = run(url, "--api", "v3", "--include-check", "SIG-192", "--operations", "listExams")
    assert holes(broken) == set()
    (result,) = [r for r in broken.report["results"] if r["id"] == "SIG-192 listExams"]
    assert (result["status"], result["observed"][:3]) == ("skipped", "500")


class Tags(HTMLParser):
    """The names of elements, and the values of attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")
