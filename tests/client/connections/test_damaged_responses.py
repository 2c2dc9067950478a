"""JSON that was cut short is a response that was lost: reads are repeated, jobs go on, creations look first."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import EXAM, Recorder

JSON = {"Content-Type": "application/json"}


def cut(status: int = 200, content: bytes = b'{"exam": {"id": 17, "na') -> httpx2.Response:
    return httpx2.Response(status, content=content, headers=JSON)


@pytest.mark.parametrize("content", [b"{", b'{"exam": {"id": 17}', b'{"exam": {"name": "\xc3', b"\xff", b"]"])
def test_a_read_is_repeated(client: procwise.Client, server: Recorder, content: bytes) -> None:
    server.responses[:] = [cut(content=content), httpx2.Response(200, json={"exam": EXAM})]
    assert client.exams.show(17).id == 17
    assert len(server.requests) == 2


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf{}", b'{"exam": {"id": NaN}}', b'{"exam": {"name": "\\ud800"}}'])
def test_what_only_a_lenient_reader_takes_is_read_and_noted(
    client: procwise.Client, server: Recorder, content: bytes
) -> None:
    whole = content.replace(b"{}", b'{"exam": {}}')
    server.responses[:] = [cut(content=whole)]
    client.exams.show(17)
    assert len(server.requests) == 1
    assert any(one.expected == "JSON (RFC 8259)" for one in client.drift())


def test_a_change_is_not_repeated(client: procwise.Client, server: Recorder) -> None:
    server.responses[:] = [cut(), httpx2.Response(200, json={"exam": EXAM})]
    with pytest.raises(procwise.ResponseDamaged, match="it may have taken effect") as caught:
        client.exams.generate_documents_zip(17)
    assert caught.value.may_have_taken_effect
    assert len(server.requests) == 1


def test_a_creation_is_looked_for(client: procwise.Client, server: Recorder) -> None:
    stored: list[dict[str, Any]] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            pages = {"X-Pagination-Page-Count": "1", "X-Pagination-Item-Count": str(len(stored))}
            return httpx2.Response(200, json={"exams": stored}, headers=pages)
        stored.append({**EXAM, "name": "Botany"})
        return cut(201)

    server.responses[:] = [serve]
    made = client.exams.create(name="Botany", type="record_review")
    assert (made.id, len(stored)) == (17, 1)


def test_a_job_goes_on(client: procwise.Client, server: Recorder) -> None:
    looks = iter([b'{"zip_job_', b'{"zip_job_status": "running"}', b"{", b'{"zip_job_status": "success"}'])

    def serve(request: httpx2.Request) -> httpx2.Response:
        return cut(content=next(looks) if "status" in request.url.path else b"{}")

    server.responses[:] = [serve]
    client.exams.generate_documents_zip(17).wait(interval=0)
    assert next(looks, None) is None
