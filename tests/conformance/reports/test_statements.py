"""Every form of the report says whether the description is documented or inferred, and on which pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.errors import SpecErrors
from generator.load import load
from generator.lower import lower
from procwise_conformance.reports.statements import add_statements
from procwise_conformance.reports.summary import summary
from procwise_conformance.reports.terminal import Terminal
from procwise_conformance.reports.writing import write
from procwise_conformance.results import Statement
from tests.conformance.reports.samples import LIST, make_finding, make_report


def find_statement(clause: str, operation: str = LIST, observed: str = "200 application/json") -> Statement:
    finding = make_finding(clause=clause, operation=operation, observed=observed)
    (result,) = add_statements(make_report(finding)).results
    assert result.says is not None
    return result.says


@pytest.mark.parametrize(
    ("clause", "text", "confidence", "source"),
    [
        ("x-signing.nonce", '"unique_for_seconds": 86400', "documented", ""),
        ("x-signing.message.separator", "x-signing.message.separator: ?", "documented", ""),
        ("x-token", "Token token=", "documented", ""),
        ("x-pagination.max_limit", "x-pagination.max_limit: 300", "documented", "exams/index"),
        ("x-filter.sortable", "start_time", "documented", "`lte` is inferred"),
        ("responses.422", "", "documented", ""),
        ("responses.content.schema", "", "documented", ""),
        ("parameters", "status", "documented", "exams/index"),
        ("", "The exams that the calling user may see", "documented", "exams/index"),
        ("RFC 9110, 15.5.6", "RFC 9110, 15.5.6", "documented", "RFC 9110, 15.5.6"),
    ],
)
def test_a_clause_is_looked_up(clause: str, text: str, confidence: str, source: str) -> None:
    says = find_statement(clause)
    assert (text in says.text, says.confidence, source in says.source) == (True, confidence, True), says


def test_what_is_inferred_says_so() -> None:
    errors = find_statement("responses.422")
    assert errors.text
    assert find_statement("responses.content.schema", observed="401 application/json").confidence == "inferred"


def test_an_operation_that_nobody_described_has_no_statement() -> None:
    assert find_statement("paths", "PATCH /nowhere") == Statement(text="", confidence="not stated", source="")


def test_every_form_has_both_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inferred = make_finding(
        "SCH-005 listExams", clause="responses.content.schema", operation=LIST, observed="401 application/json"
    )
    report = make_report(make_finding(), inferred)
    write(report, tmp_path)
    summary(report, tmp_path, Terminal())
    texts = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} | {"out": capsys.readouterr().out}
    assert len(texts) == 6
    for name, text in texts.items():
        shown = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        assert {"documented", "inferred"} <= {*re.findall(r"\w+", shown)}, name


SHELF = Path(__file__).parents[1] / "servers/shelf.yaml"
LISTER = "/paths/~1books/get"
PLACES = {
    "operation": f"{LISTER}/x-source",
    "parameter": f"{LISTER}/parameters/0/x-source",
    "response": f"{LISTER}/responses/200/x-source",
    "security scheme": "/components/securitySchemes/Sign/x-source",
    "property": "/components/schemas/Book/properties/id/x-source",
    "filter": f"{LISTER}/x-filter/source",
}


def plant(document: Any, pointer: str, source: dict[str, Any]) -> None:
    """Put a source at that place of a description."""
    *steps, last = (step.replace("~1", "/") for step in pointer[1:].split("/"))
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
    document[last] = source


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", ["confidence", "status"])
def test_a_misspelt_key_of_a_source_is_a_fault_wherever_it_stands(tmp_path: Path, place: str, key: str) -> None:
    """`status` for `confidence` once left the sources out of every report without a word."""
    document = yaml.safe_load(SHELF.read_text("utf-8"))
    if place == "filter":
        columns = [{"name": "title", "type": "string", "operators": ["eq"]}]
        plant(document, f"{LISTER}/x-filter", {"filter": "filter", "sort": "sort", "columns": columns, "sortable": []})
    plant(document, PLACES[place], {"pages": ["leaf 7"], key: "documented"})
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(document, sort_keys=False), "utf-8")
    if key == "confidence":
        assert lower(load([tmp_path])).apis
        return
    with pytest.raises(SpecErrors, match=r"openapi\.yaml:\d+: .*confidence"):
        lower(load([tmp_path]))
