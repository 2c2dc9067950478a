"""What a run is cut to, held against, shared among, and started with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.conftest import Command, run_pytest
from tests.conformance.servers.model_server import Model, serve
from tests.proofs import mark_slow

FEW = ("--operations", "showBook,listBooks", "--include-check", "SIG-00*", "--max-examples", "1")
WRONG = "nonce reuse accepted"


def ids(findings: list[dict[str, str]]) -> set[str]:
    return {finding["id"] for finding in findings}


def test_patterns_choose_operations_and_checks(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf")) as url:
        outcome = shelf_conformance(url, *FEW, "--exclude-check", "SIG-003,replayed")
    tried = {tuple(result["id"].split()) for result in outcome.report["results"]}
    assert {operation for _, operation in tried} == {"showBook", "listBooks"}
    checks = {check for check, _ in tried}
    assert {"SIG-001", "SIG-002", "SIG-004"} <= checks
    assert not {"SIG-003", "SIG-009"} & checks
    assert all(check.startswith("SIG-00") for check in checks)


def test_a_known_failure_is_forgiven_and_a_known_one_that_passes_is_not(
    shelf_conformance: Command, model: Callable[..., Model], tmp_path: Path
) -> None:
    known = tmp_path / "known.txt"
    known.write_text("# agreed on\nSIG-009 * # the vendor mends it in spring\n", "utf-8")
    with serve(model("shelf", WRONG)) as url:
        unknown = shelf_conformance(url, *FEW)
        forgiven = shelf_conformance(url, *FEW, "--known", str(known))
    assert (unknown.code, ids(unknown.findings)) == (1, {"SIG-009 showBook", "SIG-009 listBooks"})
    assert (forgiven.code, ids(forgiven.findings)) == (0, ids(unknown.findings))
    assert {finding["known"] for finding in forgiven.findings} == {"the vendor mends it in spring"}
    with serve(model("shelf")) as url:
        mended = shelf_conformance(url, *FEW, "--known", str(known))
    assert mended.code == 1
    assert "known.txt:2" in mended.output
    known.write_text("SIG-999 * # mistyped\n", "utf-8")
    with serve(model("shelf", WRONG)) as url:
        mistyped = shelf_conformance(url, *FEW, "--known", str(known))
    assert mistyped.code == 1
    assert "known.txt:1: nothing in this run has the id 'SIG-999 *'" in mistyped.output
    assert "remove the line" in mended.output


@pytest.mark.slow
def test_baseline_and_replay(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    server = model("shelf", WRONG, "crashes on non-ASCII")
    options = ("--operations", "addBook", "--include-check", "SIG-00*,MOD-00*,SCH-*", "--max-examples", "10")
    with serve(server) as url:
        before = shelf_conformance(url, *options)
        report = str(before.folder / "report.json")
        compared = shelf_conformance(url, *options, "--baseline", report)
        replay = shelf_conformance(url, "--replay", report)
        server.bugs = frozenset()
        mended = shelf_conformance(url, "--replay", report)
    assert before.code == 1
    assert any(finding["case"] for finding in before.findings)
    assert (compared.code, ids(compared.findings)) == (0, ids(before.findings))
    assert (replay.code, ids(replay.findings)) == (1, ids(before.findings))
    assert (mended.code, mended.findings) == (0, [])
    assert ids(mended.report["results"]) == ids(before.findings)


def test_a_replay_can_be_narrowed(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf", WRONG, "token not checked")) as url:
        before = shelf_conformance(url, *FEW)
        replay = ("--replay", str(before.folder / "report.json"))
        one = shelf_conformance(url, *replay, "--operations", "showBook", "--include-check", "SIG-009")
        none = shelf_conformance(url, *replay, "--operations", "addBook")
    assert len(ids(before.findings)) > 4
    assert ids(one.report["results"]) == {"SIG-009 showBook"}
    assert [reached["operation"] for reached in one.report["coverage"]] == ["GET /books/{id}"]
    assert (none.code, "leave nothing of what failed" in none.errors) == (2, True)


@pytest.mark.parametrize("option", ["--operations", "--include-check", "--exclude-check"])
@pytest.mark.parametrize("nothing", ["", ",,"])
def test_an_empty_pattern_is_not_everything(shelf_conformance: Command, option: str, nothing: str) -> None:
    """As a script passes it on whose variable is not set."""
    outcome = shelf_conformance("http://127.0.0.1:1", option, nothing)
    assert (outcome.code, f"{option} {nothing!r} names nothing" in outcome.errors) == (2, True)


@pytest.mark.parametrize("place", ["redsi://127.0.0.1/0", "taken"])
def test_a_database_that_is_none(shelf_conformance: Command, tmp_path: Path, place: str) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    outcome = shelf_conformance("http://127.0.0.1:1", "--database", place)
    assert (outcome.code, place.partition("://")[0] in outcome.errors) == (2, True)
    assert not (tmp_path / "redsi:").exists()


def test_nothing_tried_is_no_verdict(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    """Without a second user all of these are skipped."""
    with serve(model("shelf")) as url:
        outcome = shelf_conformance(url, "--include-check", "MOD-07*,MOD-000", "--operations", "showBook")
    assert (outcome.code, outcome.report["conforms"]) == (2, False)
    assert "Nothing could be tried, so there is no verdict: 1 checks were skipped." in outcome.output
    (skipped,) = outcome.report["results"]
    assert "credentials of another user" in skipped["observed"]


def test_known_failures_are_marked_and_not_counted(
    shelf_conformance: Command, model: Callable[..., Model], tmp_path: Path
) -> None:
    known = tmp_path / "known.txt"
    known.write_text("SIG-009 showBook # ticket 9\n", "utf-8")
    with serve(model("shelf", WRONG)) as url:
        outcome = shelf_conformance(url, *FEW, "--known", str(known))
    lines = outcome.output.splitlines()
    assert "MUST SIG-009 showBook (known: ticket 9)" in lines
    assert "MUST SIG-009 listBooks" in lines
    (counts,) = [line.split() for line in lines if line.startswith("signature")]
    assert " ".join(counts[3:]).startswith("1 broken MUST 0 broken SHOULD 1 known")
    assert "SIG-009 showBook: " in (page := (outcome.folder / "report.html").read_text("utf-8"))
    assert page.count('class="card known"') == 1


REPORT = {"schema": "procwise-conformance/2", "results": []}
ODD = {"only results": REPORT, "an id that is a number": {**REPORT, "results": [{"id": 7}]}, "older": {"schema": "x"}}


@pytest.mark.parametrize("option", ["--replay", "--baseline"])
@pytest.mark.parametrize("odd", ODD)
def test_a_report_that_is_none(shelf_conformance: Command, tmp_path: Path, option: str, odd: str) -> None:
    (tmp_path / "odd.json").write_text(json.dumps(ODD[odd]), "utf-8")
    outcome = shelf_conformance("http://127.0.0.1:1", option, str(tmp_path / "odd.json"))
    assert (outcome.code, "odd.json is no report.json of this" in outcome.errors) == (2, True)
    assert "Traceback" not in outcome.errors


@pytest.mark.slow
def test_a_project_runs_it_with_pytest(shelf_packages: Path, model: Callable[..., Model], tmp_path: Path) -> None:
    given = ("operations=showBook", "include-check=SIG-00*", "api=shelf")
    options = [f"--conformance-option={option}" for option in given]
    codes, outputs = [], []
    for bugs in ((), (WRONG,)):
        with serve(model("shelf", *bugs)) as url:
            done = run_pytest(shelf_packages, tmp_path, *options, f"--conformance-url={url}")
        codes.append(done.code)
        outputs.append(done.out)
    assert codes == [0, 1], outputs
    assert "MUST SIG-009 showBook" in outputs[1]
    assert "signature/showBook" in outputs[1]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("sead=7", "there is no sead"),
        mark_slow("seed=few", "'few' is no number"),
        mark_slow("i_own_this=ja", "'ja' is neither true nor false"),
        ("workers=2", "pytest-xdist shares the items: say -n 2"),
    ],
)
def test_options_of_pytest_are_refused_in_a_sentence(
    shelf_packages: Path, tmp_path: Path, option: str, sentence: str
) -> None:
    done = run_pytest(shelf_packages, tmp_path, f"--conformance-option={option}")
    assert done.code == pytest.ExitCode.USAGE_ERROR
    assert done.err.startswith(f"ERROR: --conformance-option {option}: {sentence}")
    assert "Traceback" not in done.err


def test_the_rate_is_kept(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    server = model("shelf")
    with serve(server) as url:
        seconds = shelf_conformance(url, *FEW, "--rate", "10/s").report["seconds"]
    assert len(server.requests) / seconds <= 10.5


def test_what_was_not_begun_in_time_is_reported(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf")) as url:
        outcome = shelf_conformance(url, "--time", "2s", "--rate", "10/s")
    assert outcome.code == 0, outcome.errors
    late = [result for result in outcome.report["results"] if result["status"] == "skipped"]
    assert {result["operation"] for result in late} >= {"sequences"}
    assert any("the time was up" in note for note in outcome.report["notes"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--rate", "fast"), "--rate"),
        (("--rate", "0/s"), "--rate"),
        (("--time", "5"), "--time"),
        (("--operations", "nothing*"), "nothing*"),
        (("--operations", "listBooks,showBok"), "'showBok' fits no operation"),
        (("--include-check", "SIG-0001"), "SIG-0001"),
        (("--exclude-check", "replaid"), "replaid"),
        (("--exclude-check", "*"), "leave no check"),
        (("--known", "absent.txt"), "absent.txt"),
        (("--replay", "absent.json"), "absent.json"),
        (("--baseline", __file__), "no report.json"),
    ],
)
def test_options_that_make_no_sense(shelf_conformance: Command, options: tuple[str, ...], sentence: str) -> None:
    outcome = shelf_conformance("http://127.0.0.1:1", *options)
    assert (outcome.code, outcome.output) == (2, "")
    assert sentence in outcome.errors
    assert "Traceback" not in outcome.errors


def test_replay_of_another_version(conformance: Command, model: Callable[..., Model]) -> None:
    few = ("--operations", "listExams", "--include-check", "SIG-009")
    with serve(model("v3", WRONG)) as url:
        before = conformance(url, *few)
    assert before.code == 1
    outcome = conformance("http://127.0.0.1:1", "--api", "v1", "--replay", str(before.folder / "report.json"))
    assert (outcome.code, "--api v3" in outcome.errors) == (2, True)


@pytest.mark.slow
def test_coverage_says_what_was_reached_and_what_not(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf")) as url:
        outcome = shelf_conformance(url, "--operations", "addBook,listBooks", "--include-check", "SIG-00*,MOD-00*")
    reached = {one["operation"]: one for one in outcome.report["coverage"]}
    assert set(reached) == {"POST /books", "GET /books"}
    assert reached["POST /books"]["exercised"]
    assert set(reached["POST /books"]["statuses"]) >= {"200", "401", "403"}
    assert reached["GET /books"]["unsent"] == {"limit": "never sent"}
    only = ("--operations", "showBook", "--include-check", "SIG-002")
    with serve(model("shelf")) as url:
        outcome = shelf_conformance(url, *only, "--profile", "read-only")
    (silent,) = outcome.report["coverage"]
    assert not silent["exercised"]
    assert silent["why"]
    assert "not exercised" in (outcome.folder / "report.html").read_text("utf-8")


def test_results_are_json(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    with serve(model("shelf", WRONG)) as url:
        outcome = shelf_conformance(url, *FEW)
    sarif = json.loads((outcome.folder / "report.sarif").read_text("utf-8"))
    (run,) = sarif["runs"]
    assert sarif["version"] == "2.1.0"
    assert {result["properties"]["id"] for result in run["results"]} == ids(outcome.findings)
    assert {result["ruleId"] for result in run["results"]} <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["level"] for result in run["results"]} == {"error"}


def test_what_is_excluded_is_not_sent(shelf_conformance: Command, model: Callable[..., Model]) -> None:
    server = model("shelf")
    with serve(server) as url:
        outcome = shelf_conformance(url, "--operations", "removeBook", "--include-check", "MOD-030,SIG-001")
    assert outcome.code == 0, outcome.errors
    assert len(server.requests) < 10
    assert {result["id"] for result in outcome.report["results"]} == {"SIG-001 removeBook"}
