"""Files that are uploaded: byte for byte, streamed, signed without the file, and never read on the event loop."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import io
import os
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings, strategies as st

import procwise
from procwise import Uploadable
from procwise_sandbox import running
from tests.client.conftest import BASE_URL, SECRET_KEY, TOKEN, Recorder

ROOT = Path(__file__).parents[3]
PICTURE = bytes(range(256)) * 700 + b"\r\n--boundary--\r\n+++"
MEGABYTE = 1024 * 1024


@pytest.fixture(params=["sync", "async"])
def create(request: pytest.FixtureRequest) -> Any:
    """Upload to exam 17 with either client: create(origin, document)."""
    return {"sync": _create, "async": _create_awaited}[request.param]


def _create(origin: str, document: Uploadable) -> dict[str, Any]:
    with procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=origin) as client:
        return client.attachments.create(17, document=document).additional_properties


def _create_awaited(origin: str, document: Uploadable) -> dict[str, Any]:
    async def call() -> dict[str, Any]:
        async with procwise.AsyncClient(token=TOKEN, secret_key=SECRET_KEY, base_url=origin) as client:
            return (await client.attachments.create(17, document=document)).additional_properties

    return asyncio.run(call())


def part(name: str, content_type: str, content: bytes) -> list[Any]:
    return ["document", name, content_type, len(content), hashlib.sha256(content).hexdigest()]


def test_every_kind_of_file_arrives_byte_for_byte(create: Any, origin: str, tmp_path: Path) -> None:
    path = tmp_path / 'Apparat ü "1".png'
    path.write_bytes(PICTURE)
    expected = part("Apparat ü %221%22.png", "image/png", PICTURE)
    assert create(origin, path)["parts"] == [expected]
    assert create(origin, str(path))["parts"] == [expected]
    with path.open("rb") as file:
        assert create(origin, file)["parts"] == [expected]
        assert not file.closed
    nameless = part("upload", "application/octet-stream", PICTURE)
    assert create(origin, PICTURE)["parts"] == [nameless]
    assert create(origin, bytearray(PICTURE))["parts"] == [nameless]
    assert create(origin, io.BytesIO(PICTURE))["parts"] == [nameless]
    assert create(origin, b"")["parts"] == [part("upload", "application/octet-stream", b"")]


def test_an_upload_names_the_file(create: Any, origin: str) -> None:
    text = b"Drei Kolben\r\n"
    named = create(origin, procwise.Upload(text, name="notes.txt"))
    assert named["parts"] == [part("notes.txt", "text/plain", text)]
    typed = create(origin, procwise.Upload(text, name="notes", content_type="text/markdown"))
    assert typed["parts"] == [part("notes", "text/markdown", text)]
    assert repr(procwise.Upload(text, name="notes.txt")) == "<Upload 'notes.txt'>"


def test_the_signature_covers_the_path_and_no_file(create: Any, origin: str) -> None:
    seen = create(origin, PICTURE)
    query = seen["query"]
    base = f"exam_id=17?nonce={query['nonce']}?timestamp={query['timestamp']}"
    assert query["signature"] == hmac.new(SECRET_KEY.encode(), base.encode(), hashlib.sha256).hexdigest()
    assert query.keys() == {"nonce", "timestamp", "signature"}
    assert seen["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    assert int(seen["headers"]["content-length"]) > len(PICTURE)
    assert seen["headers"]["authorization"] == f"Token token={TOKEN}"


def test_a_file_is_sent_from_its_beginning_every_time(create: Any, origin: str) -> None:
    file = io.BytesIO()
    file.write(PICTURE)
    upload = procwise.Upload(file, name="a.png")
    assert [create(origin, upload)["parts"] for _ in range(3)] == [[part("a.png", "image/png", PICTURE)]] * 3
    assert create(origin, file)["parts"] == [part("upload", "application/octet-stream", PICTURE)]


def test_a_compressed_file_is_sent_as_it_reads(create: Any, origin: str, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.gz", "wb") as file:
        file.write(PICTURE)
    with gzip.open(tmp_path / "a.gz") as reading:
        assert create(origin, procwise.Upload(reading, name="a.png"))["parts"] == [part("a.png", "image/png", PICTURE)]


def test_a_pipe_can_be_sent_once(create: Any, origin: str) -> None:
    reader, writer = os.pipe()
    threading.Thread(target=_write_picture, args=(writer,)).start()
    with open(reader, "rb") as pipe:  # noqa: PTH123  # it has no path
        upload = procwise.Upload(pipe)
        seen = create(origin, upload)
        assert seen["parts"] == [part("upload", "application/octet-stream", PICTURE)]
        assert seen["headers"]["transfer-encoding"] == "chunked"
        with pytest.raises(procwise.InvalidArgument, match="second time"):
            create(origin, upload)


class OneWay(io.BytesIO):
    """A file that cannot be rewound, and says so; whoever tries breaks it."""

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        raise RuntimeError("moved")

    def tell(self) -> int:
        raise RuntimeError("asked for its position")


def test_a_file_that_cannot_be_rewound_is_never_moved(create: Any, origin: str) -> None:
    seen = create(origin, OneWay(PICTURE))
    assert seen["parts"] == [part("upload", "application/octet-stream", PICTURE)]
    assert seen["headers"]["transfer-encoding"] == "chunked"


def _write_picture(descriptor: int) -> None:
    with open(descriptor, "wb") as file:
        file.write(PICTURE)


def test_a_refusal_before_the_file_is_read_is_an_error_of_its_status(create: Any, origin: str) -> None:
    with pytest.raises((procwise.UnprocessableContentError, procwise.ConnectionFailed)):
        create(f"{origin}/refuse", b"x" * 32 * MEGABYTE)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("/no/such/file.png", "the file cannot be read .No such file"),
        (".", "the file cannot be read .Is a directory"),
        ("a\0b", "the file cannot be read .embedded null"),
        (io.StringIO("text"), "opened as text"),
        (17, "int is no file"),
        ({"a": 1}, "dict is no file"),
        ("half a surrogate \ud800", "name of the file cannot be sent"),
    ],
)
def test_what_is_no_file_is_refused(client: procwise.Client, server: Recorder, document: Any, message: str) -> None:
    with pytest.raises(procwise.InvalidArgument, match=message):
        client.attachments.create(17, document=document)
    assert not server.requests


def test_a_closed_file_and_a_broken_content_type_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        pass
    with pytest.raises(procwise.InvalidArgument, match="closed"):
        procwise.Upload(file)
    with pytest.raises(procwise.InvalidArgument, match="content type"):
        procwise.Upload(b"", content_type="text/plain\r\nX-Evil: 1")


def test_a_file_is_no_json(client: procwise.Client, server: Recorder) -> None:
    with pytest.raises(procwise.InvalidArgument, match="cannot be sent"):
        client.documents.create(17, exam_content=procwise.Upload(b"x"))  # type: ignore[arg-type]
    assert not server.requests


@given(content=st.binary(max_size=3000), name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(max_examples=60)
def test_any_content_and_any_name_make_one_part(content: bytes, name: str) -> None:
    server = Recorder()
    server.reply(201, {"attachment": {"id": 31}})
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http)
    assert client.attachments.create(17, document=procwise.Upload(content, name=name)).id == 31
    boundary = server.last.headers["Content-Type"].partition("boundary=")[2].encode()
    before, body, after = server.last.content.split(b"--" + boundary)
    assert (before, after) == (b"", b"--\r\n")
    head, _, sent = body.partition(b"\r\n\r\n")
    assert sent == content + b"\r\n"
    assert head.count(b"\r\n") == 2
    assert len(set(map(ord, head.decode())) & set(range(32))) == 2  # nothing but the ends of its lines


class Watched(io.BytesIO):
    """A file that knows which threads touched it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.threads: set[int] = set()

    def read(self, size: int | None = -1, /) -> bytes:
        self.threads.add(threading.get_ident())
        return super().read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.threads.add(threading.get_ident())
        return super().seek(offset, whence)


