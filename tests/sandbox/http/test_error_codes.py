"""Every code that the sandbox sends is in the catalogue of the description, with that status; and it sends them all."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

import procwise_sandbox
from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller, Reply, send
from tests.spec import read_project

CATALOGUES = {api.name: {e.code: e for e in api.errors} for api in read_project().apis}
# what the sandbox refuses on its own account, whatever API it serves; its readme lists them apart
OWN = {
    "unreadable": 400,
    "origin_refused": 400,
    "preflight_refused": 400,
    "not_acceptable": 406,
    "request_timeout": 408,
    "target_too_long": 414,
    "unsupported_media_type": 415,
    "headers_too_large": 431,
    "self_check_failed": 500,
    "not_implemented": 501,
    "too_many_connections": 503,
    "server_stops": 503,
    "database_busy": 503,
    "storage_unavailable": 503,
    "storage_full": 507,
}
LIMIT = 5000


class Broken(Exception):
    """What the clock of the sandbox fails with."""


@pytest.fixture(scope="module")
def failures() -> list[bool]:
    """Whether the sandbox fails inside; empty while it does not."""
    return []


@pytest.fixture(scope="module")
def fragile(failures: list[bool]) -> Iterator[Caller]:
    def clock() -> float:
        if failures:
            failures.clear()  # the response holds the time as well
            raise Broken
        return time.time()

    with running(clock=clock, body_limit=LIMIT) as sandbox:
        yield Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)


def without(caller: Caller, name: str) -> Reply:
    """A request that lacks one of the three signing parameters."""
    stamped = {key: value for key, value in caller.stamp().items() if key != name}
    params = {key: value for key, value in caller.sign(stamped).items() if key != name}
    return send(caller.base_url, "GET", f"/api/v3/exams?{urlencode(params)}", caller.authorization)


def reuse_nonce(caller: Caller) -> Reply:
    nonce = caller.stamp()["nonce"]
    caller.call("GET", "/exams", over={"nonce": nonce})
    return caller.call("GET", "/exams", over={"nonce": nonce})


def post_exam(caller: Caller, body: bytes) -> Reply:
    target = f"/api/v3/exams?{urlencode(caller.sign(caller.stamp()))}"
    return send(caller.base_url, "POST", target, {**caller.authorization, "Content-Type": "application/json"}, body)


def destroy_provider(caller: Caller) -> Reply:
    """The attempt to delete the tool provider that an exam of the demo user shows a tool of."""
    provider = caller.call("GET", "/tool_providers").json["tool_providers"][-1]["id"]
    return caller.call("DELETE", "/tool_providers/{id}", id=provider)


EXAM = {"name": "n", "type": "demo"}
SENT: dict[str, Callable[[Caller], Reply]] = {
    "unauthorized": lambda caller: replace(caller, token="nobody").call("GET", "/exams"),
    "forbidden": lambda caller: caller.call("POST", "/institutes", {"name": "n", "short_name": "n"}),
    "signature_missing": lambda caller: without(caller, "signature"),
    "signature_invalid": lambda caller: replace(caller, secret_key="x").call("GET", "/exams"),
    "timestamp_missing": lambda caller: without(caller, "timestamp"),
    "timestamp_invalid": lambda caller: caller.call("GET", "/exams", over={"timestamp": "noon"}),
    "timestamp_outside_window": lambda caller: caller.call("GET", "/exams", over={"timestamp": 1}),
    "nonce_missing": lambda caller: without(caller, "nonce"),
    "nonce_invalid": lambda caller: caller.call("GET", "/exams", over={"nonce": "x" * 256}),
    "nonce_used": reuse_nonce,
    "record_not_found": lambda caller: caller.call("GET", "/exams/{id}", id=4711),
    "path_not_found": lambda caller: caller.call("GET", "/rooms"),
    "zip_not_ready": lambda caller: caller.call("GET", "/exams/{id}/download_exam_documents_zip", id=2),
    "method_not_allowed": lambda caller: caller.call("DELETE", "/exams"),
    "body_too_large": lambda caller: post_exam(caller, b" " * (LIMIT + 1)),
    "unreadable": lambda caller: post_exam(caller, b"{"),
    "parameter_missing": lambda caller: caller.call("POST", "/exams", {"type": "demo"}),
    "validation_failed": lambda caller: caller.call("POST", "/exams", {**EXAM, "type": "none"}),
    "locked": destroy_provider,
    "internal_error": lambda caller: caller.call("GET", "/exams"),
}


@pytest.mark.parametrize("code", SENT)
def test_the_code_comes_with_its_status(code: str, fragile: Caller, failures: list[bool]) -> None:
    failures[:] = [True] if code == "internal_error" else []
    reply = SENT[code](fragile)
    failures.clear()
    assert reply.code == code
    assert reply.status in CATALOGUES["v3"][code].statuses


def test_the_sandbox_sends_every_code_of_the_catalogue() -> None:
    assert {*SENT} == {*CATALOGUES["v1"]} == {*CATALOGUES["v3"]}


def codes_in_source() -> Iterator[tuple[str, int, str]]:
    """Every code that stands in the program of the sandbox, with its status and the place."""
    for path in Path(procwise_sandbox.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if node.func.id == "ApiError" and len(values) > 1:
                yield str(values[1]), int(str(values[0])), f"{path.name}:{node.lineno}"
            elif node.func.id == "forbidden" and values and values[0] == getattr(node.args[0], "value", None):
                yield str(values[0]), 403, f"{path.name}:{node.lineno}"


def test_no_code_is_written_that_the_catalogue_lacks() -> None:
    result = list(codes_in_source())
    assert len(result) > 20
    for code, status, place in result:
        if OWN.get(code) == status:
            continue
        assert all(status in codes[code].statuses for codes in CATALOGUES.values() if code in codes), place
        assert all(code in codes for codes in CATALOGUES.values()), place


def test_the_readme_lists_them(root: Path) -> None:
    page = (root / "generated/sandbox/README.md").read_text("utf-8").replace("\\_", "_").replace("&#95;", "_")
    table = page.partition("| status | codes |")[2]
    for code, error in CATALOGUES["v3"].items():
        row = next(line for line in table.splitlines() if line.startswith(f"| {error.statuses[0]} |"))
        assert f">{code}<" in row


def test_the_readme_lists_those_of_the_sandbox_itself(root: Path) -> None:
    page = (root / "generated/sandbox/README.md").read_text("utf-8").replace("\\_", "_").replace("&#95;", "_")
    table = page.partition("The sandbox itself has these errors")[2]
    for code, status in OWN.items():
        assert f"`{code}`" in next(line for line in table.splitlines() if line.startswith(f"| {status} |"))
    assert OWN.items() >= {(code, status) for code, status, _ in codes_in_source() if code not in CATALOGUES["v3"]}
