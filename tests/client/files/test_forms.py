"""Forms with files: how far they are, what cannot be read, and what is left when nothing is passed."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import procwise
from procwise import Progress, Upload
from tests.client.descriptions import describe_paths, generate_package, json_responses, run
from tests.client.files.file_server import Caller, caller

__all__ = ["caller"]
CHUNK = 64 * 1024


def create(caller: Caller, server: Any, document: Any, **options: Any) -> Any:
    return caller.call(server, "create", 17, document=document, resource="attachments", **options)


def take(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(201, json={"attachment": {"id": 31}})


@pytest.mark.parametrize("kind", ["bytes", "path", "file"])
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(0, 4 * CHUNK))
def test_progress_of_an_upload_ends_with_all_of_it(caller: Caller, tmp_path: Path, kind: str, size: int) -> None:
    (tmp_path / "a.png").write_bytes(bytes(size))
    makers: dict[str, Callable[[], Any]] = {
        "bytes": lambda: bytes(size),
        "path": lambda: tmp_path / "a.png",
        "file": lambda: io.BytesIO(bytes(size)),
    }
    seen: list[Progress] = []
    create(caller, take, Upload(makers[kind](), name="a.png", progress=seen.append))
    done = [one.done for one in seen]
    assert done == sorted(set(done))
    assert all(later - earlier <= CHUNK for earlier, later in itertools.pairwise(done))
    assert seen[-1] == Progress(stage="upload", done=size, total=size)


def test_progress_is_reported_where_the_call_is_made(caller: Caller) -> None:
    threads: set[int] = set()
    create(caller, take, Upload(bytes(CHUNK * 3), progress=lambda _: threads.add(threading.get_ident())))
    assert threads == {threading.get_ident()}


def test_an_upload_that_is_sent_once_more_begins_anew(caller: Caller) -> None:
    troubles = [httpx2.ConnectError("refused")] * 2

    def serve(request: httpx2.Request) -> httpx2.Response:
        if troubles:
            raise troubles.pop()
        return take(request)

    seen: list[int] = []
    create(caller, serve, Upload(bytes(CHUNK * 2), progress=lambda one: seen.append(one.done)))
    assert [done for done in seen if done == CHUNK * 2] == [CHUNK * 2] * 3


class Stopped(Exception):
    """What a user's own function raises."""


def test_an_upload_is_ended_by_an_exception_of_its_progress(caller: Caller) -> None:
    def stop(progress: Progress) -> None:
        if progress.done:
            raise Stopped

    with pytest.raises(Stopped):
        create(caller, take, Upload(bytes(CHUNK * 9), progress=stop))


class Unreadable(io.BytesIO):
    """A file on a disk that fails after its first part."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().read(CHUNK)


def test_a_file_that_cannot_be_read_to_its_end_is_an_error_of_the_client(caller: Caller) -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"the file cannot be read .Input/output error"):
        create(caller, take, Upload(Unreadable(bytes(CHUNK * 9)), name="a.png"))


def test_a_form_of_which_nothing_is_left_is_refused(tmp_path: Path) -> None:
    """A list of files that is empty, and nothing else: a form without parts is no form."""
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    members = {"files": files, "note": {"type": "string"}}
    body = {"content": {"multipart/form-data": {"schema": {"type": "object", "properties": members}}}}
    operation = {"operationId": "sendFiles", "requestBody": body, "responses": json_responses({"type": "object"})}
    package = generate_package(
        describe_paths({"/files": {"post": {**operation, "x-client": {"resource": "files", "method": "send"}}}}),
        tmp_path,
    )
    program = """
import httpx2
import procwise

sent = []

def serve(request):
    sent.append(request.read())
    return httpx2.Response(200, json={})

http = httpx2.Client(transport=httpx2.MockTransport(serve))
client = procwise.Client(base_url="http://localhost", http=http)
for options in ({}, {"files": []}):
    try:
        client.files.send(**options)
    except procwise.InvalidArgument as error:
        print(error)
client.files.send(files=[], note="")
client.files.send(files=[b"a", b"b"])
print(len(sent), [body.count(b"Content-Disposition") for body in sent])
"""
    refused = "the form is empty (pass a value or a file)"
    assert run(program, package).splitlines() == [refused, refused, "2 [1, 2]"]
