"""Receivers of deliveries, honest ones and careless ones, and what the suite finds."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from generator.signing.language import read_scheme
from generator.signing.messages import Request, SignatureRefused, request_of, verify_request
from tests.conformance.conftest import Outcome, command
from tests.proofs import mark_most_slow
from tests.shared import generate, share_folder
from tests.signing.published import FOLDER, NAMES, value_of

SECRET = "bWFkZS11cC1zZWNyZXQtb2YtMjQtYnl0ZXM="
NAMED = {"PROCWISE_TOKEN": "key-1", "PROCWISE_SECRET_KEY": SECRET}
DELIVERED = {name.replace("-", ""): name for name in NAMES if value_of(name).get("direction") == "delivery"}
Accepts = Callable[[Request], bool]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite for an API with a version for each scheme; one of them sends a callback."""

    def fill(folder: Path) -> None:
        for version, name in DELIVERED.items():
            text = (FOLDER / name / "openapi.yaml").read_text("utf-8")
            (folder / "spec" / version).mkdir(parents=True)
            (folder / "spec" / version / "openapi.yaml").write_text(_with_callback(text, version), "utf-8")
        generate(folder / "spec", folder, "client", "conformance")

    return share_folder(tmp_path_factory, "receivers", fill) / "generated"


def _with_callback(text: str, version: str) -> str:
    if version != "stripe":
        return text
    described = yaml.safe_load(text)
    callback = described["webhooks"].pop("bookAdded")
    operation = {
        "operationId": "orderBook",
        "responses": {"204": {"description": "Ordered."}},
        "callbacks": {"bookAdded": {"{$request.query.url}": callback}},
    }
    return yaml.safe_dump({**described, "paths": {"/orders": {"post": operation}}})


