"""A multipart body as the sandbox reads it; the first line of an input is the Content-Type."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from procwise_sandbox.errors import ApiError
from procwise_sandbox.http import request_parsing
from tests.fuzz.target import Target, WrongResult

_FIRST = "multipart/form-data"


def run_input(data: bytes) -> None:
    """Reads the body; everything in it is text that can be stored, or the content of a file."""
    first, _, body = data.partition(b"\n")
    content_type = first.decode("latin-1")
    if not content_type.startswith(_FIRST):
        content_type = f"{_FIRST}; {content_type}"
    read = request_parsing.parse_request({}, b"", {"content-type": content_type}, body, frozenset(), {})
    for upload in read.files.values():
        if not isinstance(upload.content, bytes) or "/" not in upload.media_type:
            raise WrongResult(f"an upload of {upload.media_type!r}")
        upload.name.encode()
    repr(read.body).encode()


def _upload_of_any_type(file: Any) -> request_parsing.Upload:
    media_type = file.content_type.partition(";")[0]  # None, if the part names none
    file.file_object.seek(0)
    return request_parsing.Upload(name=file.file_name.decode(), media_type=media_type, content=file.file_object.read())


TARGET = Target(
    name="multipart",
    run=run_input,
    declared=(ApiError,),
    tokens=(
        *(b"\r\n--limit\r\n", b"--limit--", b"--limit", b"boundary=", b"\r\n\r\n", b"; name=", b'; filename="'),
        *(b"Content-Disposition: form-data", b"Content-Type: text/plain\r\n", b"Content-Transfer-Encoding: base64\r\n"),
        *(b"Content-Transfer-Encoding: quoted-printable\r\n", b"filename*=UTF-8''%ff", b'a[]"', b"\xff", b"\x00", b"="),
    ),
    plant_bug=lambda: patch.object(request_parsing, "_upload", _upload_of_any_type),
)
