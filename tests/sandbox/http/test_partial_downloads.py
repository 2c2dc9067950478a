"""Downloads of a part of the zip, as clients ask that continue a broken one."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest

from tests.sandbox.sandbox_calls import Caller, NewExam, Reply, send

START, STATUS, FETCH = (f"/exams/{{id}}/{verb}_exam_documents_zip" for verb in ("generate", "status", "download"))


@pytest.fixture(scope="module")
def exam(demo: Caller, new_exam: NewExam) -> int:
    created: int = new_exam()["id"]
    demo.call("PUT", START, id=created)
    for _ in range(200):
        if demo.call("GET", STATUS, id=created).json["zip_job_status"] == "success":
            return created
        time.sleep(0.05)
    raise AssertionError("the job takes too long")


def fetch(demo: Caller, exam: int, part: str | None = None) -> Reply:
    """Every try is a request of its own, with its own nonce."""
    query = urlencode(demo.sign(demo.stamp(), path={"id": exam}))
    headers = {**demo.authorization, **({} if part is None else {"Range": part})}
    return send(demo.base_url, "GET", f"/api/v3{FETCH.format(id=exam)}?{query}", headers)


def test_parts_are_the_bytes_of_the_whole(demo: Caller, exam: int) -> None:
    whole = fetch(demo, exam)
    size = len(whole.content)
    assert (whole.status, whole.headers["accept-ranges"], size > 100) == (200, "bytes", True)
    for part, first, last in (("0-9", 0, 9), (f"{size // 2}-", size // 2, size - 1), ("-7", size - 7, size - 1)):
        content = fetch(demo, exam, f"bytes={part}")
        assert (content.status, content.content) == (206, whole.content[first : last + 1])
        assert content.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert content.headers["content-type"] == "application/zip"


def test_a_part_beyond_the_end_is_416(demo: Caller, exam: int) -> None:
    size = len(fetch(demo, exam).content)
    content = fetch(demo, exam, f"bytes={size}-")
    assert (content.status, content.code) == (416, "range_not_satisfiable")
    assert content.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize("path", [FETCH, STATUS, "/exams/{id}"])
def test_the_head_is_that_of_the_whole(demo: Caller, exam: int, path: str) -> None:
    whole, head = (demo.call(method, path, id=exam) for method in ("GET", "HEAD"))
    assert (head.status, head.content) == (200, b"")
    assert len(whole.content) == int(head.headers["content-length"])
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert send(demo.base_url, "HEAD", f"/api/v3{path.format(id=exam)}", demo.authorization).status == 403


def test_where_nothing_is_read_there_is_no_head(demo: Caller, exam: int) -> None:
    reply = send(demo.base_url, "HEAD", f"/api/v3{START.format(id=exam)}", demo.authorization)
    assert (reply.status, reply.headers["allow"]) == (405, "PUT")


@pytest.mark.parametrize("part", ["bytes=x", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "items=0-1", "0-1", ""])
def test_what_is_no_single_range_is_ignored(demo: Caller, exam: int, part: str) -> None:
    whole, part_of_it = fetch(demo, exam), fetch(demo, exam, part)
    assert (part_of_it.status, part_of_it.content) == (200, whole.content)


def test_a_part_wants_a_signature_as_the_whole_does(demo: Caller, exam: int) -> None:
    headers = {**demo.authorization, "Range": "bytes=0-9"}
    assert send(demo.base_url, "GET", f"/api/v3{FETCH.format(id=exam)}", headers).status == 403
