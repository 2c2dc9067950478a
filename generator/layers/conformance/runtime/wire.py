"""The parameters of a request as they travel, and the signing parameters put among them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlencode, urlsplit, urlunsplit

from requests import PreparedRequest

from .description import Api, Operation

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a server can read from a request.

    `doubt` says why its reading may rightly differ from ours, and is empty where it may not:
    then a refused signature is the server's fault.
    """

    operation: Operation | None
    path: Mapping[str, object]
    query: Mapping[str, object]
    body: Mapping[str, object]
    doubt: str


def read(request: PreparedRequest, api: Api) -> Parts:
    """Take a prepared request apart, from the bytes that will be sent."""
    url = urlsplit(request.url or "")
    segments = [unquote(s) for s in _below(api.base_path, url.path).split("/") if s]
    operation = api.at(request.method or "", segments)
    query = _query(url.query)
    body, unread = _body(request)
    parts = Parts(operation=operation, path=_ids(operation, segments), query=query, body=body, doubt=unread)
    return replace(parts, doubt=parts.doubt or _mislabelled(request, operation) or _doubt(parts))


def placed(request: PreparedRequest, parameters: Mapping[str, object], where: str) -> PreparedRequest:
    """The request with the parameters in its query, or in its JSON body where the scheme sends them there."""
    data = _json_object(request) if where == "body" else None
    if data is None:
        request.url = _with_query(request.url or "", parameters)
        return request
    request.prepare_body(data=json.dumps({**data, **parameters}).encode(), files=None)
    request.headers["Content-Type"] = JSON
    return request


def media_type(content_type: str) -> str:
    """The media type in a Content-Type header, without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def kind_of(request: PreparedRequest) -> str:
    """The media type of a request's body."""
    return media_type(str(request.headers.get("Content-Type") or ""))


def _below(base_path: str, path: str) -> str:
    base = "/" + base_path.strip("/")
    _, found, rest = path.partition(base) if base != "/" else ("", "/", path)
    return rest if found else path


def _ids(operation: Operation | None, segments: list[str]) -> dict[str, object]:
    if operation is None:
        return {}
    pairs = zip(operation.segments, segments, strict=True)
    return {template[1:-1]: value for template, value in pairs if template.startswith("{")}


def _query(text: str) -> dict[str, object]:
    return dict(parse_qsl(text, keep_blank_values=True))


def _body(request: PreparedRequest) -> tuple[Mapping[str, object], str]:
    """The members of the body, and why they may be read otherwise."""
    raw, kind = content(request), kind_of(request)
    if not raw:
        return {}, ""
    if kind == JSON:
        data = _parsed(raw)
        return (data, "") if isinstance(data, dict) else ({}, "the JSON body is not an object")
    if kind == FORM:
        return _query(raw.decode("utf-8", "replace")), ""
    if kind == MULTIPART:
        return _multipart(raw, str(request.headers.get("Content-Type"))), ""
    return {}, "the body is of another media type"


def content(request: PreparedRequest) -> bytes:
    """The body as bytes."""
    body = request.body or b""
    if not isinstance(body, bytes | str):
        raise TypeError("a streamed body cannot be signed")
    return body.encode() if isinstance(body, str) else body


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _json_object(request: PreparedRequest) -> dict[str, object] | None:
    if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return None
    raw = content(request)
    if not raw:
        return {}
    data = _parsed(raw) if kind_of(request) == JSON else None
    return data if isinstance(data, dict) else None


def _multipart(raw: bytes, content_type: str) -> dict[str, object]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw)
    fields: dict[str, object] = {}
    for part in message.iter_parts():
        if part.get_filename() is None:
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)
            fields[str(part.get_param("name", header="content-disposition"))] = text
    return fields


def _mislabelled(request: PreparedRequest, operation: Operation | None) -> str:
    known = operation is None or kind_of(request) in operation.media_types
    return "" if known or not content(request) else "the body is of an undocumented media type"


def _doubt(parts: Parts) -> str:
    """Requests that two right servers may read differently."""
    if parts.operation is None:
        return "no operation has this path"
    if any(value in ("", ".", "..") or "/" in str(value) or "\\" in str(value) for value in parts.path.values()):
        return "a path id holds a separator"
    if any(not name or "[" in name for name in (*parts.query, *parts.body)):
        return "a parameter name is empty or has brackets"
    if any(isinstance(value, float | dict) or _nested(value) for value in parts.body.values()):
        return "a value has no settled text"
    return ""


def _nested(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, float | list | dict) or item is None for item in value)


def _with_query(url: str, parameters: Mapping[str, object]) -> str:
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in parameters]
    added = urlencode({name: str(value) for name, value in parameters.items()}, quote_via=quote)
    return urlunsplit(parts._replace(query="&".join([*kept, added] if added else kept)))