def test_the_async_client_never_touches_the_file_on_the_event_loop(origin: str) -> None:
    file = Watched(PICTURE)
    assert _create_awaited(origin, file)["parts"] == [part("upload", "application/octet-stream", PICTURE)]
    assert file.threads
    assert threading.get_ident() not in file.threads


def test_the_sandbox_takes_uploads(tmp_path: Path) -> None:
    path = tmp_path / "Apparat_ü.png"
    path.write_bytes(PICTURE)
    with running(files=tmp_path / "files") as sandbox:
        credentials: Any = {"token": sandbox.token, "secret_key": sandbox.secret_key, "base_url": sandbox.base_url}

        async def create_awaited(exam: int) -> procwise.v3.models.Attachment:
            async with procwise.AsyncClient(**credentials) as client:
                return await client.attachments.create(exam, document=path)

        with procwise.Client(**credentials) as client:
            exam = client.exams.create(name="Organic chemistry", type="record_review").id
            first = client.attachments.create(exam, document=path)
            second = asyncio.run(create_awaited(exam))
            found = [(one.id, one.document_file_name, one.document_file_size) for one in client.attachments.list(exam)]
    assert sorted(found) == [(one.id, "Apparat_ü.png", len(PICTURE)) for one in (first, second)]
    stored = [file.read_bytes() for file in (tmp_path / "files").rglob("*") if file.is_file()]
    assert stored.count(PICTURE) == 2


class _Broken(io.BytesIO):
    """A file of which one method fails."""

    def __init__(self, method: str) -> None:
        super().__init__(PICTURE)
        setattr(self, method, self._fail)

    def _fail(self, *_: object) -> Any:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("method", ["read", "seek"])
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    client: procwise.Client, server: Recorder, method: str
) -> None:
    server.reply(data={"attachment": {"id": 1}})
    with pytest.raises(procwise.InvalidArgument, match=r"^upload: the file cannot be read \(Input/output error\)"):
        client.attachments.create(17, document=_Broken(method))


def test_a_file_that_is_closed_or_only_written_is_refused(
    client: procwise.Client, server: Recorder, tmp_path: Path
) -> None:
    server.reply(data={"attachment": {"id": 1}})
    with (tmp_path / "a.png").open("wb") as written, pytest.raises(procwise.InvalidArgument, match="for writing"):
        client.attachments.create(17, document=written)
    file = io.BytesIO(PICTURE)
    upload = procwise.Upload(file, name="a.png")
    file.close()
    with pytest.raises(procwise.InvalidArgument, match="closed file"):
        client.attachments.create(17, document=upload)


def test_a_file_that_reads_text_is_refused(client: procwise.Client, server: Recorder) -> None:
    class Text:
        def read(self, _: int = -1) -> str:
            return "text"

    server.reply(data={"attachment": {"id": 1}})
    with pytest.raises(procwise.InvalidArgument, match="no bytes"):
        client.attachments.create(17, document=Text())  # type: ignore[arg-type]
