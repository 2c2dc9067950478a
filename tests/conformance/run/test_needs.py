"""What a run did not try is named with the options that it takes, and whoever pastes them has it tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import Response

from procwise_conformance.api import Credentials
from procwise_conformance.context import WorkItem
from procwise_conformance.plan import FULL_PROFILE, SECOND_USER, SUPERUSER, Plan
from procwise_conformance.results import FULL, READ_ONLY, Profile, Reached, Result
from procwise_conformance.run.needs import find_needs
from procwise_conformance.run.phases import work_items
from procwise_conformance.versions import APIS
from tests.conformance.conftest import Command, Outcome
from tests.conformance.servers.model_objects import Called
from tests.conformance.servers.model_server import Model, serve

USER = Credentials(token="made-up", secret_key="made-up")
WHOLE = Plan(api=APIS["v3"], url="http://127.0.0.1:9", credentials=USER, second=USER, superuser=USER)
READS = ("--profile", "read-only", "--max-examples", "2")


def reach(operation: str, needs: str = "") -> Reached:
    return Reached(
        operation=operation,
        exercised=False,
        why="every request was refused: 404 (7)",
        requests=7,
        statuses={"404": 7},
        unanswered=(),
        parameters=0,
        unsent={},
        values=0,
        untried={},
        needs=needs,
    )


def skip(id_: str, observed: str, unit: str, **values: Any) -> Result:
    result = Result(id=id_, layer="model", check="x", operation="GET /exams", level="MUST", clause="", status="skipped")
    return replace(result, observed=observed, unit=unit, **values)


def find_creation(operation: str) -> WorkItem:
    """The work item that checks what an operation creates."""
    items = (item for item in work_items(WHOLE) if item.name.startswith("creation "))
    return next(item for item in items if operation in item.operations)


def options(plan: Plan, *results: Result, coverage: tuple[Reached, ...] = ()) -> dict[str, dict[str, tuple[str, ...]]]:
    """What is not tried, by the options."""
    return {need.options or need.why: dict(need.untried) for need in find_needs(plan, results, coverage)}


def test_nothing_is_needed_where_everything_was_tried() -> None:
    assert options(WHOLE) == {}


def test_a_second_user_and_a_superuser_are_needed_for_their_checks() -> None:
    second = options(replace(WHOLE, second=None))
    assert {"SIG-156", "SCH-012"} & {check for checks in second[SECOND_USER].values() for check in checks}
    assert len(second) == 1
    assert len(options(replace(WHOLE, superuser=None))) <= 1


@pytest.mark.parametrize("profile", [READ_ONLY, FULL])
def test_the_profile_is_needed_for_every_operation_that_writes(profile: Profile) -> None:
    needed = options(replace(WHOLE, profile=profile)).get(FULL_PROFILE, {})
    writing = {operation.label for operation in WHOLE.api.operations if not operation.safe}
    assert (writing <= needed.keys()) == (profile == READ_ONLY)
    assert all(needed.values())


def test_ids_are_one_line_since_the_option_is_given_once() -> None:
    silent = (reach("GET /a", "--ids a=…,b=…"), reach("GET /b", "--ids c=…,b=…"), reach("PUT /c"))
    needed = options(WHOLE, coverage=silent)
    assert [*needed] == ["--ids a=…,b=…,c=…", "it never responded with success: every request was refused: 404"]
    assert [*needed["--ids a=…,b=…,c=…"]] == ["GET /a", "GET /b"]
    assert "--ids d=4,a=…,b=…,c=…" in options(replace(WHOLE, ids="d=4"), coverage=silent)


def test_what_was_not_begun_in_time_is_named_check_by_check() -> None:
    item = find_creation("POST /exams")
    late = skip(f"RUN-000 {item.name}", "the time is up", item.id, operation=item.name)
    (needed,) = options(WHOLE, late).values()
    assert set(needed) == set(item.operations)
    assert {"MOD-001"} <= set(needed["POST /exams"])


def test_a_theme_that_ended_early_names_what_it_takes() -> None:
    item = find_creation("POST /institutes")
    early = skip("MOD-000 createInstitute", f"{item.name}: no superuser", item.id, detail=item.name, needs=SUPERUSER)
    tried = skip("MOD-001 createInstitute", "tried", item.id, operation="POST /institutes")
    needed = options(WHOLE, early, replace(tried, status="passed"))
    assert "MOD-001" not in needed[SUPERUSER]["POST /institutes"]
    (need,) = find_needs(WHOLE, [replace(early, needs="")], ())
    assert (need.options, need.why) == ("", "no superuser")


def test_what_was_left_out_on_purpose_is_named() -> None:
    (left,) = options(replace(WHOLE, chosen=("showExam",))).values()
    assert "GET /exams" in left
    assert "GET /exams/{id}" not in left or len(left) > 1


class Hidden(Model):
    """Books that its list does not show."""

    def list(self, called: Called) -> Response:
        kept, self.objects["books"] = self.objects.get("books", {}), {}
        try:
            return super().list(called)
        finally:
            self.objects["books"] = kept


def find_line(outcome: Outcome, operation: str) -> tuple[bool, str]:
    """Whether an operation had a success, and the options that it asks for."""
    (row,) = [one for one in outcome.report["coverage"] if one["operation"] == operation]
    return row["exercised"], row["needs"]


@pytest.mark.slow
def test_who_pastes_an_id_has_a_server_tried_that_shows_none(
    shelf_conformance: Command, model: Callable[..., Model]
) -> None:
    server = Hidden(model("shelf").api, model("shelf").users, frozenset())
    with serve(server) as url:
        server.objects["books"] = {12: server.example(server.api.operation("addBook")) | {"id": 12}}
        before = shelf_conformance(url, *READS)
        exercised, line = find_line(before, "GET /books/{id}")
        assert not exercised
        assert line.startswith("--ids ")
        assert line.endswith("=…")
        assert line in before.output
        assert line in (before.folder / "report.html").read_text("utf-8")
        after = shelf_conformance(url, *READS, *line.replace("…", "12").split())
    assert find_line(after, "GET /books/{id}") == (True, "")
    assert {method for method, _ in server.requests} == {"GET"}
    assert after.findings == []
    assert {need["options"] for need in after.report["needs"]} >= {FULL_PROFILE, SECOND_USER}
