"""The shared vectors through the socket: what is right is accepted, what is changed is refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from procwise_sandbox.loading import load_description
from procwise_sandbox.server.application import build
from procwise_sandbox.server.serving import run_in_thread
from procwise_sandbox.settings.options import Options
from tests.sandbox.sandbox_calls import Reply, send, signature

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parents[1] / "signing" / "vectors.json").read_text("utf-8"))["vectors"]
SERVER_SIDE = json.loads((HERE / "server_side.json").read_text("utf-8"))["server_side"]
NOW = 1527500365.052
SECRET = "sandbox-secret-0123456789abcdefghijklmnopq"
# routes of the vectors that no page describes
ITEMS = (
    ("POST", "/exams/{id}"),
    ("POST", "/exams/{id}/proctor_pool"),
    ("GET", "/student_sessions/{id}/reviewable"),
)


@dataclass(frozen=True)
class Server:
    """A sandbox in 2018 whose demo user's secret key the test chooses."""

    base_url: str
    token: str
    database: Path

    def send(self, method: str, target: str, body: bytes | None, content_type: str | None, secret: str) -> Reply:
        state = sqlite3.connect(self.database, isolation_level=None, timeout=20)
        state.execute("UPDATE _accounts SET secret_key = ? WHERE label = 'demo'", (secret,))
        state.execute("DELETE FROM _nonces")
        state.close()
        headers = {"Authorization": f"Token token={self.token}"}
        headers |= {"Content-Type": content_type} if content_type else {}
        return send(self.base_url, method, target, headers, body)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    database = tmp_path_factory.mktemp("vectors") / "state.db"
    options = Options(database=f"sqlite:///{database}", clock=lambda: NOW)
    application = build(replace(load_description(), apis=tuple(map(_with_probes, load_description().apis))), options)
    with run_in_thread(application) as result:
        yield Server(result.base_url, result.token, database)


def _with_probes(api: Any) -> Any:
    """The version with the routes of no page, answered by what shows exams."""
    if api.name != "v3":
        return api
    show = next(o for o in api.operations if o.id == "showExam")
    probes = [replace(show, method=method, path=path) for method, path in ITEMS]
    return replace(api, operations=(*api.operations, *probes))


def request(vector: dict[str, Any], sign: str) -> tuple[str, bytes | None, str | None]:
    """Target, body and content type as the vector's transport asks."""
    params = {**vector["params"], "signature": sign}
    if vector["transport"] == "json":
        return vector["path"], json.dumps(params).encode(), "application/json"
    if vector["transport"] == "query_pathids":
        ids = {"id", "exam_id"} & params.keys()
        params = {name: value for name, value in params.items() if name not in ids}
    pairs = [
        (f"{name}[]" if isinstance(value, list) else name, str(item))
        for name, value in params.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    if vector["transport"] == "form":
        return vector["path"], urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    return f"{vector['path']}?{urlencode(pairs)}", None, None


def by_name(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("vector", VECTORS, ids=by_name)
def test_a_vector_is_accepted(server: Server, vector: dict[str, Any]) -> None:
    target, body, content_type = request(vector, vector["signature"])
    reply = server.send(vector["method"], target, body, content_type, vector["secret"])
    assert reply.status in (200, 404, 422), reply.content
    assert reply.code in ("record_not_found", "validation_failed", "parameter_missing") if reply.status != 200 else True


@pytest.mark.parametrize("vector", VECTORS, ids=by_name)
def test_a_changed_signature_is_rejected(server: Server, vector: dict[str, Any]) -> None:
    wrong = vector["signature"][:-1] + ("0" if vector["signature"][-1] != "0" else "1")
    target, body, content_type = request(vector, wrong)
    reply = server.send(vector["method"], target, body, content_type, vector["secret"])
    assert (reply.status, reply.code) == (403, "signature_invalid")
    assert reply.json["explanation"]["base_string"] == vector["base_string"]


@pytest.mark.parametrize("case", SERVER_SIDE, ids=by_name)
def test_what_real_clients_send(server: Server, case: dict[str, Any]) -> None:
    joint = "&" if "?" in case["target"] else "?"
    body = None if case["body"] is None else case["body"].encode()
    for sign, accepted in ((signature(case["rails_base_string"], SECRET), True), ("0" * 64, False)):
        target = f"{case['target']}{joint}signature={sign}"
        reply = server.send(case["method"], target, body, case["content_type"], SECRET)
        assert (reply.status in (200, 404, 422)) is accepted, reply.content
        assert accepted or reply.json["explanation"]["base_string"] == case["rails_base_string"]
    assert len(SERVER_SIDE) == 9
