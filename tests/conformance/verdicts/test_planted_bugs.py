"""Each planted bug is found, and makes the exit code 1."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformance.conftest import Command
from tests.conformance.servers.model_server import Model, serve
from tests.proofs import mark_slow

OPERATIONS = ("listBooks", "addBook", "showBook", "changeBook", "removeBook")


def every(*attacks: str, on: tuple[str, ...] = OPERATIONS) -> set[str]:
    return {f"{attack} {operation}" for attack in attacks for operation in on}


FORGED = ("SIG-006", "SIG-007")
# What is repeated with its nonce, SIG-009, is not known of a deletion: the object may be looked for first, and is gone.
FOUND = {
    "token not checked": every("SIG-002", "SIG-008"),
    "signature ignored": every("SIG-003", "SIG-004", "SIG-005", *FORGED, "SIG-010", "SIG-011")
    | every("SIG-009", on=OPERATIONS[:-1]),
    "signature ignored on DELETE": every("SIG-005", *FORGED, "SIG-010", on=("removeBook",)),
    "window not checked": every("SIG-010", "SIG-011"),
    "crashes on non-ASCII": every("SCH-001", on=("addBook", "changeBook")),
}


# The table of attacks finds these in one process; whole runs are left to make test-full.
LONG = ("signature ignored", "window not checked")


@pytest.mark.slow
@pytest.mark.parametrize("bug", [mark_slow(bug) if bug in LONG else bug for bug in FOUND])
def test_found(shelf_conformance: Command, model: Callable[..., Model], bug: str) -> None:
    checks = ("--include-check", "SCH-001" if "ASCII" in bug else "SIG-00*,SIG-01*")
    with serve(model("shelf", bug)) as url:
        outcome = shelf_conformance(url, *checks, "--max-examples", "10" if "ASCII" in bug else "1")
    assert outcome.code == 1, outcome.output
    assert FOUND[bug] <= outcome.broken_ids()
    others = {id_ for id_ in outcome.broken_ids() if id_.split()[1] not in {found.split()[1] for found in FOUND[bug]}}
    assert not others


def test_found_in_the_large_description(conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("v3", "signature ignored on DELETE", "wrong enum value")) as url:
        few = ("--operations", "showExam,destroyExam,destroyStudentSession", "--include-check", "SIG-006,SCH-005")
        outcome = conformance(url, "--api", "v3", "--max-examples", "3", *few)
    assert outcome.code == 1, outcome.output
    assert {"SIG-006 destroyExam", "SIG-006 destroyStudentSession", "SCH-005 showExam"} <= outcome.broken_ids()
    assert "SIG-006 showExam" not in outcome.broken_ids()


def test_a_finding_names_clause_and_request(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf", "nonce reuse accepted")) as url:
        outcome = shelf_conformance(url, "--profile", "read-only", "--include-check", "SIG-009")
    finding = next(finding for finding in outcome.findings if finding["id"] == "SIG-009 listBooks")
    assert (finding["level"], finding["clause"]) == ("MUST", "x-signing.nonce.unique_for_seconds")
    assert (finding["expected"], finding["observed"]) == ("refused with 401 or 403", "200 application/json")
    assert finding["request"].endswith(
        f'-X GET "{url}/rest/books?at=$AT&once=$ONCE&mac=$MAC" -H \'Accept: application/json\' -H "X-Key: shelf $TOKEN"'
    )


def test_another_refusal_than_the_documented_one_is_only_a_remark(
    conformance: Command, shelf_conformance: Command, model: Callable[..., Model]
) -> None:
    """If a catalogue of errors names the status; of two that are only listed either may come."""
    options = ("--profile", "read-only", "--include-check", "SIG-00*")
    with serve(model("v3", "always 401")) as url:
        catalogued = conformance(url, *options, "--operations", "listExams")
    with serve(model("shelf", "always 401")) as url:
        listed = shelf_conformance(url, *options)
    assert (catalogued.code, listed.code) == (0, 0)
    assert catalogued.broken_ids("SHOULD") == {"SIG-006 listExams"}
    assert listed.findings == []


def test_a_server_that_dies_under_the_run_does_not_conform(
    shelf_conformance: Command, model: Callable[..., Model]
) -> None:
    with serve(model("shelf", "hangs up")) as url:
        outcome = shelf_conformance(url, "--operations", "changeBook", "--include-check", "SIG-00*")
    assert outcome.code == 1, outcome.output + outcome.errors
    assert any("no response" in finding["observed"] for finding in outcome.findings)