@contextmanager
def run_receiver(accepts: Accepts) -> Iterator[str]:
    """The address of a receiver."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            address = f"http://{self.headers['Host']}{self.path}"
            headers = [(name, value) for name, value in self.headers.items() if name.lower() != "content-length"]
            self.send_response(204 if accepts(request_of("POST", address, headers, body)) else 401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hooks"
        server.shutdown()


def attack(packages: Path, folder: Path, version: str, url: str, name: str = "bookAdded", **other: str) -> Outcome:
    environment = {**NAMED, **other}
    return command(packages, folder)(url, "--api", version, "--webhook", name, environment=environment)


def verify(version: str, *, checks_nonce: bool = True, burns: str = "") -> Accepts:
    """An honest receiver of the scheme; the header of its nonce may be burnt before the signature is compared."""
    scheme, used = read_scheme(value_of(DELIVERED[version])), set[str]()

    def accepts(request: Request) -> bool:
        if burns:
            came = {*request.header(burns)}
            if came & used:
                return False
            used.update(came)
        given = {"access_key": "key-1", "secret_key": SECRET}
        try:
            verified = verify_request(scheme, request, given, now_ms=time.time_ns() // 10**6)
        except SignatureRefused:
            return False
        is_used = verified.nonce in used and checks_nonce and bool(verified.nonce) and not burns
        used.add(verified.nonce)
        return not is_used

    return accepts


def stripe_by_hand(
    request: Request,
    *,
    checks_time: bool = True,
    checks_body: bool = True,
    rewrites_body: bool = False,
    headers: tuple[str, ...] = ("Stripe-Signature",),
) -> bool:
    """A receiver as somebody writes it, who has never heard of this project."""
    header = "".join([text for name in headers for text in request.header(name)][:1])
    fields = dict(part.partition("=")[::2] for part in header.split(","))
    if checks_time and abs(time.time() - int(fields.get("t", "0"))) > 300:
        return False
    body = json.dumps(json.loads(request.body)).encode() if rewrites_body else request.body
    signed = f"{fields.get('t')}.".encode() + body
    right = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest() == fields.get("v1")
    return right or (not checks_body and "v1" in fields)


@pytest.mark.slow
@pytest.mark.parametrize("version", DELIVERED)
def test_an_honest_receiver_conforms(version: str, packages: Path, tmp_path: Path) -> None:
    with run_receiver(verify(version)) as url:
        outcome = attack(packages, tmp_path, version, url)
    assert (outcome.code, outcome.findings) == (0, []), outcome.errors
    statuses = {result["id"].split()[0]: result["status"] for result in outcome.report["results"]}
    body = "REQ-016" if version != "twilio" else "REQ-066"  # which covers forms, and this body is JSON
    checked = {"SIG-001", "REQ-001", body, "REQ-020", "REQ-021", "REQ-022"}
    assert {statuses[check] for check in checked} == {"passed"}
    assert SECRET not in json.dumps(outcome.report)


# a changed body, another signature, and signatures of too little or by a weaker hash
NOT_COMPARED = {"REQ-016", "REQ-020", "REQ-083", "REQ-084", "REQ-088"}
CARELESS: Mapping[str, tuple[Accepts, set[str]]] = {
    "anything": (lambda _request: True, {*NOT_COMPARED, "REQ-021", "REQ-022", "REQ-030"}),
    "unsigned": (
        lambda request: not request.header("Stripe-Signature") or stripe_by_hand(request),
        {"REQ-021", "REQ-022"},
    ),
    "another header": (
        lambda request: stripe_by_hand(request, headers=("Stripe-Signature", "X-Stripe-Signature")),
        {"REQ-022"},
    ),
    "JSON written anew": (lambda request: stripe_by_hand(request, rewrites_body=True), {"REQ-001"}),
    "no time": (lambda request: stripe_by_hand(request, checks_time=False), {"REQ-030"}),
    "no comparison": (lambda request: stripe_by_hand(request, checks_body=False), NOT_COMPARED),
    "nothing": (lambda _request: False, {"SIG-001"}),
    "right": (stripe_by_hand, set()),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", mark_most_slow(CARELESS, 3))
def test_a_careless_receiver_is_found(how: str, packages: Path, tmp_path: Path) -> None:
    accepts, broken = CARELESS[how]
    with run_receiver(accepts) as url:
        outcome = attack(packages, tmp_path, "stripe", url)
    assert outcome.code == (1 if broken else 0), outcome.errors
    assert {found.partition(" ")[0] for found in outcome.broken_ids()} == broken


def test_a_delivery_that_is_taken_twice_is_reported(packages: Path, tmp_path: Path) -> None:
    with run_receiver(verify("standardwebhooks", checks_nonce=False)) as url:
        outcome = attack(packages, tmp_path, "standardwebhooks", url)
    assert outcome.code == 0
    assert outcome.broken_ids("SHOULD") == {"REQ-040 bookAdded"}


def test_a_nonce_that_a_wrong_signature_uses_up_is_reported(packages: Path, tmp_path: Path) -> None:
    with run_receiver(verify("standardwebhooks", burns="webhook-id")) as url:
        outcome = attack(packages, tmp_path, "standardwebhooks", url)
    assert (outcome.broken_ids(), outcome.broken_ids("SHOULD")) == (set(), {"REQ-041 bookAdded"})


def test_a_mistake_of_the_user_is_one_sentence(packages: Path, tmp_path: Path) -> None:
    here = "http://127.0.0.1:1/hooks"
    for arguments, said in (
        ({"name": "bookSold"}, "no webhook or callback of github"),
        ({"PROCWISE_SECRET_KEY": ""}, "PROCWISE_SECRET_KEY is not set"),
        ({}, "http://127.0.0.1:1/hooks"),
    ):
        outcome = attack(packages, tmp_path, "githubwebhook", here, **arguments)
        assert (outcome.code, said in outcome.errors, "Traceback" in outcome.errors) == (2, True, False), outcome.errors
    away = attack(packages, tmp_path, "githubwebhook", "http://hooks.example/x")
    assert (away.code, "--i-own-this" in away.errors) == (2, True)
