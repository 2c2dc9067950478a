"""What happens on sockets: slow and broken servers, packed responses, event loops, and what must not be logged."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

import procwise
from tests.client.conftest import AT_ONCE, EXAM, SECRET_KEY, TOKEN, Recorder

BODY = json.dumps({"exam": EXAM}).encode()
Reply = Callable[[socket.socket], None]


def whole(body: bytes = BODY, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@contextmanager
def serve(*replies: Reply, seen: list[bytes] | None = None) -> Iterator[str]:
    """A server that gives each response to one request, in a connection of its own; `seen` gets the requests."""
    requests = [] if seen is None else seen
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reply_to_each() -> None:
            for reply in replies:
                connection, _ = listener.accept()
                with connection:
                    requests.append(read_request(connection))
                    reply(connection)

        thread = threading.Thread(target=reply_to_each, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(30)
        assert not thread.is_alive()


def read_request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        part = connection.recv(65536)
        if not part:
            break
        request += part
    return request


def client_of(url: str, **settings: Any) -> procwise.Client:
    return procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=url, **{"retry": AT_ONCE, **settings})


def drip(connection: socket.socket, content: bytes) -> None:
    try:
        for byte in content:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)
    except OSError:
        return  # the client has given up, as it should


@pytest.mark.parametrize("start", [b"", whole()[: -len(BODY)]], ids=["headers", "body"])
def test_a_server_that_drips_is_given_up(start: bytes) -> None:
    """Every byte comes in time, but all of them would take some ten seconds."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(start)
        drip(connection, whole()[len(start) :])

    with serve(reply) as url, client_of(url, timeout=0.5, max_retries=0) as client:
        started = time.monotonic()
        with pytest.raises(procwise.TimedOut):
            client.exams.show(17)
        assert time.monotonic() - started < len(whole()[len(start) :]) * 0.05


def test_a_server_that_drips_is_given_up_by_async_clients_too() -> None:
    async def work(url: str) -> None:
        client = procwise.AsyncClient(token=TOKEN, secret_key=SECRET_KEY, base_url=url, timeout=0.5, max_retries=0)
        async with client:
            await client.exams.show(17)

    with serve(lambda connection: drip(connection, whole())) as url, pytest.raises(procwise.TimedOut):
        asyncio.run(work(url))


def test_a_kept_connection_that_the_server_closes_is_no_error() -> None:
    """The server reads the second request of the connection, and closes it without a response."""

    def close_at_second(connection: socket.socket) -> None:
        connection.sendall(whole())
        read_request(connection)

    with serve(close_at_second, lambda connection: connection.sendall(whole())) as url, client_of(url) as client:
        assert [client.exams.show(17).id for _ in range(2)] == [17, 17]


def gzip_response(size: int) -> httpx2.Response:
    content = gzip.compress(json.dumps({"exam": {**EXAM, "name": "n" * size}}).encode())
    return httpx2.Response(200, stream=httpx2.ByteStream(content), headers=PACKED)


PACKED = {"Content-Encoding": "gzip", "Content-Type": "application/json"}


def test_a_packed_response_is_unpacked(client: procwise.Client, server: Recorder) -> None:
    server.responses.append(gzip_response(100_000))
    assert len(client.exams.show(17).name) == 100_000
    assert server.last.headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("bare", [True, False])
def test_deflate_comes_with_and_without_its_header(client: procwise.Client, server: Recorder, bare: bool) -> None:
    content = zlib.compress(BODY)
    stream = httpx2.ByteStream(content[2:-4] if bare else content)
    server.responses.append(httpx2.Response(200, stream=stream, headers={**PACKED, "Content-Encoding": "deflate"}))
    assert client.exams.show(17).id == 17


