"""A sandbox that a program runs says which requests were made, and changes its network meanwhile."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from procwise import Client, NotFoundError, RetryPolicy, UnauthorizedError, Upload
from procwise_sandbox import Running, SandboxError, app, running


@pytest.fixture
def sandbox() -> Iterator[Running]:
    with running() as found:
        yield found


def client_of(sandbox: Running, token: str = "") -> Client:
    return Client(
        base_url=sandbox.base_url,
        token=token or sandbox.token,
        secret_key=sandbox.secret_key,
        max_retries=1,
        retry=RetryPolicy(first_wait=0.01, look_first=False),
    )


def test_requests_hold_parameters_of_all_places_but_no_signature_and_no_file(sandbox: Running) -> None:
    with client_of(sandbox) as client:
        client.exams.list(limit=2, sort=[{"name": "asc"}]).page(1)
        client.attachments.create(1, document=Upload(b"%PDF-1.4", name="seats.pdf"))
        client.exams.update(1, name="Näme")
    listed, uploaded, changed = sandbox.requests
    assert (listed.api, listed.operation, listed.method, listed.path) == ("v3", "listExams", "GET", "/api/v3/exams")
    assert listed.parameters == {"limit": "2", "page": "1", "sort": '[{"name":"asc"}]'}
    assert uploaded.parameters == {"exam_id": "1"}
    assert changed.parameters == {"id": "1", "name": "Näme"}
    assert {(made.status, made.verdict) for made in (listed, changed)} == {(200, "ok")}


def test_what_was_refused_is_there_too(sandbox: Running) -> None:
    with client_of(sandbox, token="x" * 32) as client, pytest.raises(UnauthorizedError):
        client.exams.show(1)
    with client_of(sandbox) as client, pytest.raises(NotFoundError):
        client.exams.show(4711)
    assert [(made.status, made.verdict) for made in sandbox.requests] == [(401, "unauthorized"), (404, "ok")]


@pytest.mark.parametrize(
    ("trouble", "status", "operation"), [("503=1x", 503, ""), ("drop=1x", 0, ""), ("lose=1x", 0, "showExam")]
)
def test_a_network_that_is_changed_meanwhile(sandbox: Running, trouble: str, status: int, operation: str) -> None:
    with client_of(sandbox) as client:
        client.exams.show(1)
        sandbox.set_network(trouble, "retry-after=0s")
        client.exams.show(1)
        sandbox.set_network("503=9x")
        sandbox.set_network()
        client.exams.show(1)
    seen = [(made.status, made.operation) for made in sandbox.requests]
    assert seen == [(200, "showExam"), (status, operation), (200, "showExam"), (200, "showExam")]


def test_a_network_may_be_there_from_the_start_and_end() -> None:
    with running(network="503=1.0") as sandbox:
        sandbox.set_network()
        with client_of(sandbox) as client:
            assert client.exams.show(1).id == 1


def test_a_wrong_trouble_is_refused_and_changes_nothing(sandbox: Running) -> None:
    sandbox.set_network("503=1.0")
    with pytest.raises(SandboxError, match="'rain=1x' says nothing of a network"):
        sandbox.set_network("rain=1x")
    address = urlsplit(sandbox.base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    connection.request("GET", "/api/v3/exams")
    assert connection.getresponse().status == 503
    connection.close()


def test_an_application_alone_records_nothing() -> None:
    """It may run for a long time in somebody's server."""
    assert app(page=False).state.recorder is None
