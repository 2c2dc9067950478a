"""With `--self-check` every response is checked against the description, and a deviation is reported."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from procwise_sandbox import running
from procwise_sandbox.errors import ApiError
from procwise_sandbox.resources import listing
from procwise_sandbox.resources.crud import Crud
from procwise_sandbox.resources.exams.exams import Exams
from tests.sandbox.http.test_every_operation import call_every_operation
from tests.sandbox.sandbox_calls import Caller, send

SECRET = "an exam that nobody may know"


def test_what_the_sandbox_does_is_as_described() -> None:
    with running(self_check=True) as sandbox:
        call_every_operation(Caller(sandbox.base_url, sandbox.superuser.token, sandbox.superuser.secret_key))
        error = send(sandbox.base_url, "GET", "/api/v3/exams")
        assert error.status == 401
        assert send(sandbox.base_url, "GET", "/nothing").status == 404


def _wrong_type(_self: Crud, _call: object, _row: object, members: dict[str, Any]) -> None:
    members["name"] = {"secret": SECRET}


def _drop_id(_self: Crud, _call: object, _row: object, members: dict[str, Any]) -> None:
    del members["id"]


def _teapot(_self: Crud, _call: object, _row: object, _members: object) -> None:
    raise ApiError(418, "teapot", SECRET)


@pytest.mark.parametrize(
    ("broken", "pointer", "reason", "status"),
    [
        (_wrong_type, "/exam/name", "breaks type", 200),
        (_drop_id, "/exam", "breaks required: id is missing", 200),
        (_teapot, "#status", "is not described", 418),
    ],
)
def test_a_deviation_is_reported_with_its_place(
    broken: Callable[..., None],
    pointer: str,
    reason: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(Exams, "after_serialize", broken)
    with running(self_check=True) as sandbox:
        content = _create(sandbox.base_url, sandbox.token, sandbox.secret_key)
        assert (content.status, content.code) == (500, "self_check_failed")
        where = {"operation": "v3 createExam", "status": status, "pointer": pointer, "reason": reason}
        assert content.json["deviation"] == where
        assert SECRET.encode() not in content.content
    (logged,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert logged == f"self-check: v3 createExam answered {status}: {pointer} {reason}"


def test_nothing_is_checked_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Exams, "after_serialize", _teapot)
    with running() as sandbox:
        assert _create(sandbox.base_url, sandbox.token, sandbox.secret_key).status == 418


@pytest.mark.parametrize(
    ("change", "reason"),
    [(lambda name: {}, "is missing"), (lambda name: {name: "many"}, "is not as described")],
    ids=["missing", "wrong"],
)
def test_headers_are_checked_too(
    change: Callable[[str], Mapping[str, str]], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_page = listing.fetch_page

    def page(*arguments: Any) -> listing.Page:
        result = true_page(*arguments)
        name = next(name for name in result.headers if name.lower() == "x-pagination-page-count")
        rest = {key: value for key, value in result.headers.items() if key != name}
        return listing.Page(result.rows, {**rest, **change(name)})

    monkeypatch.setattr(listing, "fetch_page", page)
    with running(self_check=True) as sandbox:
        content = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key).call("GET", "/exams")
        assert content.json["deviation"]["pointer"].lower() == "#x-pagination-page-count"
        assert content.json["deviation"]["reason"] == reason


def _create(base_url: str, token: str, secret_key: str) -> Any:
    return Caller(base_url, token, secret_key).call("POST", "/exams", {"name": SECRET, "type": "demo"})
