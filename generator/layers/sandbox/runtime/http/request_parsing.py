"""The parameters of query and body, parsed as Rails parses them."""

from __future__ import annotations

import io
import json
import re
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError

from ..errors import unreadable
from .query_styles import QueryStyle, read_styled
from .rails_params import NAMES, parse_nested

DEPTH = 100
VALUES = 2048
_PER_VALUE = 16
_SEPARATORS = (b",", b"&", b";", b"[", b"{")
PARTS = 32  # each part of a multipart body costs as much as ten parameters of a form
UNWRAPPED = "_json"  # where Rails puts a JSON body that is not an object
_QUERY_SEPARATOR, _FORM_SEPARATOR = re.compile(rb"[&;] *"), re.compile(rb"& *")  # as of Rack 2; Rack 3 has no `;`
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
    `unwrapped` says that it was JSON, but not an object. `headers` have lower-case names. `size` is that of query
    and body in bytes, and some more for each value in them.
    """

    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Mapping[str, object]
    files: Mapping[str, Upload]
    parse_typed: bool
    unwrapped: bool
    headers: Mapping[str, str]
    size: int


def parse_request(
    path: Mapping[str, str],
    query: bytes,
    headers: Mapping[str, str],
    body: bytes,
    known: frozenset[str],
    styles: Mapping[str, QueryStyle],
) -> RequestParameters:
    """The parameters of a request; `controller`, `action` and `format` are dropped unless they are `known`."""
    content_type = headers.get("content-type", "")
    media_type = content_type.partition(";")[0].strip().lower()
    dropped = _ROUTE_WORDS - known
    parameters, files = _body(media_type, content_type, body)
    return RequestParameters(
        path=path,
        query=_drop_names(_query(query, styles), dropped),
        body=_drop_names(parameters, dropped),
        files=files,
        parse_typed=is_json(media_type),
        unwrapped=is_json(media_type) and body.lstrip()[:1] not in (b"", b"{"),
        headers=headers,
        size=measure_size(query) + measure_size(body),
    )


def is_json(media_type: str) -> bool:
    """Whether bodies of the media type are JSON, by its name or by its suffix."""
    return media_type == "application/json" or media_type.endswith("+json")


def measure_size(text: bytes) -> int:
    """The size of a query or a body in bytes, and some more for each value in it."""
    return len(text) + _PER_VALUE * sum(map(text.count, _SEPARATORS))


def _body(media_type: str, content_type: str, body: bytes) -> tuple[dict[str, object], dict[str, Upload]]:
    if not body.strip():
        return {}, {}
    if media_type == "multipart/form-data":
        return _multipart(content_type, body)
    if is_json(media_type):
        return _json(body), {}
    return (_form(body) if media_type == "application/x-www-form-urlencoded" else {}), {}


def _drop_names(parameters: Mapping[str, object], dropped: frozenset[str]) -> dict[str, object]:
    return {name: value for name, value in parameters.items() if name not in dropped}


def _query(text: bytes, styles: Mapping[str, QueryStyle]) -> dict[str, object]:
    pairs = _pairs(text, _QUERY_SEPARATOR)
    return {**parse_nested(pairs), **dict(read_styled(pairs, styles))} if styles else parse_nested(pairs)


def _form(text: bytes) -> dict[str, object]:
    return parse_nested(_pairs(text, _FORM_SEPARATOR))


def _pairs(text: bytes, separator: re.Pattern[bytes]) -> list[tuple[str, str]]:
    pairs = [pair for pair in separator.split(text) if pair]
    if len(pairs) > NAMES:
        raise unreadable(f"There are more than {NAMES} parameters.")
    return [_pair(pair) for pair in pairs]


def _pair(pair: bytes) -> tuple[str, str]:
    name, _, value = pair.partition(b"=")
    return _decode(name), _decode(value)


def _decode(text: bytes) -> str:
    if b"%" not in text and b"+" not in text:
        return _text(text)
    if _BROKEN_ESCAPE.search(text):
        raise unreadable("A percent sign in the query or form is not followed by two hex digits.")
    quoted_printable = text.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"=")
    return _text(a2b_qp(quoted_printable))  # the same escapes with another sign, decoded in C


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
    _check_nesting(value)
    return value if isinstance(value, dict) else {UNWRAPPED: value}


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _reject_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise unreadable("The request body holds half of a surrogate pair.") from None


def _check_nesting(value: object) -> None:
    """Raises 422 if the JSON data is too deep or has too many values."""
    depth, size, level = 0, 0, [value]
    while level:
        depth, size = depth + 1, size + len(level)
        if depth > DEPTH:
            raise unreadable(f"The request body is nested more than {DEPTH} levels deep.")
        if size > VALUES:
            raise unreadable(f"The request body has more than {VALUES} values.")
        below: list[object] = []
        for outer in level:
            if type(outer) is dict:
                below += outer.values()
            elif type(outer) is list:
                below += outer
        level = below


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, object], dict[str, Upload]]:
    """The fields, and the files, which are not signed."""
    if not _BOUNDARY.search(content_type):
        raise unreadable("The Content-Type of the multipart body names no boundary.")
    pairs: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}
    parts = 0

    def count() -> None:
        nonlocal parts
        parts += 1
        if parts > PARTS:
            raise unreadable(f"The multipart body has more than {PARTS} parts.")

    def on_field(field: object) -> None:
        count()
        name, value = getattr(field, "field_name", None), getattr(field, "value", None)
        pairs.append((_text(name or b""), _text(value or b"")))

    def on_file(file: Any) -> None:
        count()
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
