"""The examples of errors on a page are what the sandbox answers this operation, and among the causes that it lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.ir import thaw
from generator.layers.docs.samples import sample
from procwise_sandbox import Running, running
from tests.docs.built_site import Page
from tests.docs.program_runs import OPERATIONS
from tests.docs.test_reference import Described
from tests.sandbox.sandbox_calls import Caller, Reply
from tests.spec import read_apis

NOWHERE = 4711


def shown_errors(page: Page, code: str = "") -> list[dict[str, Any]]:
    """The errors in the tabs and rows of a page, those with that code."""
    blocks = [block for block in page.blocks if block.startswith("{") and '"code": ' in block and '"error": ' in block]
    return [error for error in map(json.loads, blocks) if code in ("", error["code"])]


def read_sentences(page: Page, code: str) -> set[str]:
    return {str(error["error"]).casefold() for error in shown_errors(page, code)}


@dataclass(frozen=True)
class PageCaller:
    """Calls operations with the values of their pages, in the rights that they need."""

    sandbox: Running

    def call(self, operation: Described, *, is_empty: bool = False, **ids: object) -> Reply:
        user = self.sandbox.superuser if operation.value.get("x-role") else self.sandbox.demo
        caller = Caller(self.sandbox.base_url, user.token, user.secret_key, operation.api)
        api = read_apis()[operation.api]
        shown = sample(api, next(one for one in api.operations if one.id == operation.value["operationId"]))
        body: Any = {} if is_empty else thaw(shown.body)
        path: dict[str, Any] = {name: ids.get("all", value) for name, value in shown.path.items()}
        query = {} if is_empty else {name: thaw(value) for name, value in shown.query.items()}
        if "multipart/form-data" in str(operation.value.get("requestBody")) and not is_empty:
            return caller.upload(operation.path, "a.txt", b"a", **path)
        return caller.call(operation.method.upper(), operation.path, body or None, query=query, **path)


@pytest.fixture(scope="module")
def page_caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageCaller]:
    with running(files=tmp_path_factory.mktemp("files")) as sandbox:
        yield PageCaller(sandbox)


def test_each_has_a_code_that_its_page_lists(site: Path) -> None:
    for operation in OPERATIONS:
        page = operation.page(site)
        listed = {code for anchor, row in page.rows.items() if anchor.startswith("error-") for code in row.codes}
        assert {error["code"] for error in shown_errors(page)} <= listed, page.title


def test_each_status_that_a_page_lists_has_an_example(site: Path) -> None:
    for operation in OPERATIONS:
        page = operation.page(site)
        statuses = [anchor for anchor in page.rows if anchor.startswith("error-")]
        assert len({json.dumps(error) for error in shown_errors(page)}) >= len(statuses), page.title


def test_what_is_not_found_is_the_object_of_the_path(site: Path, page_caller: PageCaller) -> None:
    seen: set[str] = set()
    for operation in OPERATIONS:
        if expected := read_sentences(operation.page(site), "record_not_found"):
            reply = page_caller.call(operation, all=NOWHERE)
            assert {reply.json["error"].casefold()} == expected, operation.path
            seen |= expected
    assert len(seen) > 4


def test_what_is_missing_is_a_required_parameter(site: Path, page_caller: PageCaller) -> None:
    seen: set[str] = set()
    for operation in OPERATIONS:
        if expected := read_sentences(operation.page(site), "parameter_missing"):
            reply = page_caller.call(operation, is_empty=True)
            missing = {f"param is missing or the value is empty: {name}" for name in reply.json["errors"]}
            assert (reply.status, expected <= missing) == (422, True), (operation.path, reply.json)
            seen |= expected
    assert len(seen) > 5
