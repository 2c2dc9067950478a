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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

import jsonschema_rs
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from generator.ir import Api, Operation, thaw
from generator.layers.client.runtime.text import VALUES
from tests.conformance.signature_bugs import TAKEN, Sent

PLANTED = {"pin": "planted-pin-1234", "owner": "planted-owner@shelf.example"}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass
class Model:
    """One running API. `users` are secret keys by token; `bugs` are words that the code below asks for."""

    api: Api
    users: dict[str, str]
    bugs: frozenset[str] = frozenset()
    objects: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    nonces: set[tuple[str, str]] = field(default_factory=set)
    requests: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    validators: dict[int, Any] = field(default_factory=dict)
    last_id: int = 100
    hostile: str = ""

    def __post_init__(self) -> None:
        self.document = thaw(self.api.document)

    async def answer(self, request: Request) -> Response:
        raw_path = request.scope["raw_path"].decode("latin-1").removeprefix(self.api.base_path)
        segments = [unquote(segment) for segment in raw_path.split("/") if segment]
        self.requests.append((request.method, raw_path))
        query = dict(parse_qsl(request.url.query, keep_blank_values=True))
        raw = await request.body()
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            return refusal(422, "the body is no JSON")
        operation, ids = self.routed(request.method, segments)
        members = body if isinstance(body, dict) else {}
        if "deletes before it looks" in self.bugs and operation is not None and operation.name == "destroy":
            self.objects.get("exams", {}).pop(int(ids["id"]), None)
        refused = self.authenticated(request, operation, ids, query, members)
        if refused is not None:
            refused.status_code = 401 if "always 401" in self.bugs else refused.status_code
            return refused
        if operation is None:
            return refusal(404, "no such page")
        return self.called(operation, ids, query, body)

    def routed(self, method: str, segments: list[str]) -> tuple[Operation | None, dict[str, str]]:
        for operation in sorted(self.api.operations, key=lambda o: o.path.count("{")):
            template = operation.path.strip("/").split("/")
            if operation.method != method or len(template) != len(segments):
                continue
            pairs = list(zip(template, segments, strict=True))
            if all(t == s or t.startswith("{") for t, s in pairs):
                return operation, {t[1:-1]: s for t, s in pairs if t.startswith("{")}
        return None, {}

    def authenticated(
        self, request: Request, operation: Operation | None, ids: dict[str, str], query: dict[str, str], body: Any
    ) -> Response | None:
        signing, token_scheme = self.api.signing, self.api.token
        assert signing is not None and token_scheme is not None
        before, _, after = token_scheme.format.partition("{token}")
        header = request.headers.get(token_scheme.header, "")
        token = header.removeprefix(before).removesuffix(after)
        if token not in self.users or header != f"{before}{token}{after}":
            if "token not checked" not in self.bugs:
                return refusal(401, "unknown token")
            token = next(iter(self.users))
        params = {**body, **query, **ids}
        if "signature ignored" in self.bugs or (
            "signature ignored on DELETE" in self.bugs and request.method == "DELETE"
        ):
            return None
        signature = params.pop(signing.parameter, "")
        wrong = signature not in self.taken(ids, query, body, self.users[token])
        if wrong and "signature not compared" not in self.bugs:
            return refusal(403, "wrong signature")
        return self.fresh(token, params, f"{request.method} {request.url.path}")

    def taken(self, ids: Any, query: Any, body: Any, secret_key: str) -> list[str]:
        """The signatures that this server takes: the right one, and those of its bugs."""
        signing = self.api.signing
        assert signing is not None
        path, query, body = ({n: v for n, v in part.items() if n != signing.parameter} for part in (ids, query, body))
        sent = Sent(
            path=path,
            query=query,
            body=body,
            stamp=frozenset((signing.timestamp.parameter, signing.nonce.parameter)),
            key=secret_key,
            keys=tuple(self.users.values()),
            sign=self.signed,
            base=self.base,
        )
        careless = (text for bug in self.bugs if bug in TAKEN for text in TAKEN[bug](sent))
        return [self.signed(sent.params, secret_key), *careless]

    def fresh(self, token: str, params: dict[str, Any], route: str) -> Response | None:
        signing = self.api.signing
        assert signing is not None
        try:
            moment = int(params[signing.timestamp.parameter])
            nonce = params[signing.nonce.parameter]
            nonce = str(int(nonce) if signing.nonce.type == "integer" else nonce)
        except (KeyError, ValueError, TypeError):
            return refusal(403, "timestamp or nonce missing")
        if not nonce or isinstance(params[signing.timestamp.parameter], bool):
            return refusal(403, "timestamp or nonce empty")
        nonce += route if "nonce for each route" in self.bugs else ""
        seconds = moment / (1000 if signing.timestamp.unit == "ms" else 1)
        window = signing.timestamp.window_seconds * (24 if "window too wide" in self.bugs else 1)
        if (
            abs(time.time() - seconds) > (5 if "window too narrow" in self.bugs else window)
            and "window not checked" not in self.bugs
        ):
            return refusal(403, "stale")
        if {(token, nonce), ("", nonce)} & self.nonces and "nonce reuse accepted" not in self.bugs:
            return refusal(403, "replayed")
        self.nonces.add(("" if "nonce for all users" in self.bugs else token, nonce))
        return None

    def signed(self, params: Mapping[str, Any], secret_key: str) -> str:
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
        return signing.separator.join(
            signing.pair.replace("{name}", name).replace("{value}", text(params[name])) for name in names
        )

    def called(self, operation: Operation, ids: dict[str, str], query: dict[str, str], body: Any) -> Response:
        if "crashes on non-ASCII" in self.bugs and not json.dumps(body, ensure_ascii=False).isascii():
            return refusal(500, "encode error")
        if "hangs up" in self.bugs and operation.method == "PATCH":
            return Response(b"", headers={"content-length": "100"})
        if problem := self.invalid(operation, query, body):
            return refusal(422, problem)
        parents = self.parents(operation, ids)
        if parents is None:
            return refusal(404, "no such object")
        actions: dict[str, Callable[..., Response]] = {
            "create": self.create,
            "show": self.show,
            "update": self.show,
            "replace": self.show,
            "destroy": self.destroy,
            "documents_zip_status": lambda *_: JSONResponse({"zip_job_status": "never_run"}),
            "generate_documents_zip": lambda *_: JSONResponse({}),
            "download_documents_zip": lambda *_: refusal(404, "no file"),
        }
        action = self.list if operation.name.startswith("list") else actions[operation.name]
        return action(operation, parents, query)

    def invalid(self, operation: Operation, query: dict[str, str], body: Any) -> str:
        for parameter in operation.in_("query"):
            text = query.get(parameter.name)
            if text is not None and (problem := self.unfit(parameter.schema.definition, text)):
                return f"{parameter.name}: {problem}"
            if (
                text is not None
                and operation.filter
                and parameter.name in (operation.filter.filter, operation.filter.sort)
            ):
                return "filtering is not supported by this model"
        if operation.body is None:
            return ""
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

    def parents(self, operation: Operation, ids: dict[str, str]) -> list[dict[str, Any]] | None:
        found = []
        for name, value in ids.items():
            collection = operation.path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
            known = self.objects.get(collection, {})
            is_number = value.isascii() and value.isdecimal() and len(value) < 12
            if not is_number or int(value) not in known:
                return None
            found.append(known[int(value)])
        return found

    def create(self, operation: Operation, _: list[dict[str, Any]], __: dict[str, str]) -> Response:
        self.last_id += 1
        made = self.example(operation)
        made["id"] = self.last_id
        if "wrong enum value" in self.bugs and "status" in made:
            made["status"] = self.hostile or "perhaps"
        if "echo" in self.bugs:
            made["seen"] = [*self.users.items()]
        self.objects.setdefault(operation.path.rpartition("/")[2], {})[self.last_id] = made
        return JSONResponse({operation.success.envelope: made})

    def show(self, operation: Operation, found: list[dict[str, Any]], _: dict[str, str]) -> Response:
        return JSONResponse({operation.success.envelope: found[-1]})

    def destroy(self, operation: Operation, found: list[dict[str, Any]], _: dict[str, str]) -> Response:
        collection = operation.path.rpartition("/")[0].rpartition("/")[2]
        self.deleted.append(f"{collection}/{found[-1]['id']}")
        if "deleted objects stay" not in self.bugs:
            del self.objects[collection][found[-1]["id"]]
        return JSONResponse({})

    def list(self, operation: Operation, _: list[dict[str, Any]], query: dict[str, str]) -> Response:
        items = list(self.objects.get(operation.path.rpartition("/")[2], {}).values())
        headers = {}
        if paging := operation.pagination:
            page, limit = int(query.get(paging.page, 1)), int(query.get(paging.limit, paging.max_limit))
            pages = -(-len(items) // limit)
            counts = (paging.item_count, len(items)), (paging.page_count, pages)
            headers = {
                name: str(value) for name, value in (*counts, (paging.page_header, page), (paging.limit_header, limit))
            }
            items = items[(page - 1) * limit : page * limit]
        return JSONResponse({operation.success.envelope: items}, headers=headers)

    def example(self, operation: Operation) -> dict[str, Any]:
        value: Any = thaw(operation.success.examples[0].value)
        made = dict(value[operation.success.envelope])
        return {**made, **{name: text for name, text in PLANTED.items() if name in made}}


def refusal(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=status)


@contextmanager
def serving(model: Model) -> Iterator[str]:
    """Serve the model on a free port of this machine."""
    app = Starlette(routes=[Route("/{path:path}", model.answer, methods=METHODS)])
    # With its protocol named, asyncio sends at once; otherwise each answer waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who calls before the server is up has to wait, and is not refused
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
