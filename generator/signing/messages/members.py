"""Another value of what a message names: a parameter of the query, a field of a form, a member of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from string import ascii_letters, digits
from typing import Any
from urllib.parse import quote, unquote_plus

from ..language.checks import sources_of
from ..language.model import SigningScheme
from .request import Request

Change = Callable[[Request], Request | None]
_CONTENT_TYPE = "content-type"
_OF_HTTP = ("host", "authorization", "content-length", "date")
_NEXT = str.maketrans(digits + ascii_letters, digits[1:] + digits[:1] + ascii_letters[1:] + ascii_letters[:1])


def change_named(scheme: SigningScheme) -> Mapping[str, Change]:
    """By name, what changes the first value, and the first header, that the message names; nothing if it names none."""
    named = sorted({(one.kind, one.name) for one in sources_of(scheme, scheme.message) if one.name}, reverse=True)
    chosen = [(place, name) for place, name in named if place in ("query", "body")]
    headers = _list_headers(scheme)

    def change(request: Request) -> Request | None:
        changes = (_change_value(request, place, name) for place, name in chosen)
        return next((one for one in changes if one is not None), None)

    def change_header(request: Request) -> Request | None:
        changes = (_change_header(request, name, is_part) for name, is_part in headers)
        return next((one for one in changes if one is not None), None)

    return {**({"named values": change} if chosen else {}), **({"named headers": change_header} if headers else {})}


def _list_headers(scheme: SigningScheme) -> list[tuple[str, bool]]:
    """The headers that a scheme names to sign and does not send itself, and whether they are parts of the message."""
    parts = {one.name.lower() for one in sources_of(scheme, scheme.message) if one.kind == "header"}
    listed = {name.lower() for name in scheme.headers.names if "*" not in name} if scheme.headers else set()
    own = {one.name.lower() for placement in scheme.placements for one in placement.fields}
    named = sorted((parts | listed) - own - {*_OF_HTTP}, key=lambda name: (name == _CONTENT_TYPE, name not in parts))
    return [(name, name in parts) for name in named]


def _change_header(request: Request, name: str, is_part: bool) -> Request | None:
    """Another value, or one at all where the message has an empty part; a media type gets another parameter."""
    value = next(iter(request.header(name)), None)
    if name == _CONTENT_TYPE:
        return None if value is None else request.with_header(name, f"{value}; v=1")
    if value is None:
        return request.with_header(name, "other") if is_part else None
    return request.with_header(name, _change_text(value))


def _change_value(request: Request, place: str, name: str) -> Request | None:
    if place == "query":
        query = _change_item(request.query, name)
        return None if query is None else replace(request, query=query)
    if request.media_type.endswith("json"):
        body = _change_json(request.body, name.split("/")[1:] if name.startswith("/") else [name])
    else:
        body = _change_item(request.body.decode("utf-8", "surrogateescape"), name)
    if body is None:
        return None
    known = {own: values for own, values in request.parameters.items() if own != "body"}
    changed = replace(request, body=body.encode("utf-8", "surrogateescape"), parameters=known)
    return changed.without_header("Content-Length")


def _change_item(text: str, name: str) -> str | None:
    items = text.split("&")
    for at, item in enumerate(items):
        own, equals, value = item.partition("=")
        if equals and unquote_plus(own) == name:
            items[at] = f"{own}={quote(_change_text(unquote_plus(value)), safe='')}"
            return "&".join(items)
    return None


def _change_text(text: str) -> str:
    """Another text of the same kind: one letter or digit is the next one."""
    for at, letter in enumerate(text):
        if (other := letter.translate(_NEXT)) != letter:
            return text[:at] + other + text[at + 1 :]
    return f"{text}0"


def _change_json(body: bytes, names: list[str]) -> str | None:
    try:
        content: Any = json.loads(body)
        inner = content
        for name in names[:-1]:
            inner = inner[_key_of(inner, name)]
        last = _key_of(inner, names[-1])
        other = _change_member(inner[last])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    if other is None:
        return None
    inner[last] = other
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _key_of(inner: Any, name: str) -> Any:
    return int(name) if isinstance(inner, list) else name.replace("~1", "/").replace("~0", "~")


def _change_member(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return _change_text(value) if isinstance(value, str) else None
