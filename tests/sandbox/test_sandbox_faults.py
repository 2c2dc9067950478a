"""Each named deviation is there when it is asked for, and the honest sandbox has none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from procwise_sandbox import running
from procwise_sandbox.faults import FAULTS
from tests.sandbox.sandbox_calls import Caller

HOURS_AGO = {"timestamp": 1_500_000_000_000}


def wrong_signature(demo: Caller, method: str) -> int:
    """The status of a request signed with another secret key."""
    exam = demo.call("POST", "/exams", {"name": "Statics", "type": "demo"}).json["exam"]["id"]
    other = Caller(demo.base_url, demo.token, "another-secret-key")
    return other.call(method, "/exams/{id}", id=exam).status


def replayed(demo: Caller, _: str) -> int:
    over = {"nonce": 4711}
    demo.call("GET", "/exams", over=over)
    return demo.call("GET", "/exams", over=over).status


def stale(demo: Caller, _: str) -> int:
    return demo.call("GET", "/exams", over=HOURS_AGO).status


ATTEMPTS: Mapping[str, tuple[Callable[[Caller, str], int], str]] = {
    "signature-ignored": (wrong_signature, "GET"),
    "signature-ignored-on-delete": (wrong_signature, "DELETE"),
    "timestamp-ignored": (stale, ""),
    "nonce-reuse-accepted": (replayed, ""),
}


def test_every_fault_is_tried() -> None:
    assert ATTEMPTS.keys() == FAULTS.keys()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_lets_pass_what_the_honest_sandbox_refuses(fault: str) -> None:
    attempt, method = ATTEMPTS[fault]
    for faults, status in ((), 403), ((fault,), 200):
        with running(faults=faults) as sandbox:
            assert attempt(Caller(sandbox.base_url, sandbox.token, sandbox.secret_key), method) == status


def test_one_fault_is_no_other() -> None:
    with running(faults=["signature-ignored-on-delete"]) as sandbox:
        demo = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
        assert wrong_signature(demo, "GET") == 403
        assert replayed(demo, "") == 403
        assert stale(demo, "") == 403
