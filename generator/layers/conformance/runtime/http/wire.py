"""Reads the parameters of a prepared request, and adds others to it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.parser import BytesParser
from email.policy import HTTP
from itertools import chain
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlencode, urlsplit, urlunsplit

from requests import PreparedRequest

from procwise.signing.language.members import steps_of

from ..api import Api, Operation

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
SentPlace = Literal["query", "body", "json", "header"]
_PLAIN_NAME = re.compile(r"[\w .~\[\]-]*")


class NotApplicable(Exception):
    """The attack makes no difference to this request, or cannot be applied to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a server can read from a request; `files` are the texts of uploads.

    `doubt` is why a correct server may read it differently, and empty if it may not:
    then a rejected signature is the server's fault.
    """

    operation: Operation | None
    path: Mapping[str, object]
    query: Mapping[str, object]
    body: Mapping[str, object]
    files: Mapping[str, str]
    doubt: str


def parse_request(request: PreparedRequest, api: Api) -> Parts:
    """The parts of a prepared request, from the bytes that will be sent."""
    url = urlsplit(request.url or "")
    segments = [unquote(s) for s in _path_below(api.base_path, url.path).split("/") if s]
    operation = api.at(request.method or "", segments)
    query = _query(url.query)
    body, files, unread = _body(request)
    path = _ids(operation, segments)
    parts = Parts(operation=operation, path=path, query=query, body=body, files=files, doubt=unread)
    doubt = _undescribed_media_type(request, operation) or _doubt(parts) or _ambiguity(parts, url.query)
    return replace(parts, doubt=parts.doubt or doubt)


def place_parameters(request: PreparedRequest, parameters: Mapping[str, object], where: SentPlace) -> PreparedRequest:
    """The request with the parameters in its query, in a header each, or in its JSON body if it can have one.

    With `json` they are in the body in any case. A tuple of values repeats a parameter of the query.
    """
    if where == "json":
        return with_members(request, parameters)
    if where == "header":
        request.headers.update({name: str(value) for name, value in parameters.items()})
        return request
    data = _json_object(request) if where == "body" else None
    if data is None:
        request.url = _with_query(request.url or "", parameters)
        return request
    return _with_json(request, {**data, **parameters})


def with_members(request: PreparedRequest, members: Mapping[str, object]) -> PreparedRequest:
    """The request with more members in its body, or in a new JSON body; raises NotApplicable if none can be added."""
    raw, kind = content(request), kind_of(request)
    if raw and kind == FORM:
        request.prepare_body(data=_with_pairs(raw.decode(), members).encode(), files=None)
        request.headers["Content-Type"] = FORM
        return request
    data = (_parse_json(raw) if is_json(kind) else None) if raw else {}
    if not isinstance(data, dict):
        raise NotApplicable
    return _with_json(request, {**data, **members})


def with_form(request: PreparedRequest, fields: Mapping[str, str]) -> PreparedRequest:
    """The request with a form as its body."""
    request.prepare_body(data=urlencode(fields, quote_via=quote).encode(), files=None)
    request.headers["Content-Type"] = FORM
    return request


def media_type(content_type: str) -> str:
    """The media type in a Content-Type header, without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Whether a media type is JSON, by its name or by the suffix of RFC 6839."""
    return kind == JSON or kind.endswith("+json")


def kind_of(request: PreparedRequest) -> str:
    """The media type of a request's body."""
    return media_type(str(request.headers.get("Content-Type") or ""))


def _path_below(base_path: str, path: str) -> str:
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


def _body(request: PreparedRequest) -> tuple[Mapping[str, object], Mapping[str, str], str]:
    """The members of the body, its files, and why they may be read differently."""
    raw, kind = content(request), kind_of(request)
    if not raw:
        return {}, {}, ""
    if kind == MULTIPART:
        fields, files = _multipart(raw, str(request.headers.get("Content-Type")))
        plain = all(_PLAIN_NAME.fullmatch(name) for name in (*fields, *files))
        return fields, files, "" if plain else "a name in a multipart head has characters that some escape there"
    if kind == FORM:
        return _query(raw.decode("utf-8", "replace")), {}, ""
    data = _parse_json(raw) if is_json(kind) else None
    if isinstance(data, dict):
        return data, {}, ""
    return {}, {}, "the JSON body is not an object" if is_json(kind) else "the body is of another media type"


