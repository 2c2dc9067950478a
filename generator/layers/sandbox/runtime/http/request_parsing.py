"""The parameters of query and body, parsed as Rails parses them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError

from ..errors import unreadable
from .rails_params import parse_nested

DEPTH = 100
FIELDS = 10_000
UNWRAPPED = "_json"  # where Rails puts a JSON body that is not an object
_ROUTE_WORDS = frozenset(("controller", "action", "format"))
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BOUNDARY = re.compile(r'boundary="?[^";\s]', re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_SURROGATE = re.compile(rb"\\[uU][dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body, with the name and media type that were sent."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RequestParameters:
    """The parameters by place.

    `typed` says that the body was JSON: in a form, texts stand for numbers and booleans too.
    `unwrapped` says that it was JSON, but not an object. `headers` have lower-case names.
    """

    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Mapping[str, object]
    files: Mapping[str, Upload]
    parse_typed: bool
    unwrapped: bool
    headers: Mapping[str, str]


def parse_request(
    path: Mapping[str, str], query: bytes, headers: Mapping[str, str], body: bytes, known: frozenset[str]
) -> RequestParameters:
    """The parameters of a request; `controller`, `action` and `format` are dropped unless they are `known`."""
    content_type = headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    dropped = _ROUTE_WORDS - known
    parameters, files = _body(media_type, content_type, body)
    return RequestParameters(
        path=path,
        query=_drop_names(_form(query), dropped),
        body=_drop_names(parameters, dropped),
        files=files,
        parse_typed=media_type == "application/json",
        unwrapped=media_type == "application/json" and body.lstrip()[:1] not in (b"", b"{"),
        headers=headers,
    )


def _body(media_type: str, content_type: str, body: bytes) -> tuple[dict[str, object], dict[str, Upload]]:
    if not body.strip():
        return {}, {}
    if media_type == "multipart/form-data":
        return _multipart(content_type, body)
    readers = {"application/json": _json, "application/x-www-form-urlencoded": _form}
    return (readers[media_type](body) if media_type in readers else {}), {}


def _drop_names(parameters: Mapping[str, object], dropped: frozenset[str]) -> dict[str, object]:
    return {name: value for name, value in parameters.items() if name not in dropped}


def _form(text: bytes) -> dict[str, object]:
    pairs = [pair for pair in text.split(b"&") if pair]
    if len(pairs) > FIELDS:
        raise unreadable(f"There are more than {FIELDS} parameters.")
    return parse_nested(_pair(pair) for pair in pairs)


def _pair(pair: bytes) -> tuple[str, str]:
    name, _, value = pair.partition(b"=")
    return _decode(name), _decode(value)


def _decode(text: bytes) -> str:
    if b"%" not in text and b"+" not in text:
        return _text(text)
    if _BROKEN_ESCAPE.search(text):
        raise unreadable("A percent sign in the query or form is not followed by two hex digits.")
    return _text(unquote_to_bytes(text.replace(b"+", b" ")))


def _text(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise unreadable("The request is not written in UTF-8.") from None


def _json(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(_text(body), parse_constant=_no_constant)
    except (ValueError, RecursionError):  # also whole numbers of thousands of digits
        raise unreadable("The request body is not valid JSON.") from None
    if _SURROGATE.search(body):
        _reject_surrogates(value)
    if _depth(value) > DEPTH:
        raise unreadable(f"The request body is nested more than {DEPTH} levels deep.")
    return value if isinstance(value, dict) else {UNWRAPPED: value}


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _reject_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise unreadable("The request body holds half of a surrogate pair.") from None


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level:
        depth, level = depth + 1, [item for outer in level for item in _children(outer)]
    return depth


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, object], dict[str, Upload]]:
    """The fields, and the files, which are not signed."""
    if not _BOUNDARY.search(content_type):
        raise unreadable("The Content-Type of the multipart body names no boundary.")
    pairs: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}

    def on_field(field: object) -> None:
        name, value = getattr(field, "field_name", None), getattr(field, "value", None)
        pairs.append((_text(name or b""), _text(value or b"")))

    def on_file(file: Any) -> None:
        if file.file_name:  # a form with no file chosen sends a nameless one
            files[_text(file.field_name or b"")] = _upload(file)
        file.close()

    headers = {"Content-Type": content_type.encode(), "Content-Length": str(len(body)).encode()}
    try:
        parse_form(headers, io.BytesIO(body), on_field, on_file)
    except (FormParserError, ValueError):
        raise unreadable("The multipart body cannot be read.") from None
    return parse_nested(pairs), files


def _upload(file: Any) -> Upload:
    file.file_object.seek(0)
    media_type = (file.content_type or "").partition(";")[0].strip().lower()
    known = media_type if _MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"
    return Upload(name=_text(file.file_name), media_type=known, content=file.file_object.read())
