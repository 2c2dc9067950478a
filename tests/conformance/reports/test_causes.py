"""What one mistake explains is one group, with the smallest request; what it does not explain stands apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from procwise_conformance.reports.causes import group_findings
from procwise_conformance.results import FAILED, MUST, SHOULD, Level, Phase, Result
from tests.conformance.servers.sandbox_runs import run_suite_against, sandbox


def make_finding(
    number: str,
    operation: str,
    *,
    clause: str = "x-signing.digest",
    level: Level = MUST,
    layer: Phase = "signature",
    expected: str = "refused with 401 or 403",
    observed: str = "200 application/json",
    cause: str = "",
    request: str = "curl " + "x" * 99,
) -> Result:
    return Result(
        id=f"{number} {operation}",
        layer=layer,
        check=number,
        operation=operation,
        level=level,
        clause=clause,
        status=FAILED,
        expected=expected,
        observed=observed,
        cause=cause or f"cause of {number}",
        request=request,
    )


def test_an_operation_without_a_check_of_the_signature_is_one_group() -> None:
    attacks = [make_finding(f"SIG-{number:03}", "showBook") for number in range(5, 87)]
    shortest = make_finding("SIG-120", "showBook", request="curl")
    (group,) = group_findings([*attacks, shortest])
    assert len(group.results) == 83
    assert group.first.id == "SIG-120 showBook"
    assert group.first.cause.startswith("No signature is compared")
    assert group.as_data()["ids"] == ["SIG-120 showBook", *(attack.id for attack in attacks)]


def test_two_such_operations_are_one_group_and_a_third_is_not_in_it() -> None:
    twice = [make_finding(id_, operation) for operation in ("showBook", "addBook") for id_ in ("SIG-006", "SIG-064")]
    groups = group_findings([*twice, make_finding("SIG-064", "listBooks")])
    assert [(len(group.results), group.operations) for group in groups] == [
        (4, ("showBook", "addBook")),
        (1, ("listBooks",)),
    ]


def test_what_the_mistake_does_not_explain_stands_apart() -> None:
    token = make_finding("SIG-002", "showBook", clause="x-token")
    refused = make_finding(
        "SIG-200", "showBook", expected="a rightly signed request passes", observed="403 application/json"
    )
    model = make_finding("MOD-001", "showBook", layer="model", expected="the object", observed="404 application/json")
    groups = group_findings([make_finding("SIG-006", "showBook"), token, refused, model])
    assert [group.results for group in groups][1:] == [(token,), (refused,), (model,)]


def test_attacks_with_one_cause_are_one_group_and_a_must_stands_for_them() -> None:
    nonces = [make_finding(id_, "showBook", clause="x-signing.nonce.type") for id_ in ("SIG-009", "SIG-142")]
    old = [
        make_finding(
            "SIG-162", "showBook", clause="x-signing.timestamp", cause="old ones pass", level=SHOULD, request="c"
        ),
        make_finding("SIG-010", "showBook", clause="x-signing.timestamp", cause="old ones pass"),
    ]
    groups = group_findings([*nonces, *old])
    assert [group.checks for group in groups] == [("SIG-009", "SIG-142"), ("SIG-162",), ("SIG-010",)]
    assert groups[0].first.cause.startswith("No used nonce")


def test_equal_findings_of_other_checks_are_one_group_as_before() -> None:
    same = [make_finding("MOD-095", operation, layer="model", observed="400: old") for operation in ("a", "b")]
    other = make_finding("MOD-095", "c", layer="model", observed="404: old")
    assert [group.operations for group in group_findings([*same, other])] == [("a", "b"), ("c",)]


def test_a_404_for_a_wrong_signature_is_of_the_same_cause_and_a_refusal_with_another_status_is_not() -> None:
    absent = make_finding("SIG-241", "showBook", observed="404 application/json")
    crash = make_finding("SIG-300", "showBook", observed="500 text/html")
    exact = make_finding(
        "SIG-021", "showBook", expected="refused with 403, as documented", observed="401 application/json"
    )
    groups = group_findings([make_finding("SIG-006", "showBook"), absent, crash, exact])
    assert [group.checks for group in groups] == [("SIG-006", "SIG-241"), ("SIG-300",), ("SIG-021",)]


PARTS = {
    "query": ("SIG-091", "SIG-093", "SIG-147"),
    "body": ("SIG-092", "SIG-094", "SIG-100", "SIG-148"),
    "path": ("SIG-090", "SIG-103", "SIG-151"),
    "timestamp": ("SIG-108", "SIG-141"),
    "nonce": ("SIG-109", "SIG-140"),
    "without a signature": ("SIG-005", "SIG-032", "SIG-038"),
    "token": ("SIG-008", "SIG-020", "SIG-025"),
}


@pytest.mark.parametrize("part", PARTS)
def test_what_is_not_covered_is_one_cause_and_another_part_is_another(part: str) -> None:
    clause = "x-token" if part == "token" else "x-signing.message.parameters"
    found = [make_finding(id_, name, clause=clause) for name in ("showBook", "addBook") for id_ in PARTS[part]]
    other, passes = next((name, ids[0]) for name, ids in PARTS.items() if name != part)
    groups = group_findings([*found, make_finding(passes, "showBook", clause="x-signing.message.parameters")])
    assert [len(group.results) for group in groups] == [len(found), 1]
    assert part in groups[0].cause.lower()
    assert other in groups[1].cause.lower()


def test_probes_of_the_engine_belong_to_the_token() -> None:
    probe = make_finding(
        "SCH-011", "showBook", clause="security", layer="schema", expected="no failure", observed="200: Expected 401"
    )
    token = make_finding("SIG-008", "showBook", clause="x-token")
    assert [len(group.results) for group in group_findings([token, probe])] == [2]
    assert [len(group.results) for group in group_findings([probe, make_finding("SIG-009", "showBook")])] == [1, 1]


def test_a_missing_check_of_the_owner_is_one_group() -> None:
    clause, expected = "responses.404", "404 for another user"
    found = [
        make_finding(id_, name, clause=clause, layer="model", expected=expected, observed=f"{status} application/json")
        for id_, name, status in (
            ("MOD-070", "showBook", 200),
            ("MOD-071", "changeBook", 200),
            ("MOD-071", "drop", 204),
        )
    ]
    probe = make_finding(
        "SCH-012", "showBook", clause="security", layer="schema", expected="no failure", observed="200: another user"
    )
    other = make_finding("MOD-072", "listBooks", clause=clause, layer="model", expected="a list without it")
    groups = group_findings([*found, probe, other])
    assert [len(group.results) for group in groups] == [4, 1]
    assert "whose they are" in groups[0].cause


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["signature-ignored", "query-not-signed"])
def test_a_fault_of_the_sandbox_is_one_group(tmp_path: Path, fault: str) -> None:
    with sandbox(tmp_path / "files", "--fault", fault) as started:
        (tmp_path / "run").mkdir()
        few = ("--operations", "listExams,showExam", "--include-check", "SIG-*")
        outcome = run_suite_against(started, tmp_path / "run", *few)
    (group,) = outcome.report["groups"]
    assert group["count"] == len(outcome.findings) > 5
    assert len(group["operations"]) == 2
