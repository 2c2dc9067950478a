"""The honest server of `pantry.yaml`: parameters are signed, and whatever could be read in two ways is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
import yaml
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from tests.conformance.foreign.errors import Refused, accepts, read_media_type
from tests.conformance.foreign.texts import TEXTS, read_double, split_tags, write_json

DESCRIPTION = Path(__file__).parent / "pantry.yaml"
_BASE = "/larder"
_STAMP = ("ts", "once", "seal")
_ALLOWED = {"jars": "GET, POST", "jar": "GET, PATCH, DELETE", "labels": "GET, POST", "label": "DELETE"}
_HASHES: Mapping[str, Any] = {"hmac-sha1": hashlib.sha1, "hmac-sha384": hashlib.sha384}
_DIGESTS: Mapping[str, Callable[[bytes], str]] = {
    "base64url": lambda digest: base64.urlsafe_b64encode(digest).decode(),
    "hex-upper": lambda digest: digest.hex().upper(),
}


@dataclass
class Pantry:
    """One running server. `scheme` is the value of `x-signing`.

    `ambiguous`, `wrong`, `replayed` and `foreign` are the statuses for what has two readings, a wrong signature,
    a nonce that came before and what is somebody else's. `doubles` says that JSON numbers are read as JavaScript does.
    """

    users: Mapping[str, str]
    scheme: Mapping[str, Any]
    ambiguous: int = 400
    wrong: int = 403
    replayed: int = 409
    foreign: int = 404
    doubles: bool = False
    jars: dict[str, dict[str, Any]] = field(default_factory=dict)
    labels: dict[str, dict[str, Any]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        document = yaml.safe_load(DESCRIPTION.read_text("utf-8"))
        self.schemas = {
            name: jsonschema_rs.Draft202012Validator(
                {"$ref": f"#/components/schemas/{name}", "components": document["components"]}, validate_formats=True
            )
            for name in ("NewJar", "JarChange", "NewLabel", "Shelf")
        }

    async def response(self, request: Request) -> Response:
        """The response to any request."""
        try:
            return self.answer(request, await request.body())
        except Refused as refused:
            return write(refused.status, {"reason": refused.reason}, **self.describe_error(refused))

    def describe_error(self, refused: Refused) -> dict[str, str]:
        """The headers of an error."""
        return {**refused.headers, "reason_length": str(len(refused.reason))}

    def answer(self, request: Request, body: bytes) -> Response:
        """Find the place, then the user, then verify, then carry out."""
        place, ids = self.find_place(request)
        query, members = self.read_query(request), self.read_members(request, body)
        user = self.verify(request, query, members, ids)
        if request.method not in _ALLOWED[place].split(", "):
            raise Refused(405, "this cannot be done here", Allow=_ALLOWED[place])
        if not accepts(request.headers.get("accept", ""), "application/json"):
            raise Refused(406, "only JSON is written here")
        if request.method in ("POST", "PATCH") and not body:
            raise Refused(422, "a body is missing")
        for name, known in zip(ids.values(), (self.jars, self.labels), strict=False):
            if name not in known or self.owners[name] != user:
                raise Refused(self.foreign if name in known else 404, "there is no such thing")
        act: Callable[..., Response] = getattr(self, f"{request.method.lower()}_{place}")
        asked = self.check_query(place, request.method, query)
        return act(user=user, ids=ids, members=members, query=asked, headers=request.headers)

    def find_place(self, request: Request) -> tuple[str, dict[str, str]]:
        path = request.url.path.removeprefix(_BASE).strip("/").split("/")
        names = [*path, *[""] * (4 - len(path))]
        if len(path) > 4 or names[0] != "jars" or (names[2] and names[2] != "labels"):
            raise Refused(404, "there is no such page")
        places = ("jars", "jar", "labels", "label")
        ids = {name: value for name, value in (("jarId", names[1]), ("labelId", names[3])) if value}
        return places[len(path) - 1], ids

    def read_query(self, request: Request) -> dict[str, str]:
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        if len({name for name, _ in pairs}) < len(pairs):
            raise Refused(self.ambiguous, "a parameter comes twice")
        return dict(pairs)

    def read_members(self, request: Request, body: bytes) -> dict[str, Any]:
        if not body:
            return {}
        only_sealed = "body" in self.scheme["placement"]["accept"]
        if request.method not in ("POST", "PATCH", *["DELETE"] * only_sealed):
            raise Refused(400, "a body where none belongs")
        if read_media_type(request.headers.get("content-type", "")) != "application/json":
            raise Refused(415, "only JSON is read here")
        try:
            numbers = {"parse_int": read_double, "parse_float": read_double} if self.doubles else {}
            members = json.loads(body.decode("utf-8"), object_pairs_hook=self.read_pairs, **numbers)
        except ValueError:
            raise Refused(400, "the body is no JSON") from None
        if not isinstance(members, dict):
            raise Refused(422, "the body is no object")
        return members

    def read_pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise Refused(self.ambiguous, "a member comes twice")
        return dict(pairs)

    def verify(self, request: Request, query: dict[str, str], members: dict[str, Any], ids: dict[str, str]) -> str:
        """The user of a request that is signed rightly, lately, and not for the second time."""
        user = request.headers.get("x-pantry-owner", "")
        if user not in self.users:
            raise Refused(401, "nobody is known by that name")
        if {*query} & {*members} or {*ids} & {*query, *members}:
            raise Refused(self.ambiguous, "one name in two places")
        stamp = self.read_stamp(query, members)
        if not hmac.compare_digest(self.sign(query, members, ids, self.users[user]).encode(), stamp["seal"].encode()):
            raise Refused(self.wrong, "the seal is broken")
        unit = 1000 if self.scheme["timestamp"]["unit"] == "ms" else 1
        text = stamp["ts"]
        is_number = text.isascii() and text.isdecimal() and len(text) < 16
        if not is_number or abs(time.time() - int(text) / unit) > self.scheme["timestamp"]["window_seconds"]:
            raise Refused(self.wrong, "too late, or too early")
        if self.scheme["nonce"]["type"] == "integer" and not stamp["once"].isdecimal():
            raise Refused(self.wrong, "once is no number")
        if (user, stamp["once"].lstrip("0")) in self.used:
            raise Refused(self.replayed, "that came before")
        self.used.add((user, stamp["once"].lstrip("0")))
        return user

    def read_stamp(self, query: dict[str, str], members: dict[str, Any]) -> dict[str, str]:
        """The three signing parameters, from the only place that has any of them."""
        places = {"query": query, "body": members}
        having = [name for name, place in places.items() if {*place} & {*_STAMP}]
        if len(having) > 1 or {*having} - {*self.scheme["placement"]["accept"]}:
            raise Refused(self.ambiguous, "the seal is not where it belongs")
        found = {name: value for place in having for name, value in places[place].items()}
        for name in _STAMP:
            value = found.get(name)
            if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
                raise Refused(401, f"{name} is missing")
        return {name: str(found[name]) for name in _STAMP}

    def sign(self, query: Mapping[str, Any], members: Mapping[str, Any], ids: Mapping[str, Any], key: str) -> str:
        """The signature that these parameters should have."""
        message = self.scheme["message"]
        places = {"query": query, "body": members, "path": ids}
        values: dict[str, Any] = {}
        for place in message["parameters"]:
            values |= {name: value for name, value in places[place].items() if name not in values}
        write = TEXTS[message["values"]]
        names = [*values] if message["order"] == "as-sent" else sorted(values)
        pairs = [(name, write(values[name])) for name in names if name != "seal"]
        text = message["separator"].join(message["pair"].format(name=name, value=value) for name, value in pairs)
        digest = hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), _HASHES[self.scheme["algorithm"]])
        return _DIGESTS[self.scheme["digest"]](digest.digest())

    def check_query(self, place: str, method: str, query: dict[str, str]) -> dict[str, str]:
        rest = {name: value for name, value in query.items() if name not in _STAMP}
        known = {"cursor", "size", "shelf"} if (place, method) == ("jars", "GET") else set()
        if unknown := {*rest} - known:
            raise Refused(422, f"nobody knows {min(unknown)}")
        return rest

    def get_jars(self, *, user: str, query: dict[str, str], **_: Any) -> Response:
        size, shelf = query.get("size", "10"), query.get("shelf")
        if not (size.isascii() and size.isdecimal() and len(size) < 10 and 1 <= int(size) <= 40):
            raise Refused(422, "size is no number from 1 to 40")
        if shelf is not None and not self.schemas["Shelf"].is_valid(shelf):
            raise Refused(422, "there is no such shelf")
        own = [jar for name, jar in self.jars.items() if self.owners[name] == user and shelf in (None, jar["shelf"])]
        if (cursor := query.get("cursor", "")) and self.owners.get(cursor) != user:
            raise Refused(422, "there is no such cursor")
        order = list(self.owners)  # whose place it is may be gone
        after = [jar for jar in own if not cursor or order.index(jar["jarId"]) > order.index(cursor)]
        page = after[: int(size)]
        more = {"next_cursor": page[-1]["jarId"]} if len(after) > len(page) else {}
        return write(200, page, x_total_count=str(self.count(own, page)), **more)

    def count(self, fitting: list[Any], page: list[Any]) -> int:
        """How many jars fit what was asked for."""
        return len(fitting)

    def post_jars(self, *, user: str, members: dict[str, Any], **_: Any) -> Response:
        content = self.check("NewJar", members)
        now = write_now()
        jar = {"jarId": str(uuid.uuid4()), **content, "createdAt": now, "updatedAt": now}
        self.jars[jar["jarId"]], self.owners[jar["jarId"]] = jar, user
        return write(201, jar, location=self.locate(jar))

    def locate(self, jar: Mapping[str, Any]) -> str:
        """The address of a jar."""
        return f"{_BASE}/jars/{jar['jarId']}"

    def tag(self, jar: Mapping[str, Any]) -> str:
        """The tag of the present version."""
        return f'"{hashlib.sha256(write_json(jar).encode("utf-8", "surrogatepass")).hexdigest()[:16]}"'

    def is_excluded(self, jar: Mapping[str, Any], headers: Headers) -> bool:
        """Whether a client has the version that it asks for, or not the one that it would change."""
        known, needed = headers.get("if-none-match"), headers.get("if-match")
        is_known = known is not None and (known.strip() == "*" or self.tag(jar) in split_tags(known))
        return is_known or not (needed is None or needed.strip() == "*" or self.tag(jar) in split_tags(needed))

    def get_jar(self, *, ids: dict[str, str], headers: Headers, **_: Any) -> Response:
        jar = self.jars[ids["jarId"]]
        if self.is_excluded(jar, headers):
            return Response(status_code=304, headers={"ETag": self.tag(jar)})
        return write(200, jar, etag=self.tag(jar))

    def patch_jar(self, *, ids: dict[str, str], members: dict[str, Any], headers: Headers, **_: Any) -> Response:
        if self.is_excluded(self.jars[ids["jarId"]], headers):
            raise Refused(412, "it is another version")
        self.jars[ids["jarId"]].update(self.check("JarChange", members), updatedAt=write_now())
        return Response(status_code=204)

    def delete_jar(self, *, ids: dict[str, str], **_: Any) -> Response:
        del self.jars[ids["jarId"]]
        for name in [name for name, label in self.labels.items() if label["of"] == ids["jarId"]]:
            del self.labels[name]
        return Response(status_code=204)

    def get_labels(self, *, ids: dict[str, str], **_: Any) -> Response:
        return write(200, [show(one) for one in self.labels.values() if one["of"] == ids["jarId"]])

    def post_labels(self, *, user: str, ids: dict[str, str], members: dict[str, Any], **_: Any) -> Response:
        label = {"labelId": str(uuid.uuid4()), **self.check("NewLabel", members), "of": ids["jarId"]}
        self.labels[label["labelId"]], self.owners[label["labelId"]] = label, user
        return write(201, show(label))

    def delete_label(self, *, ids: dict[str, str], **_: Any) -> Response:
        if self.labels[ids["labelId"]]["of"] != ids["jarId"]:
            raise Refused(404, "there is no such label")
        del self.labels[ids["labelId"]]
        return Response(status_code=204)

    def check(self, schema: str, members: dict[str, Any]) -> dict[str, Any]:
        """What was sent beside the seal, if the schema allows it."""
        content = {name: value for name, value in members.items() if name not in _STAMP}
        if error := next(self.schemas[schema].iter_errors(content), None):
            raise Refused(422, error.message.encode("utf-8", "replace").decode()[:200])
        return content


def show(label: dict[str, Any]) -> dict[str, Any]:
    """A label without the jar that it is on."""
    return {name: value for name, value in label.items() if name != "of"}


def write_now() -> str:
    return datetime.now(UTC).isoformat()


def write(status: int, content: Any, **headers: str) -> Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(content), status, names, "application/json")