@pytest.mark.slow
def test_a_response_that_unpacks_to_too_much_is_bounded(client: procwise.Client, server: Recorder) -> None:
    import tracemalloc

    server.responses.append(gzip_response(300_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(procwise.ResponseTooLarge, match="64 MiB") as caught:
            client.exams.destroy(17)
        assert caught.value.may_have_taken_effect
        assert tracemalloc.get_traced_memory()[1] < 150 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("fault", [lambda content: content[:-20], lambda content: content[:20] + b"?" + content[21:]])
def test_a_packed_response_that_is_cut_or_damaged_is_an_error(
    client: procwise.Client, server: Recorder, fault: Callable[[bytes], bytes]
) -> None:
    content = fault(gzip.compress(BODY))
    server.responses.append(lambda _: httpx2.Response(200, stream=httpx2.ByteStream(content), headers=PACKED))
    with pytest.raises(procwise.ConnectionFailed, match="gzip data is"):
        client.exams.show(17)


def test_a_packed_file_that_is_cut_is_an_error(client: procwise.Client, server: Recorder, tmp_path: Path) -> None:
    content = gzip.compress(bytes(range(256)) * 400)[:-50]
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/zip"}
    server.responses.append(lambda _: httpx2.Response(200, stream=httpx2.ByteStream(content), headers=headers))
    with pytest.raises(procwise.ConnectionFailed, match="cut short"):
        client.exams.download_documents_zip(5, tmp_path / "a.zip")
    assert not list(tmp_path.iterdir())


def test_control_characters_of_a_server_are_escaped(client: procwise.Client, server: Recorder) -> None:
    server.reply(422, {"error": "\x1b[31mred\u202e", "code": "\x1b]0;x\x07", "errors": {"na\x1bme": ["\x9b2J"]}})
    with pytest.raises(procwise.APIStatusError) as caught:
        client.exams.show(17)
    assert str(caught.value).isprintable()
    assert "\\x1b[31mred" in str(caught.value)


@pytest.mark.parametrize("body", [{"errors": {"email": ["is invalid"]}}, {"email": ["is invalid"]}])
def test_a_422_names_its_fields_with_or_without_a_code(
    client: procwise.Client, server: Recorder, body: dict[str, object]
) -> None:
    server.reply(422, body)
    with pytest.raises(procwise.UnprocessableContentError, match="email: is invalid") as caught:
        client.exams.update(17, name="n")
    assert caught.value.errors == {"email": ["is invalid"]}


@pytest.mark.parametrize("number", [None, True, "", " ", 1.5, [], {}, ".."])
def test_what_is_no_id_is_refused_by_name(client: procwise.Client, server: Recorder, number: Any) -> None:
    with pytest.raises(procwise.InvalidArgument, match=r"^id="):
        client.exams.show(number)
    with pytest.raises(procwise.InvalidArgument, match=r"^exam_id="):
        list(client.student_sessions.list_for_exam(number))
    assert not server.requests


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_an_async_client_works_in_a_second_event_loop() -> None:
    def twice(connection: socket.socket) -> None:
        connection.sendall(whole())

    async def work(client: procwise.AsyncClient) -> Any:
        return (await client.exams.show(17)).id

    with serve(twice, twice) as url:
        client = procwise.AsyncClient(token=TOKEN, secret_key=SECRET_KEY, base_url=url)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            assert [asyncio.run(work(client)) for _ in range(2)] == [17, 17]


def test_netrc_is_never_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login planted password planted\ndefault login planted password planted\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    seen: list[bytes] = []
    reply: Reply = lambda connection: connection.sendall(whole())  # noqa: E731
    with serve(reply, seen=seen) as url, client_of(url) as client:
        client.exams.show(17)
    assert f"authorization: token token={TOKEN}".encode() in seen[0].lower()
    assert b"basic" not in seen[0].lower()


def test_no_library_logs_a_signature_or_a_filter(caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps({"exams": []}).encode()
    reply: Reply = lambda connection: connection.sendall(whole(body, "X-Pagination-Page-Count: 0"))  # noqa: E731
    with caplog.at_level(logging.DEBUG), httpx2.Client() as http:
        for client in (None, http):
            with serve(reply) as url, client_of(url, http=client) as one:
                list(one.exams.list(filter={"name": {"eq": "Planted Name"}}))
    assert {record.name.partition(".")[0] for record in caplog.records} >= {"httpx2", "httpcore2", "procwise"}
    for secret in ("signature=", "Planted", "Planted%20Name", TOKEN, SECRET_KEY):
        assert not any(secret in record.getMessage() for record in caplog.records)


def test_a_hook_that_raises_for_an_error_status_hides_nothing_and_shows_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It raises with the URL, which holds the signature and the filter."""
    http = httpx2.Client(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(404, json={})),
        event_hooks={"response": [lambda response: response.raise_for_status()]},
    )
    pages = client_of("http://127.0.0.1:9", http=http).exams.list(filter={"name": {"eq": "Planted Name"}})
    with caplog.at_level(logging.DEBUG), pytest.raises(procwise.NotFoundError) as caught:
        next(iter(pages))
    assert caught.value.attempts == 1
    assert not any(word in text for word in ("signature=", "Planted") for text in (str(caught.value), caplog.text))


def test_a_reason_of_the_http_library_shows_no_query() -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError(f"nothing from '{request.url}'")

    http = httpx2.Client(transport=httpx2.MockTransport(fail))
    with pytest.raises(procwise.ConnectionFailed) as caught:
        client_of("http://127.0.0.1:9", http=http).exams.show(17)
    assert "signature=" not in str(caught.value)


def test_headers_of_an_error_show_nothing_that_was_sent() -> None:
    def echo(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(403, json={}, headers={"Link": f"<{request.url}>; rel=next"})

    http = httpx2.Client(transport=httpx2.MockTransport(echo))
    with pytest.raises(procwise.ForbiddenError) as caught:
        client_of("http://127.0.0.1:9", http=http).exams.show(17)
    assert "signature=***" in caught.value.headers["link"]
