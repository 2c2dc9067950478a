"""Recordings as programs save them, of requests that passed through a proxy or were made up here."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.conformance.servers.recording_proxy import Passed

Json = dict[str, Any]
Save = Callable[["Seen"], Json]


@dataclass(frozen=True)
class Seen:
    """A request and its response, as the program saw them that saves them."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 200
    answered: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    began: float = 1_764_000_000.0
    seconds: float = 0.02


def see(passed: Iterable[Passed], address: str) -> list[Seen]:
    """What passed, as sent to that address."""
    return [
        Seen(
            method=one.method,
            url=address + one.path,
            headers=one.headers,
            body=one.body,
            status=one.reply.status,
            answered=one.reply.headers,
            content=one.reply.content,
            began=one.began,
            seconds=one.ended - one.began,
        )
        for one in passed
    ]


def pairs(headers: Mapping[str, str]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def content_type(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def build_response(seen: Seen, content: Json, **other: Any) -> Json:
    """The response with the members that every program saves."""
    return {
        "status": seen.status,
        "statusText": "OK",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(seen.answered),
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
        **other,
    }


def build_request(seen: Seen, headers: Mapping[str, str], **other: Any) -> Json:
    """The request with the members that every program saves."""
    return {
        "method": seen.method,
        "url": seen.url,
        "httpVersion": "HTTP/1.1",
        "headers": pairs(headers),
        "queryString": pairs(dict(parse_qsl(urlsplit(seen.url).query, keep_blank_values=True))),
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(seen.body),
        **other,
    }


def chrome(seen: Seen) -> Json:
    """As Chrome's developer tools save it: HTTP/2 with its own header names, no secret headers, bodies as text."""
    parts = urlsplit(seen.url)
    own = {":method": seen.method, ":authority": parts.netloc, ":scheme": parts.scheme, ":path": parts.path}
    kept = {
        name.lower(): value for name, value in seen.headers.items() if name.lower() not in ("authorization", "host")
    }
    request = build_request(seen, {**own, **kept}, httpVersion="http/2.0")
    if seen.body:
        request["postData"] = {"mimeType": content_type(seen.headers), "text": seen.body.decode()}
    content: Json = {"size": len(seen.content), "mimeType": content_type(seen.answered)}
    if seen.content:
        content["text"] = seen.content.decode()
    answered = pairs({name.lower(): value for name, value in seen.answered.items()})
    return {
        "_initiator": {"type": "script"},
        "_priority": "High",
        "_resourceType": "fetch",
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "request": request,
        "response": build_response(seen, content, headers=answered, statusText="", _transferSize=99, _error=None),
        "serverIPAddress": "203.0.113.7",
        "startedDateTime": moment(seen.began),
        "time": seen.seconds * 1000,
        "timings": {"blocked": 1, "send": 0.1, "wait": 10, "receive": 1},
    }


def firefox(seen: Seen) -> Json:
    """As Firefox saves it: all headers, what is no text in base64, empty lists of parameters."""
    request = build_request(seen, {name.title(): value for name, value in seen.headers.items()})
    if seen.body:
        request["postData"] = {"mimeType": content_type(seen.headers), "params": [], "text": seen.body.decode()}
    content = {
        "mimeType": content_type(seen.answered),
        "size": len(seen.content),
        "encoding": "base64",
        "text": base64.b64encode(seen.content).decode(),
    }
    return {
        "pageref": "page_1",
        "startedDateTime": datetime.fromtimestamp(seen.began, UTC).isoformat(timespec="milliseconds"),
        "request": request,
        "response": build_response(seen, content, bodySize=len(seen.content)),
        "cache": {},
        "timings": {"blocked": 0, "dns": 0, "connect": 0, "ssl": 0, "send": 0, "wait": 3, "receive": 0},
        "time": seen.seconds * 1000,
        "_securityState": "insecure",
    }


def mitmproxy(seen: Seen) -> Json:
    """As mitmproxy saves it: JSON as text, everything else in base64."""
    is_text = content_type(seen.answered).endswith("json")
    content: Json = {"size": len(seen.content), "compression": 0, "mimeType": content_type(seen.answered)}
    if is_text:
        content["text"] = seen.content.decode()
    else:
        content |= {"text": base64.b64encode(seen.content).decode(), "encoding": "base64"}
    request = build_request(seen, seen.headers)
    if seen.method in ("POST", "PUT", "PATCH"):
        request["postData"] = {
            "mimeType": content_type(seen.headers),
            "text": seen.body.decode("utf-8", "surrogateescape"),
            "params": [],
        }
    return {
        "startedDateTime": datetime.fromtimestamp(seen.began, UTC).isoformat(),
        "time": seen.seconds * 1000,
        "request": request,
        "response": build_response(seen, content),
        "cache": {},
        "timings": {"connect": 1, "ssl": -1, "send": 1, "receive": 1, "wait": 1},
        "serverIPAddress": "203.0.113.7",
    }


def insomnia(seen: Seen) -> Json:
    """As Insomnia saves it: the parameters of the query beside the address, forms as lists."""
    parts = urlsplit(seen.url)
    kind = content_type(seen.headers)
    bare = parts._replace(query="").geturl()
    request = build_request(seen, seen.headers, url=bare, bodySize=-1, settingEncodeUrl=True)
    if kind == "application/x-www-form-urlencoded":
        fields = dict(parse_qsl(seen.body.decode(), keep_blank_values=True))
        request["postData"] = {"mimeType": kind, "params": pairs(fields), "text": ""}
    elif seen.body:
        request["postData"] = {"mimeType": kind, "text": seen.body.decode()}
    else:
        request["postData"] = {"mimeType": "", "text": ""}
    text = seen.content.decode("utf-8", "replace")
    content = {"size": len(seen.content), "mimeType": content_type(seen.answered), "text": text}
    return {
        "startedDateTime": moment(seen.began),
        "time": seen.seconds * 1000,
        "request": request,
        "response": build_response(seen, content),
        "cache": {},
        "timings": {"blocked": -1, "dns": -1, "connect": -1, "send": 0, "wait": 5, "receive": 0, "ssl": -1},
        "comment": "Shown in the list",
    }


def compress_mitmproxy(seen: Seen) -> Json:
    """As some proxies save it: the bytes of the wire, still compressed."""
    packed = gzip.compress(seen.content)
    entry = mitmproxy(seen)
    entry["response"]["headers"].append({"name": "Content-Encoding", "value": "gzip"})
    entry["response"]["content"] |= {"text": base64.b64encode(packed).decode(), "encoding": "base64"}
    return entry


DIALECTS: Mapping[str, Save] = {
    "chrome": chrome,
    "firefox": firefox,
    "mitmproxy": mitmproxy,
    "insomnia": insomnia,
    "compressed": compress_mitmproxy,
}


def write_har(path: Path, entries: Iterable[Json], mark: bytes = b"") -> Path:
    """A file with these entries; `mark` comes first, such as a byte order mark."""
    log = {"version": "1.2", "creator": {"name": "made up", "version": "1"}, "pages": [], "entries": [*entries]}
    path.write_bytes(mark + json.dumps({"log": log}, indent=1).encode())
    return path
