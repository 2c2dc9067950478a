"""Requests signed by hand with the standard library, so that the server is proven without its own signer."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jsonschema_rs

_NONCES = itertools.count(int(time.time() * 1000))
NewExam = Callable[..., dict[str, Any]]
TOKEN_FORMS = {"v1": "apiEuroToken {}", "v3": "Token token={}"}


@dataclass(frozen=True)
class Reply:
    """A response as it came over the socket."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        result = json.loads(self.content)
        assert isinstance(result, dict), "every response is a JSON object"
        assert self.headers["content-type"] == "application/json"
        return result

    @property
    def code(self) -> str:
        content = self.json
        assert {"error", "code", "errors"} <= content.keys()
        return str(content["code"])


def send(
    base_url: str, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Reply:
    """One request, byte for byte."""
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    try:
        connection.request(method, target, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        content = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, content, response.read())
    finally:
        connection.close()


def open_page(link: str) -> dict[str, str]:
    """The header with the cookie that a link to the page sets."""
    reply = send(link, "GET", f"/?{urlsplit(link).query}")
    assert (reply.status, reply.headers["location"]) == (303, "/"), reply.content
    return {"Cookie": reply.headers["set-cookie"].partition(";")[0]}


def text(value: object) -> str:
    """The text of plain values and of lists of them."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def base_string(params: Mapping[str, object]) -> str:
    ordered = sorted(params.items(), key=lambda pair: pair[0].encode())
    return "?".join(f"{name}={text(value)}" for name, value in ordered if name != "signature")


def signature(base: str, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), base.encode(), hashlib.sha256).hexdigest()


def conforms(api: str, operation: str, reply: Reply) -> None:
    """The status is described, and the response is as its schema says."""
    schemas = _schemas(api)
    responses = schemas["responses"][operation]
    assert str(reply.status) in responses, (operation, reply.status, reply.content)
    schema = {"components": schemas["components"], "allOf": [responses[str(reply.status)]]}
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(reply.json)


@cache
def _schemas(api: str) -> dict[str, Any]:
    """What the description says about the responses of a version."""
    result: dict[str, Any] = json.loads(files("procwise_sandbox").joinpath("schemas", f"{api}.json").read_text("utf-8"))
    return result


@dataclass(frozen=True)
class Caller:
    """A user of one version of the API."""

    base_url: str
    token: str
    secret_key: str
    api: str = "v3"
    clock: Callable[[], float] = field(default=time.time)

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": TOKEN_FORMS[self.api].format(self.token)}

    def stamp(self, **over: object) -> dict[str, object]:
        return {"timestamp": int(self.clock() * 1000), "nonce": next(_NONCES), **over}

    def sign(self, params: Mapping[str, object], *, path: Mapping[str, object] | None = None) -> dict[str, object]:
        """The parameters with a signature that covers them and the path."""
        return {**params, "signature": signature(base_string({**params, **(path or {})}), self.secret_key)}

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, object] | None = None,
        over: Mapping[str, object] | None = None,
        **ids: object,
    ) -> Reply:
        """Signing parameters and query in the URL, the body as JSON; placeholders are filled from `ids`."""
        stamped = {**(query or {}), **self.stamp(**(over or {}))}
        sign = signature(base_string({**(body or {}), **stamped, **ids}), self.secret_key)
        target = f"/api/{self.api}{path.format(**{name: quote(str(value)) for name, value in ids.items()})}"
        pairs = {name: text(value) for name, value in {"signature": sign, **stamped}.items()}
        headers = {**self.authorization, **({"Content-Type": "application/json"} if body is not None else {})}
        sent = None if body is None else json.dumps(body).encode()
        return send(self.base_url, method, f"{target}?{urlencode(pairs)}", headers, sent)

    def upload(
        self,
        path: str,
        name: str,
        content: bytes,
        media_type: str = "text/plain",
        part: str = "document",
        **ids: object,
    ) -> Reply:
        """One file as multipart form data; the signature covers the other parameters."""
        stamped = self.stamp()
        pairs = {name: text(value) for name, value in self.sign(stamped, path=ids).items()}
        target = f"/api/{self.api}{path.format(**ids)}?{urlencode(pairs)}"
        disposition = f'Content-Disposition: form-data; name="{part}"; filename="{name}"'
        start = f"--limit\r\n{disposition}\r\nContent-Type: {media_type}\r\n\r\n".encode()
        headers = {**self.authorization, "Content-Type": "multipart/form-data; boundary=limit"}
        return send(self.base_url, "POST", target, headers, start + content + b"\r\n--limit--\r\n")
