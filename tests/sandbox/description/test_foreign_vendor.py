"""Another vendor's description: other resources, scheme, names and shapes, and no change of code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.proofs import mark_slow
from tests.sandbox.sandbox_calls import Reply, send

_NONCES = itertools.count()


class Baker:
    """Calls the other vendor, signing by hand as its description says."""

    def __init__(self, started: dict[str, Any], user: str = "") -> None:
        self.base_url = started["base_url"]
        own = started[user] if user else started
        self.token, self.secret_key = own["token"], own["secret_key"]

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        inside: Any = None,
        over: Any = None,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Reply:
        """`inside` are the body's members as they are signed, percent-encoded JSON where they are objects."""
        sent = {**query, "at": int(time.time()), "once": f"n-{next(_NONCES)}", **(over or {})}
        ids = dict(inside or {})
        values = {
            name: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            for name, value in {**sent, **ids, **(body or {})}.items()
        }
        base = "&".join(f"{name}:{quote(text, safe='-._~')}" for name, text in sorted(values.items()))
        digest = hmac.new(self.secret_key.encode(), base.encode(), hashlib.sha512).digest()
        target = f"/rest{path}?{urlencode({**{n: values[n] for n in sent}, 'sig': base64.b64encode(digest).decode()})}"
        sent_headers = {"X-Key": f"key:{self.token};"}
        sent_headers |= {"Content-Type": "application/json"} if body is not None else {}
        content = None if body is None else json.dumps(body).encode()
        return send(self.base_url, method, target, {**sent_headers, **(headers or {})}, content)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, root: Path) -> str:
    """Where the packages of the other vendor are generated."""
    folder = tmp_path_factory.mktemp("vendor")
    spec = Path(__file__).parent / "vendor.yaml"
    layers = ("--layer", "client", "--layer", "sandbox")
    generate = [sys.executable, "-m", "generator", "generate", "--spec", str(spec), "--out", str(folder), *layers]
    subprocess.run(generate, check=True, cwd=root, capture_output=True)
    return os.pathsep.join(str(folder / "generated" / name) for name in ("client", "sandbox"))


@contextmanager
def start_bakery(places: str, *arguments: str) -> Iterator[dict[str, Any]]:
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONPATH": places}
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def bakery(places: str) -> Iterator[dict[str, Any]]:
    """The generated sandbox of the other vendor, running."""
    with start_bakery(places) as content:
        yield content


def test_create_show_list_and_page(bakery: dict[str, Any]) -> None:
    baker = Baker(bakery)
    ids = []
    for name in ("Öfen & Söhne", "b", "c"):
        reply = baker.call("POST", "/ovens", {"oven": {"name": name, "heat": 21.5}})
        assert reply.status == 201, reply.content
        oven = reply.json
        assert (oven["name"], oven["hot"], oven["heat"]) == (name, False, 21.5)
        assert oven['we\'ird "key" {{ x }}'] == "'\"\"\"\\ __import__('os')"
        ids.append(oven["id"])
        assert baker.call("GET", f"/ovens/{oven['id']}", inside={"oven": oven["id"]}).json == oven
    first, last = baker.call("GET", "/ovens"), baker.call("GET", "/ovens", p="2", n="2")
    assert [oven["id"] for oven in (*first.json["data"], *last.json["data"])] == ids
    assert [last.headers[name] for name in ("x-total", "x-pages", "x-page", "x-limit")] == ["3", "2", "2", "2"]
    assert baker.call("GET", "/ovens", hot="true").json == {"data": []}
    assert baker.call("POST", "/ovens", {"oven": {"name": "n", "extra": 1}}).status == 422
    assert baker.call("POST", "/ovens", {}).status == 422


def test_objects_below_keys_and_tenants(bakery: dict[str, Any]) -> None:
    baker, rival = Baker(bakery), Baker(bakery, "second")
    oven = baker.call("POST", "/ovens", {"oven": {"name": "n"}}).json["id"]
    above = {"oven": oven}
    loaf = baker.call("POST", f"/ovens/{oven}/exams", {"parts": ["a", "b"]}, inside=above).json
    assert (loaf["grain"], loaf["parts"], loaf["oven"]) == ("rye", ["a", "b"], oven)
    changed = baker.call("PATCH", f"/exams/{loaf['id']}", {"grain": "oat"}, inside={"id": loaf["id"]}).json
    assert changed == {**loaf, "grain": "oat"}
    listed = baker.call("GET", f"/ovens/{oven}/exams", inside=above)
    assert json.loads(listed.content) == [changed]
    for reply in (
        rival.call("GET", f"/ovens/{oven}", inside=above),
        rival.call("POST", f"/ovens/{oven}/exams", {}, inside=above),
        rival.call("PATCH", f"/exams/{loaf['id']}", {}, inside={"id": loaf["id"]}),
    ):
        assert reply.status == 404
    assert baker.call("DELETE", f"/ovens/{oven}", inside=above).status == 403
    gone = Baker(bakery, "superuser").call("DELETE", f"/ovens/{oven}", inside=above)
    assert (gone.status, gone.content) == (204, b"")
    assert baker.call("PATCH", f"/exams/{loaf['id']}", {}, inside={"id": loaf["id"]}).status == 404


