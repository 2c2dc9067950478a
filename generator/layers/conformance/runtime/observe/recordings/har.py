"""HAR files as browsers, mitmproxy and Insomnia save them, read entry by entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlsplit

import ijson  # type: ignore[import-untyped]  # it has no types

from ...errors import CannotRun
from .bodies import read_content, read_post_data
from .bytes import Readable, open_text
from .recorded import Headers, Recorded, has_no_content, join_headers

_ENTRIES = "log.entries"
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_WITH_BODY = ("POST", "PUT", "PATCH")
_UNREADABLE = (ValueError, ArithmeticError, RecursionError, MemoryError, ijson.JSONError)
Fields = Mapping[str, Any]


def read_addresses(path: Path) -> Iterator[str]:
    """The addresses of all entries. Raises CannotRun as `read_entries` does."""
    for _, entry in _read_raw(path, f"{_ENTRIES}.item.request.url"):
        if isinstance(entry, str):
            yield entry


def read_entries(path: Path) -> Iterator[Recorded | str]:
    """The entries of a file in its order; in place of one that cannot be read, a sentence that says why.

    Raises CannotRun with a sentence if the file cannot be read, is no JSON, or no HAR.
    """
    number = 0
    for number, entry in _read_raw(path, f"{_ENTRIES}.item"):
        yield read_entry(entry, f"entry {number}")
    if not number and not _has_entries(path):
        raise CannotRun(f"{path} is no HAR file: it has no list log.entries.")


def read_entry(entry: object, place: str) -> Recorded | str:
    """One entry of a HAR file, or why it cannot be read."""
    request, response = (_object(_object(entry).get(name)) for name in ("request", "response"))
    method, url = str(request.get("method") or "").upper(), request.get("url")
    if not _METHOD.fullmatch(method) or not isinstance(url, str):
        return f"{place} has no request with a method and an address"
    headers = _read_headers(request.get("headers"))
    address = _read_address(url, request, headers)
    if not address:
        return f"{place} has an address that cannot be read"
    sent = _sent_names(headers)
    body, is_exact = _read_body(method, request, sent)
    back = _read_headers(response.get("headers"))
    came = _sent_names(back)
    content, status = _object(response.get("content")), _read_status(response.get("status"))
    kind = str(came.get("content-type") or content.get("mimeType") or "")
    began, ended = _read_times(_object(entry))
    return Recorded(
        place=place,
        method=method,
        url=address,
        request_headers=_with_kind(headers, sent, _object(request.get("postData")).get("mimeType")),
        body=body,
        is_exact=is_exact,
        status=status,
        response_headers=_with_kind(back, came, kind if content.get("text") is not None else None),
        content=b""
        if has_no_content(method, status)
        else read_content(content, came.get("content-encoding", ""), kind),
        began=began,
        ended=ended,
        is_cached=bool(_object(entry).get("_fromCache")),
    )


@contextmanager
def _open(path: Path) -> Iterator[Readable]:
    try:
        with path.open("rb") as file:
            yield open_text(file)
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from None


def _read_raw(path: Path, what: str) -> Iterator[tuple[int, Any]]:
    """What lies at that place of each entry, with its number."""
    number = 0
    with _open(path) as file:
        try:
            for number, value in enumerate(ijson.items(file, what, use_float=True), 1):
                yield number, value
        except _UNREADABLE as error:
            said = _describe(error)
            where = f"behind entry {number} of its list" if number else "before its first entry"
            raise CannotRun(f"{path} is no JSON that can be read to its end, {where}: {said.strip()}.") from None


def _describe(error: BaseException) -> str:
    """The first line of what the parser says; the others show the text around the place."""
    words = error.args[0] if error.args else ""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return next(iter(text.splitlines()), "") or type(error).__name__


def _has_entries(path: Path) -> bool:
    with _open(path) as file:
        try:
            return any((where, what) == (_ENTRIES, "start_array") for where, what, _ in ijson.parse(file))
        except _UNREADABLE:
            return False


def _object(value: object) -> Fields:
    return value if isinstance(value, dict) else {}


def _pairs(value: object) -> Iterator[tuple[str, str]]:
    """The names and values of a list of a HAR file; some programs write an object instead."""
    if isinstance(value, dict):
        value = [{"name": name, "value": one} for name, one in value.items()]
    for one in value if isinstance(value, list) else ():
        name, text = _object(one).get("name"), _object(one).get("value")
        if isinstance(name, str) and name and isinstance(text, str | int | float | Decimal):
            yield name, str(text)


def _read_headers(value: object) -> Headers:
    """The headers as they were sent, without those that HTTP/2 puts in place of the first line but for the host."""
    pairs = [*_pairs(value)]
    host = next((text for name, text in pairs if name == ":authority"), "")
    kept = [(name.strip(), _one_line(text)) for name, text in pairs if not name.startswith(":")]
    has_host = any(name.lower() == "host" for name, _ in kept)
    return (*((("Host", host),) if host and not has_host else ()), *kept)


def _one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", ", ").strip()


def _sent_names(headers: Headers) -> Mapping[str, str]:
    return {name.lower(): value for name, value in join_headers(headers).items()}


def _with_kind(headers: Headers, known: Mapping[str, str], kind: object) -> Headers:
    """The headers with the media type that stands beside the body, if no header has one."""
    if "content-type" in known or not isinstance(kind, str) or not kind or kind == "x-unknown":
        return headers
    return (*headers, ("Content-Type", _one_line(kind)))


def _read_address(url: str, request: Fields, headers: Headers) -> str:
    """The whole address; Insomnia has the parameters of the query beside it and not in it."""
    known = _sent_names(headers)
    if url.startswith("/") and "host" in known:
        url = f"https://{known['host']}{url}"
    try:
        parts = urlsplit(url.strip())
        if not parts.netloc or parts.port == 0:
            return ""
    except ValueError:
        return ""
    given = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    names = {*given, *map(unquote, given), *map(unquote_plus, given)}
    pairs = [(name, text) for name, text in _pairs(request.get("queryString")) if name not in names]
    # A recorder may repeat the names as they are encoded in the address.
    added = [(name, text) for name, text in pairs if unquote_plus(name) not in names]
    query = "&".join([*filter(None, [parts.query]), *(f"{quote(n, safe='')}={quote(v, safe='')}" for n, v in added)])
    return parts._replace(query=query, fragment="").geturl()


def _read_body(method: str, request: Fields, headers: Mapping[str, str]) -> tuple[bytes | None, bool]:
    post = request.get("postData")
    if isinstance(post, dict):
        body, is_exact = read_post_data(post, headers.get("content-type", ""))
        if body != b"":
            return body, is_exact
    length, size = headers.get("content-length", ""), request.get("bodySize")
    is_there = (length.isdecimal() and int(length[:20]) > 0) or (isinstance(size, int) and size > 0)
    # Whether there was a body, the recording may not say: then it is known by its media type.
    is_likely = method in _WITH_BODY and "content-type" in headers and length != "0" and size != 0
    return (None, False) if is_there or (is_likely and not isinstance(post, dict)) else (b"", True)


def _read_status(value: object) -> int:
    is_status = isinstance(value, int | float) and not isinstance(value, bool) and 100 <= value <= 999
    return int(value) if is_status else 0  # type: ignore[call-overload]  # a number, as was checked


def _read_times(entry: Fields) -> tuple[float | None, float | None]:
    began, took = _read_moment(entry.get("startedDateTime")), entry.get("time")
    if began is None:
        return None, None
    is_known = isinstance(took, int | float | Decimal) and 0 <= took < 1e9
    return began, began + float(took) / 1000 if is_known else None  # type: ignore[arg-type]  # as above


def _read_moment(value: object) -> float | None:
    try:
        moment = datetime.fromisoformat(str(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