def content(request: PreparedRequest) -> bytes:
    """The body as bytes."""
    body = request.body or b""
    if not isinstance(body, bytes | str):
        raise TypeError("a streamed body cannot be signed")
    return body.encode() if isinstance(body, str) else body


def _parse_json(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _with_json(request: PreparedRequest, data: Mapping[str, object]) -> PreparedRequest:
    written = str(request.headers.get("Content-Type") or "")
    request.prepare_body(data=json.dumps(data).encode(), files=None)
    request.headers["Content-Type"] = written if is_json(media_type(written)) else JSON
    return request


def _json_object(request: PreparedRequest) -> dict[str, object] | None:
    if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return None
    raw = content(request)
    if not raw:
        return {}
    data = _parse_json(raw) if is_json(kind_of(request)) else None
    return data if isinstance(data, dict) else None


def _multipart(raw: bytes, content_type: str) -> tuple[dict[str, object], dict[str, str]]:
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw)
    fields: dict[str, object] = {}
    files: dict[str, str] = {}
    for part in message.iter_parts():
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)
        name = str(part.get_param("name", header="content-disposition"))
        if part.get_filename() is None:
            fields[name] = text
        else:
            files[name] = text
    return fields, files


def _undescribed_media_type(request: PreparedRequest, operation: Operation | None) -> str:
    known = operation is None or kind_of(request) in operation.media_types
    return "" if known or not content(request) else "the body is of an undocumented media type"


def _doubt(parts: Parts) -> str:
    """Why two correct servers may read the request differently; empty if they may not."""
    if parts.operation is None:
        return "no operation has this path"
    if any(value in ("", ".", "..") or "/" in str(value) or "\\" in str(value) for value in parts.path.values()):
        return "a path id holds a separator"
    if any(not name or {"[", "]"} & {*name} for name in (*parts.query, *parts.body)):
        return "a parameter name is empty or has brackets"
    if any(isinstance(value, float | dict) or _is_nested(value) for value in parts.body.values()):
        return "a value has no settled text"
    return ""


def _ambiguity(parts: Parts, query: str) -> str:
    """Which name has two values; a server may refuse that instead of choosing one."""
    if len(parse_qsl(query, keep_blank_values=True)) > len(parts.query):
        return "a parameter comes twice in the query"
    places = (parts.path, parts.query, parts.body)
    return "one name is in two places" if len({*chain(*places)}) < sum(map(len, places)) else ""


def _is_nested(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, float | list | dict) or item is None for item in value)


def _with_query(url: str, parameters: Mapping[str, object]) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=_with_pairs(parts.query, parameters)))


def _with_pairs(text: str, parameters: Mapping[str, object]) -> str:
    """The query or form, with these parameters at its end."""
    kept = [pair for pair in text.split("&") if pair and unquote_plus(pair.partition("=")[0]) not in parameters]
    several = {name: value if isinstance(value, tuple) else (value,) for name, value in parameters.items()}
    added = urlencode({name: [str(one) for one in values] for name, values in several.items()}, True, quote_via=quote)
    return "&".join([*kept, added] if added else kept)


def list_signing_names(api: Api) -> tuple[str, ...]:
    """The names of the parameters that carry the signature; of those deeper in JSON, of the member that they lie in."""
    if api.scheme is not None:
        return api.scheme.parameters
    placed = api.request_scheme.placements if api.request_scheme is not None else ()
    names = [(place.place, field.name) for place in placed for field in place.fields]
    return tuple(steps_of(name)[0] if place == "body" else name for place, name in names)