def test_the_scheme_is_the_vendors(bakery: dict[str, Any]) -> None:
    baker = Baker(bakery)
    assert baker.call("GET", "/ovens", over={"once": "word"}).status == 200
    assert baker.call("GET", "/ovens", over={"once": "word"}).code == "nonce_used"
    assert baker.call("GET", "/ovens", over={"at": int(time.time()) - 70}).code == "timestamp_outside_window"
    assert [baker.call("GET", "/ovens", over={"once": nonce}).code for nonce in ("a\0b", "n" * 256)] == [
        "nonce_invalid"
    ] * 2
    milliseconds = baker.call("GET", "/ovens", over={"at": int(time.time() * 1000)})
    assert milliseconds.json["explanation"]["cause"] == "the timestamp was sent in milliseconds"
    baker.secret_key = "wrong"
    content = baker.call("GET", "/ovens", over={"once": "a b&c"})
    assert "once:a%20b%26c" in content.json["explanation"]["base_string"]


OVEN = {"oven": {"name": "n", "heat": 21.5}}
STRANGE_BODY, STRANGE_RESPONSE = {"Content-Type": "text/csv"}, {"Accept": "text/csv"}


def send_strange_types(baker: Baker) -> list[int]:
    """The statuses of a creation and a change with a strange body, and of a list and a creation in a strange form."""
    oven = baker.call("POST", "/ovens", OVEN).json["id"]
    loaf = baker.call("POST", f"/ovens/{oven}/exams", {}, inside={"oven": oven}).json["id"]
    replies = (
        baker.call("POST", "/ovens", OVEN, headers=STRANGE_BODY),
        baker.call("PATCH", f"/exams/{loaf}", {"grain": "oat"}, inside={"id": loaf}, headers=STRANGE_BODY),
        baker.call("GET", "/ovens", headers=STRANGE_RESPONSE),
        baker.call("POST", "/ovens", OVEN, headers=STRANGE_RESPONSE),
    )
    return [reply.status for reply in replies]


def test_415_and_406_come_where_they_are_described(bakery: dict[str, Any]) -> None:
    baker = Baker(bakery)
    assert send_strange_types(baker) == [415, 415, 406, 406]
    created = baker.call("POST", "/ovens", OVEN, headers={"Content-Type": "Application/JSON; charset=utf-8"})
    assert created.status == 201
    oven = created.json["id"]
    accepted = ("text/csv, application/*;q=0.1", "*/*", "APPLICATION/JSON;q=0.5", "")
    assert [baker.call("GET", "/ovens", headers={"Accept": text}).status for text in accepted] == [200] * 4
    assert baker.call("GET", "/ovens", headers={"Accept": "application/json;q=0, text/csv"}).status == 406
    undescribed = baker.call("GET", f"/ovens/{oven}", inside={"oven": oven}, headers=STRANGE_RESPONSE)
    assert undescribed.status == 200


@pytest.mark.parametrize(
    ("faults", "statuses"),
    [
        (("content-type-ignored", "accept-ignored"), [201, 200, 200, 201]),
        mark_slow(("content-type-ignored-on-change", "accept-ignored-on-get"), [415, 200, 200, 406]),
        mark_slow(("400-for-content-type", "400-for-accept"), [400, 400, 400, 400]),
    ],
)
def test_faults_of_media_types(places: str, faults: tuple[str, ...], statuses: list[int]) -> None:
    with start_bakery(places, *(word for name in faults for word in ("--fault", name))) as content:
        assert send_strange_types(Baker(content)) == statuses


@pytest.mark.slow
def test_faults_are_faults_of_the_vendor(places: str) -> None:
    chosen = (
        "signature-ignored-on-delete",
        "window-too-wide",
        "nonce-reuse-accepted",
        "token-case-ignored",
        "role-ignored",
        "foreign-tenant-readable",
        "page-count-off-by-one",
        "limit-maximum-ignored",
        "text-cut",
        "wrong-enum-value",
        "error-without-code",
    )
    with start_bakery(places, *(word for name in chosen for word in ("--fault", name))) as content:
        baker, rival = Baker(content), Baker(content, "second")
        baker.token = baker.token.upper()
        old = {"at": int(time.time()) - 1000, "once": "again"}
        oven = baker.call("POST", "/ovens", {"oven": {"name": "n" * 21, "heat": 21.5}}, over=old).json
        assert (oven["name"], oven['we\'ird "key" {{ x }}']) == ("n" * 20, "no_such_word")
        assert [baker.call("GET", "/ovens", n="3", over=old).headers[f"x-{name}"] for name in ("pages", "limit")] == [
            "2",
            "3",
        ]
        inside = {"oven": oven["id"]}
        assert rival.call("GET", f"/ovens/{oven['id']}", inside=inside).json == oven
        assert "code" not in baker.call("GET", "/ovens/99", inside={"oven": 99}).json
        baker.secret_key = "wrong"
        assert baker.call("GET", "/ovens").status == 403
        assert baker.call("DELETE", f"/ovens/{oven['id']}", inside=inside).status == 204


@pytest.mark.slow
def test_every_fault_can_be_had_with_the_vendor(places: str) -> None:
    script = """
from procwise_sandbox import app
from procwise_sandbox.faults import FAULTS
for name in FAULTS:
    app(faults=[name])
app(faults=FAULTS)
print(len(FAULTS))
"""
    environment = {**os.environ, "PYTHONPATH": places}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert (int(done.stdout or 0) > 34, done.stderr) == (True, "")
