"""The honest server of `vault.yaml`: whole requests are signed, and others' deposits are forbidden."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import Response

from tests.conformance.foreign.errors import Refused, accepts, read_media_type

_FIELD = re.compile(r'(\w+)="([^"]*)"')
_FORM, _JSON = "application/x-www-form-urlencoded", "application/vnd.vault+json"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MOST = 100_000


@dataclass
class Vault:
    """One running server; deposits by their ids, each with its owner. Without nonce, if all is `in_headers`."""

    users: Mapping[str, str]
    in_headers: bool = False
    usual_worth: int = 10
    patience: float = 0.0
    deposits: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    async def response(self, request: Request) -> Response:
        """The response to any request."""
        try:
            return self.answer(request, await request.body())
        except Refused as refused:
            problem = {"title": refused.reason, "status": refused.status}
            return Response(json.dumps(problem), refused.status, refused.headers, "application/problem+json")

    def answer(self, request: Request, body: bytes) -> Response:
        """Who is it, what is it, may it, do it."""
        user = self.verify(request, body)
        path = request.url.path.strip("/").split("/")
        if path[0] != "deposits" or len(path) > 2:
            raise Refused(404, "No such page")
        if not accepts(request.headers.get("accept", ""), _JSON):
            raise Refused(406, "Only JSON is spoken here")
        allowed = ("GET", "POST") if len(path) == 1 else ("GET", "PUT", "DELETE")
        if request.method not in allowed:
            raise Refused(405, "Not here", Allow=", ".join(allowed))
        if len(path) == 1:
            return self.list_deposits(request, user) if request.method == "GET" else self.create(request, body, user)
        owner, deposit = self.deposits.get(path[1], ("", {}))
        if not owner:
            raise Refused(404, "No such deposit")
        if owner != user:
            raise Refused(403, "Somebody else's deposit")
        if request.method == "PUT":
            self.replace(deposit, self.read_json(request, body))
        if request.method == "DELETE":
            del self.deposits[path[1]]
            return Response(status_code=204)
        return write(200, {"deposit": deposit})

    def replace(self, deposit: dict[str, Any], sent: dict[str, Any]) -> None:
        """What is left out is removed."""
        deposit.update({"owner_email": None, **sent})

    def verify(self, request: Request, body: bytes) -> str:
        """The user who signed the whole request."""
        user, at, once, seal = read_headers(request) if self.in_headers else read_authorization(request)
        if user not in self.users or not (at.isascii() and at.isdecimal()):
            raise Refused(401, "Nobody, or no time")
        compute = sign_for_headers if self.in_headers else sign_for_authorization
        room = self.read_room(request)
        if not hmac.compare_digest(compute(request, body, at, once + room, self.users[user]).encode(), seal.encode()):
            raise Refused(401, "Another seal")
        seconds, window = (int(at), 300.0) if self.in_headers else (int(at) / 1000, 60.0)
        if len(at) > 15 or abs(time.time() - seconds) > window + self.patience:
            raise Refused(401, "Another time")
        if not self.in_headers and (not once or (user, once) in self.used):
            raise Refused(401, "Another time already")
        self.used.add((user, once))
        return user

    def read_room(self, request: Request) -> str:
        """The room of the vault, which only headers name."""
        return request.headers.get("x-room", "") if self.in_headers else ""

    def list_deposits(self, request: Request, user: str) -> Response:
        query = dict(parse_qsl(request.url.query, keep_blank_values=True))
        offset, count = read_number(query.get("offset", "0")), read_number(query.get("count", "20"))
        if not 1 <= count <= 50:
            raise Refused(400, "count is no number from 1 to 50")
        own = [deposit for owner, deposit in self.deposits.values() if owner == user]
        return write(200, {"meta": {"total": len(own)}, "results": own[offset : offset + count]})

    def create(self, request: Request, body: bytes, user: str) -> Response:
        if read_media_type(request.headers.get("content-type", "")) != _FORM:
            raise Refused(400, "Not a form")
        try:
            sent = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict"))
        except UnicodeDecodeError:
            raise Refused(400, "Not a form") from None
        thing, address = sent.get("thing", ""), sent.get("owner_email")
        worth = read_number(sent.get("worth", str(self.usual_worth)))
        if not 1 <= len(thing) <= 120 or worth > _MOST or (address is not None and not _ADDRESS.fullmatch(address)):
            raise Refused(400, "Not a deposit")
        name = str(uuid.uuid4())
        deposit = {"id": name, "thing": thing, "worth": worth, "owner_email": address, "deposited": int(time.time())}
        self.deposits[name] = user, deposit
        return write(201, {"deposit": deposit})

    def read_json(self, request: Request, body: bytes) -> dict[str, Any]:
        if read_media_type(request.headers.get("content-type", "")) != _JSON:
            raise Refused(400, "Not JSON")
        try:
            sent = json.loads(body.decode("utf-8"))
        except ValueError:
            raise Refused(400, "Not JSON") from None
        thing, worth = (sent.get("thing"), sent.get("worth")) if isinstance(sent, dict) else (None, None)
        if isinstance(worth, float) and worth.is_integer():
            worth = int(worth)
        if not isinstance(thing, str) or not 1 <= len(thing) <= 120:
            raise Refused(400, "Not a thing")
        if isinstance(worth, bool) or not isinstance(worth, int) or not 0 <= worth <= _MOST:
            raise Refused(400, "Not worth anything")
        address = sent.get("owner_email")
        if "owner_email" in sent and not (isinstance(address, str) and _ADDRESS.fullmatch(address)):
            raise Refused(400, "Not an address")
        return {"thing": thing, "worth": worth, **({"owner_email": address} if address else {})}


def read_authorization(request: Request) -> tuple[str, str, str, str]:
    """Who, when, once, and the signature."""
    headers = request.headers.getlist("authorization")
    word, _, rest = (headers[0] if len(headers) == 1 else "").partition(" ")
    pairs = _FIELD.findall(rest)
    fields = dict(pairs)
    if word != "Vault" or len(pairs) > len(fields) or {"who", "at", "once", "seal"} - {*fields}:
        raise Refused(401, "Not sealed")
    return fields["who"], fields["at"], fields["once"], fields["seal"]


def read_headers(request: Request) -> tuple[str, str, str, str]:
    """The same from three headers, with nothing that comes once."""
    texts = [request.headers.getlist(name) for name in ("x-who", "x-at", "x-seal")]
    if any(len(one) != 1 for one in texts) or not texts[2][0].startswith("v1="):
        raise Refused(401, "Not sealed")
    return texts[0][0], texts[1][0], "", texts[2][0].removeprefix("v1=")


def sign_for_authorization(request: Request, body: bytes, at: str, once: str, key: str) -> str:
    """The signature over lines."""
    query = sorted(
        (quote(name, safe="-._~"), quote(value, safe="-._~"))
        for name, value in parse_qsl(request.url.query, keep_blank_values=True)
    )
    lines = (
        *(at, once, request.method.lower(), request.scope["raw_path"].decode("latin-1")),
        "&".join(f"{name}={value}" for name, value in query),
        base64.b64encode(hashlib.sha256(body).digest()).decode(),
    )
    return base64.b64encode(hmac.new(key.encode(), "\n".join(lines).encode(), hashlib.sha512).digest()).decode()


def sign_for_headers(request: Request, body: bytes, at: str, room: str, key: str) -> str:
    """The signature over method, target, time, room and body."""
    path, query = (request.scope[name].decode("latin-1") for name in ("raw_path", "query_string"))
    target = f"{path}?{query}" if query else path
    text = ":".join((request.method, target, at, room, hashlib.sha256(body).hexdigest()))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def read_number(text: str) -> int:
    """A whole number that is not negative."""
    if not (text.isascii() and text.isdecimal() and len(text) < 100):
        raise Refused(400, "Not a number")
    return int(text)


def write(status: int, content: Any) -> Response:
    return Response(json.dumps(content), status, media_type=_JSON)
