"""What a list says of the number of its items, wherever that stands, is held to the items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from requests import PreparedRequest

from procwise_conformance.api import Operation
from procwise_conformance.http.caller import Response
from procwise_conformance.stateful.check_run import Exchange
from procwise_conformance.stateful.lists.totals import list_totals
from tests.conformance.conftest import USERS, command
from tests.conformance.foreign.pantry import Pantry
from tests.conformance.foreign.test_derived_from_paths import describe_list, read
from tests.conformance.foreign.test_no_false_alarms import describe, share_packages
from tests.conformance.servers.model_server import serve

INTEGER, OBJECT = {"type": "integer"}, {"type": "object", "properties": {"total": {"type": "integer"}}}
TOTALS = ("--operations", "jarsIndex,jarsCreate", "--include-check", "MOD-038")


class PageCounter(Pantry):
    """Counts what is on the page."""

    def count(self, fitting: list[Any], page: list[Any]) -> int:
        return len(page)


class ShelflessCounter(Pantry):
    """Counts the jars of a user on whatever shelf."""

    def count(self, fitting: list[Any], page: list[Any]) -> int:
        owners = {self.owners[jar["jarId"]] for jar in fitting}
        return sum(1 for name in self.jars if self.owners[name] in owners)


@pytest.mark.parametrize(
    ("sent", "headers", "members", "expected"),
    [
        ({"x-total-count": "3"}, ["X-Total-Count"], {}, [("items", 3, True)]),
        ({"x-wp-total": "3", "x-wp-totalpages": "2"}, ["X-WP-Total"], {}, [("items", 3, True), ("pages", 2, False)]),
        ({"content-range": "things 0-1/3"}, ["Content-Range"], {}, [("items", 3, True)]),
        ({"x-total-count": "many", "content-length": "7"}, ["X-Total-Count"], {}, []),
        ({"total": 3}, [], {"total": INTEGER}, [("items", 3, True)]),
        ({"count": 3}, [], {"count": INTEGER}, [("items or page", 3, True)]),
        ({"meta": {"page": {"totalElements": 3}}}, [], {"meta": OBJECT}, [("items", 3, False)]),
        ({"meta": {"total": 3}}, [], {"meta": OBJECT}, [("items", 3, True)]),
        (
            {"total_things": 3, "thing_count": 2},
            [],
            {"total": INTEGER},
            [("items", 3, False), ("items or page", 2, False)],
        ),
        ({"limit": 3, "total": 4.5, "total_count": True}, [], {"total": INTEGER}, []),
    ],
)
def test_totals_are_known_by_names(
    tmp_path: Path, sent: dict[str, Any], headers: list[str], members: dict[str, Any], expected: list[Any]
) -> None:
    document = describe_list({"limit": "integer"}, headers, members)
    operation = cast(Operation, read(tmp_path, document).operation("list"))
    text = json.dumps({"items": [], **sent} if members else [])
    response = Response(status=200, media_type="application/json", date="", text=text, headers={} if members else sent)
    page = Exchange(operation=operation, request=PreparedRequest(), response=response)
    assert [(one.kind, one.value, one.described) for one in list_totals(page)] == expected


@pytest.mark.slow
def test_a_described_header_is_held_to_the_items(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No `x-pagination` says that the header counts; its name does, and the description that it comes."""
    packages = share_packages(tmp_path_factory, "pantry", "form")
    scheme: Mapping[str, Any] = describe("pantry", "form")["components"]["securitySchemes"]["Seal"]["x-signing"]
    found = {}
    for kind in (PageCounter, ShelflessCounter):
        with serve(kind(USERS, scheme)) as url:
            outcome = command(packages, tmp_path_factory.mktemp("run"))(url, *TOTALS)
        found[kind] = {(one["id"], one["level"]) for one in outcome.findings}
    assert found == {kind: {("MOD-038 jarsIndex", "SHOULD")} for kind in (PageCounter, ShelflessCounter)}
