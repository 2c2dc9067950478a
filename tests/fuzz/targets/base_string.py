"""What the client signs is what the sandbox reads: its signature holds for the request as it arrives.

An input is a member of the body on each line; those that begin with `?` go into the query, the one called `/` into the
path.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from procwise._calls.operation import Operation, Retry
from procwise._calls.request import PreparedRequest
from procwise._codec.encoding import to_json
from procwise._errors.exceptions import InvalidArgument
from procwise._session.session import Session
from procwise.v3.service import SERVICE
from procwise.v3.signing import SCHEME
from procwise_sandbox.errors import ApiError
from procwise_sandbox.http.request_parsing import parse_request
from tests.fuzz.target import VALUES, Target, WrongResult, read_members

SECRET = "a made-up secret key"
_KNOWN = frozenset(("controller", "action", "format"))
_QUERY = ("filter", "sort", "page", "search")
_MEDIA_TYPES = ("application/json", "application/x-www-form-urlencoded")


@cache
def _session() -> Session:
    return Session(SERVICE, token="made-up-token", secret_key=SECRET, base_url="https://api.example")


@cache
def _operation(media_type: str) -> Operation[Any]:
    return Operation(id="", signed=True, retry=Retry(policy="never"), parse=lambda *_: None, sends=media_type)


def run_input(data: bytes) -> None:
    """Signs the request for both kinds of body, and verifies what the sandbox reads of it."""
    members = dict(read_members(data))
    path = {"id": str(members.pop("/", "1")).encode("utf-8", "replace").decode()}
    query = _writable({name: members.pop(f"?{name}") for name in _QUERY if f"?{name}" in members})
    for media_type in _MEDIA_TYPES:
        body = to_json(members) if media_type == _MEDIA_TYPES[0] else _writable(members)
        arguments = {"method": "POST", "url": f"/exams/{quote(path['id'], safe='')}", "path": path}
        arguments |= {"query": query, "headers": {}, "body": body}
        signed = PreparedRequest(_session(), _operation(media_type), arguments).sign()
        assert not hasattr(signed.content, "parts")
        query_text = signed.url.partition("?")[2]
        headers = {name.lower(): value for name, value in signed.headers.items()}
        read = parse_request(path, query_text.encode(), headers, signed.content or b"", _KNOWN, {})
        params = SCHEME.merge(path=read.path, query=read.query, body=read.body)
        signature = params[SCHEME.signature_parameter]
        if not isinstance(signature, str) or not SCHEME.verify(params, SECRET, signature):
            raise WrongResult(f"the signature of {arguments} does not hold: the sandbox reads {read}")


def _writable(members: dict[str, object]) -> dict[str, object]:
    """Members that a query or form can hold: texts under names without brackets, and lists of them."""
    named = {name: value for name, value in members.items() if name and not {*"[]"} & {*name}}
    return {name: value for name, value in named.items() if not isinstance(value, list) or _is_flat(value)}


def _is_flat(items: list[object]) -> bool:
    return not any(isinstance(item, list | dict) for item in items)


TARGET = Target(
    name="base_string",
    run=run_input,
    declared=(InvalidArgument, ApiError),
    tokens=(*VALUES, b"+", b"\n?filter=", b"\n/=", b"\nsignature=", b"\nnonce="),
    # a plus sign in a query stands for a space
    plant_bug=lambda: patch("procwise._calls.request._quote", lambda text: quote(text, safe="+")),
)
