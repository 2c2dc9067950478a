"""A body as careless programs write it before they sign: JSON in other characters, a form in another order, nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus, urlencode

from ..messages.evaluation import Context
from ..messages.request import Request
from ..text import VALUES
from .form_items import rewrite_blanks, rewrite_items, rewrite_texts
from .json_texts import escape_in_capitals, escape_like_go, list_json_ways

_FORM = "application/x-www-form-urlencoded"
_INDENTS = ("indented by 2 blanks", "indented by 4 blanks", "indented by tabs")
_FOR_NOTHING = ("{}", "null", "[]", '""', "undefined", "None")


def wrong_bodies(context: Context) -> Iterator[tuple[str, Context]]:
    """The request with its body written otherwise."""
    request = context.request
    if not request.body:
        for text in _FOR_NOTHING:
            yield f"`{text}` was signed for the body, and none was sent", _with_body(context, text)
    elif request.media_type == _FORM:
        text = request.body.decode("utf-8", "surrogateescape")
        yield "the body was sorted before signing", _with_body(context, "&".join(sorted(text.split("&"))))
        yield "the body was signed decoded", _with_body(context, unquote_plus(text))
        for cause, changed in rewrite_items(text):
            yield f"{cause}, in the body", _with_body(context, changed)
        yield from ((cause, _with_body(context, changed)) for cause, changed in rewrite_blanks(text, "body"))
    elif request.media_type.endswith("json"):
        for how, text in _json_texts(request):
            yield f"the JSON of the body was signed {how}, not the bytes that are sent", _with_body(context, text)


def wrong_texts_of_body(context: Context) -> Iterator[tuple[str, Context]]:
    """The values of a form escaped, quoted or changed as texts."""
    request = context.request
    text = request.body.decode("utf-8", "surrogateescape") if request.media_type == _FORM else ""
    for cause, changed in rewrite_texts(text):
        yield f"{cause}, in the body", _with_body(context, changed)


def _with_body(context: Context, text: str) -> Context:
    known = {place: values for place, values in context.request.parameters.items() if place != "body"}
    body = text.encode("utf-8", "surrogateescape")
    return context.with_request(replace(context.request, body=body, parameters=known))


def _json_texts(request: Request) -> Iterator[tuple[str, str]]:
    """The JSON of the body as programs write it anew."""
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    for how, text in _ways_of(value):
        try:
            is_other = text.encode() != request.body
        except UnicodeEncodeError:
            continue
        if is_other:
            yield how, text


def _ways_of(value: Any) -> Iterator[tuple[str, str]]:
    ordered = {name: value[name] for name in sorted(value)} if isinstance(value, dict) else value
    orders = {"": value, ", sorted by name": ordered, ", sorted by name at every depth": _sort(value)}
    for order, members in orders.items():
        yield from ((f"{how}{order}", text) for how, text in _write_json(members).items())
    yield from _print_object(value)


def _sort(value: Any) -> Any:
    """JSON with the members of each object in order."""
    if isinstance(value, list):
        return [_sort(item) for item in value]
    return {name: _sort(value[name]) for name in sorted(value)} if isinstance(value, dict) else value


def _write_json(value: Any) -> Mapping[str, str]:
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    spaced = json.dumps(value, ensure_ascii=False)
    escaped = json.dumps(value, separators=(",", ":"))
    ways = dict(list_json_ways())
    return {
        "without blanks": compact,
        "with blanks": spaced,
        "without blanks, with `\\u` for letters beyond ASCII": escaped,
        "with blanks, with `\\u` for letters beyond ASCII": json.dumps(value),
        "without blanks, with `\\u` and capital digits for letters beyond ASCII": escape_in_capitals(compact),
        "with blanks, with `\\u` and capital digits for letters beyond ASCII": escape_in_capitals(spaced),
        "without blanks, with `\\u` for `<`, `>` and `&`": escape_like_go(compact),
        "without blanks, with `\\/` for `/`": compact.replace("/", "\\/"),
        "without blanks, with `\\u` for letters beyond ASCII and `\\/` for `/`": escaped.replace("/", "\\/"),
        **{how: ways[how](compact) or compact for how in _INDENTS},
    }


def _print_object(value: Any) -> Iterator[tuple[str, str]]:
    """An object as languages print it that is not written as JSON."""
    if not isinstance(value, dict | list):
        return
    yield "as Python prints it", repr(value)
    if isinstance(value, dict):
        yield "as JavaScript prints it", "[object Object]"
        members = {name: VALUES["plain"](one) for name, one in value.items()}
        yield "as a form", urlencode(members, errors="surrogatepass")
    yield "as PHP prints it", "Array"
