"""A small honest server of a description, and the bugs that a test can plant into it.

It keeps objects in memory and verifies requests with its own few lines over the standard
library's `hmac`, so that the suite is not held against the code it was made from.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

import jsonschema_rs
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from generator.ir import Operation, thaw
from generator.signing.text import VALUES
from tests.conformance.servers.model_objects import PLANTED, ServerObjects, is_filter, is_order
from tests.conformance.servers.signature_bugs import ACCEPTED, Sent

__all__ = ["PLANTED", "Model", "serve"]


OWN_STATUSES = {"wrong signature": 422, "stale": 400, "replayed": 409, "timestamp or nonce missing": 400}


@dataclass
class Model(ServerObjects):
    """One running API; `bugs` are words that the code here and that of its objects asks for."""

    nonces: set[tuple[str, str]] = field(default_factory=set)
    requests: list[tuple[str, str]] = field(default_factory=list)
    sent: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    validators: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.document = thaw(self.api.document)
        signing = self.api.signing
        assert signing is not None
        self.signing_names = (signing.parameter, signing.timestamp.parameter, signing.nonce.parameter)

    async def response(self, request: Request) -> Response:
        raw_path = request.scope["raw_path"].decode("latin-1").removeprefix(self.api.base_path)
        segments = [unquote(segment) for segment in raw_path.split("/") if segment]
        self.requests.append((request.method, raw_path))
        query = dict(parse_qsl(request.url.query, keep_blank_values=True))
        raw = await request.body()
        self.sent.append(({name: text for name, text in query.items() if name not in self.signing_names}, raw))
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            return self.error(400 if "400 for no JSON" in self.bugs else 422, "the body is no JSON")
        operation, ids = self.route(request.method, segments)
        members = body if isinstance(body, dict) else {}
        if "deletes before it looks" in self.bugs and operation is not None and operation.name == "destroy":
            self.objects.get("exams", {}).pop(int(ids["id"]), None)
        first_members = json.loads(raw, object_pairs_hook=first_of_each) if members else {}
        refused = self.authenticate(request, operation, ids, query, members, first_members)
        if refused is not None:
            if "refusals of its own" in self.bugs:
                refused.status_code = OWN_STATUSES.get(json.loads(bytes(refused.body))["error"], refused.status_code)
            refused.status_code = 401 if "always 401" in self.bugs else refused.status_code
            return refused
        if operation is None:
            return self.error(404, "no such page")
        if "no POST is signed rightly" in self.bugs and request.method == "POST":
            return self.error(422, "wrong signature")
        if "strict and short of words" in self.bugs and {*query, *members} & {"conformance"}:
            return self.error(422, "wrong signature")
        return self.call(operation, ids, query, body, self.user_of(request))

    def route(self, method: str, segments: list[str]) -> tuple[Operation | None, dict[str, str]]:
        for operation in sorted(self.api.operations, key=lambda o: o.path.count("{")):
            template = operation.path.strip("/").split("/")
            if operation.method != method or len(template) != len(segments):
                continue
            pairs = list(zip(template, segments, strict=True))
            if all(t == s or t.startswith("{") for t, s in pairs):
                return operation, {t[1:-1]: s for t, s in pairs if t.startswith("{")}
        return None, {}

    def authenticate(
        self,
        request: Request,
        operation: Operation | None,
        ids: dict[str, str],
        query: dict[str, str],
        body: Any,
        first_members: Any,
    ) -> Response | None:
        signing, token = self.api.signing, self.user_of(request)
        assert signing is not None
        if token not in self.users:
            if "token not checked" not in self.bugs:
                return self.error(401, "unknown token")
            token = next(iter(self.users))
        params = {**body, **query, **ids}
        if "signature ignored" in self.bugs or (
            "signature ignored on DELETE" in self.bugs and request.method == "DELETE"
        ):
            return None
        signature = params.pop(signing.parameter, "")
        if "signature trimmed" in self.bugs:
            signature = str(signature).rstrip()
        first = first_of_each(parse_qsl(request.url.query, keep_blank_values=True))
        wrong = signature not in self.accepted_signatures(ids, query, body, self.users[token], first, first_members)
        if wrong and "signature not compared" not in self.bugs:
            return self.error(403, "wrong signature")
        params |= first if "first of repeated parameters looked at" in self.bugs else {}
        return self.fresh(token, params, f"{request.method} {request.url.path}")

    def accepted_signatures(
        self, ids: Any, query: Any, body: Any, secret_key: str, first: dict[str, Any], first_members: dict[str, Any]
    ) -> list[str]:
        """The signatures that this server takes: the valid one, and those of its bugs."""
        signing = self.api.signing
        assert signing is not None
        parts = (ids, query, body, first, first_members)
        path, query, body, first, first_members = (
            {n: v for n, v in part.items() if n != signing.parameter} for part in parts
        )
        sent = Sent(
            path=path,
            query=query,
            body=body,
            first=first,
            first_members=first_members,
            stamp=frozenset((signing.timestamp.parameter, signing.nonce.parameter)),
            key=secret_key,
            keys=tuple(self.users.values()),
            sign=self.sign_params,
            base=self.base,
        )
        careless = (text for bug in self.bugs if bug in ACCEPTED for text in ACCEPTED[bug](sent))
        return [self.sign_params(sent.params, secret_key), *careless]

    def user_of(self, request: Request) -> str:
        """The token of a header that is written as described."""
        scheme = self.api.token
        assert scheme is not None
        before, _, after = scheme.format.partition("{token}")
        header = request.headers.get(scheme.header, "")
        token = header.removeprefix(before).removesuffix(after)
        return token if header == f"{before}{token}{after}" else ""

    def fresh(self, token: str, params: dict[str, Any], route: str) -> Response | None:
        signing = self.api.signing
        assert signing is not None
        try:
            moment = int(params[signing.timestamp.parameter])
            nonce = params[signing.nonce.parameter]
            digits_only = signing.nonce.type == "integer" or "nonces are numbers" in self.bugs
            nonce = str(int(nonce) if digits_only else nonce)
        except (KeyError, ValueError, TypeError):
            return self.error(403, "timestamp or nonce missing")
        no_text = not isinstance(params[signing.nonce.parameter], int | str)
        if not nonce or no_text or isinstance(params[signing.timestamp.parameter], bool):
            return self.error(403, "timestamp or nonce empty")
        nonce += route if "nonce for each route" in self.bugs else ""
        seconds = moment / (1000 if signing.timestamp.unit == "ms" else 1)
        window = signing.timestamp.window_seconds * (24 if "window too wide" in self.bugs else 1)
        if (
            abs(time.time() - seconds) > (5 if "window too narrow" in self.bugs else window)
            and "window not checked" not in self.bugs
        ):
            return self.error(403, "stale")
        if {(token, nonce), ("", nonce)} & self.nonces and "nonce reuse accepted" not in self.bugs:
            return self.error(403, "replayed")
        self.nonces.add(("" if "nonce for all users" in self.bugs else token, nonce))
        return None

    def sign_params(self, params: Mapping[str, Any], secret_key: str) -> str:
        signing = self.api.signing
        assert signing is not None
        kind = {"hmac-sha256": hashlib.sha256, "hmac-sha512": hashlib.sha512}[signing.algorithm]
        digest = hmac.new(secret_key.encode(), self.base(params).encode("utf-8", "surrogatepass"), kind)
        if signing.digest == "base64":
            import base64

            return base64.b64encode(digest.digest()).decode()
        return digest.hexdigest()

    def base(self, params: Mapping[str, Any]) -> str:
        signing = self.api.signing
        assert signing is not None
        text = VALUES[signing.values]
        names = sorted(params, key=lambda name: name.encode())
        return signing.separator.join(signing.pair.format(name=name, value=text(params[name])) for name in names)

    def call(self, operation: Operation, ids: dict[str, str], query: dict[str, str], body: Any, user: str) -> Response:
        if "crashes on non-ASCII" in self.bugs and not json.dumps(body, ensure_ascii=False).isascii():
            return self.error(500, "encode error")
        if "crashes when listed" in self.bugs and operation.name == "list" and "conformance_2" in query:
            return self.error(500, "too long")
        if "hangs up" in self.bugs and operation.method == "PATCH":
            return Response(b"", headers={"content-length": "100"})
        if operation.method == "PATCH" and "no right to change" in self.bugs:
            return self.error(401, "the user may not do this")
        if operation.method == "PATCH" and "changes refused as unsigned" in self.bugs:
            return self.error(403, "wrong signature")
        if problem := self.invalid(operation, query, body):
            return self.error(422, problem)
        return self.carry_out(operation, ids, query, body, user)

    def invalid(self, operation: Operation, query: dict[str, str], body: Any) -> str:
        for parameter in operation.in_("query"):
            text = query.get(parameter.name)
            if text is not None and (problem := self.unfit(parameter.schema.definition, text)):
                return f"{parameter.name}: {problem}"
            if text and (filtering := operation.filter):
                columns = [column.name for column in filtering.columns]
                test = {filtering.filter: is_filter, filtering.sort: is_order}.get(parameter.name)
                if test and not test(text, columns):
                    return f"{parameter.name}: not valid"
        if operation.body is None:
            return ""
        if "settings are not required" in self.bugs and isinstance(body, dict):
            body = {**dict.fromkeys(("name", "title"), "x"), **body}
        error = next(self.validator(operation.body.schema.definition).iter_errors(body), None)
        return error.message if error else ""

    def unfit(self, definition: Any, text: str) -> str:
        candidates: list[Any] = [text]
        if text.lstrip("-").isdecimal() and text.isascii():
            candidates.append(int(text))
        if any(self.validator(definition).is_valid(value) for value in candidates):
            return ""
        return "not valid"

    def validator(self, definition: Any) -> Any:
        key = id(definition)
        if key not in self.validators:
            schema = {**dict(thaw(definition)), "components": self.document["components"]}
            self.validators[key] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        return self.validators[key]


def first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a repeated name the first value."""
    return dict(reversed(pairs))


class Serving(Protocol):
    """Whatever has a response to each request."""

    async def response(self, request: Request) -> Response:
        """The response to a request."""


@contextmanager
def serve(model: Serving, certificate: Path | None = None) -> Iterator[str]:
    """Serve it on a free port of this machine; with a file of a certificate and its key by https."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await model.response(Request(scope, receive))
        await response(scope, receive, send)

    # With its protocol named, asyncio sends at once; otherwise each response waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who calls before the server is up has to wait, and is not refused
        config = uvicorn.Config(app, log_level="critical", ws="none", lifespan="off", ssl_certfile=certificate)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http{'s' if certificate else ''}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
