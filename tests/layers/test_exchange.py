"""Somebody else's description, unchanged: an overlay adds the signature, on which client, sandbox and suite agree."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.shared import generate, make_environment
from tests.suite_command import offer_command

HERE = Path(__file__).parent
CALLS = """
import json, sys
from procwise import Client, errors
from procwise.exchange.models import Offer
started = json.loads(sys.stdin.read())
address = {"base_url": started["base_url"], "token": started["token"]}
with Client(**address, secret_key=started["secret_key"]) as client:
    offer = client.offer.post_swap_v1_offers(good="a b&c=d+é", price=0.5)
    assert isinstance(offer, Offer)
    assert {"m", "M"} <= {*dir(offer)}
    assert client.offer.get_swap_v1_offers(good="a b&c=d+é") == []
    assert client.market.get_swap_v1_goods() == []
    (asset,) = client.asset.post_swap_v1_assets(kinds=["FRUIT", "TOOL"], places=[1, 2])
    assert (asset.name, asset.free) == ("apples", "1.0")
with Client(**address, secret_key="wrong") as client:
    try:
        client.offer.get_swap_v1_offers(good="x")
    except errors.APIStatusError as error:
        print(error.status, error.code)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("exchange")
    layers = ("client", "sandbox", "conformance")
    overlay = HERE / "exchange-overlay.yaml"
    return make_environment(generate(HERE / "exchange.yaml", folder, *layers, overlay=overlay))


@pytest.fixture(scope="module")
def sandbox(environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    with run_sandbox(environment) as first_line:
        yield first_line


@contextmanager
def run_sandbox(environment: dict[str, str], *faults: str) -> Iterator[dict[str, Any]]:
    """The first line of a sandbox that runs with these faults."""
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", *(word for f in faults for word in ("--fault", f))]
    with subprocess.Popen(
        call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())
        server.terminate()


def test_client_and_sandbox_agree(environment: dict[str, str], sandbox: dict[str, Any]) -> None:
    call = [sys.executable, "-c", CALLS]
    done = subprocess.run(call, env=environment, input=json.dumps(sandbox), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "403 signature_invalid"), done.stderr


def send_signed(
    sandbox: dict[str, Any], signed: str, sent: str = "", key: str | None = "", to: str = "GET /swap/v1/offers"
) -> tuple[int, Any]:
    """The response to a query that was signed by hand; another query may be sent, another key id, or none."""
    signature = hmac.new(sandbox["secret_key"].encode(), signed.encode(), hashlib.sha256).hexdigest()
    method, _, path = to.partition(" ")
    address = f"{sandbox['base_url']}{path}?{sent or signed}&signature={signature}"
    try:
        headers = {} if key is None else {"X-BARTER-KEY": key or sandbox["token"]}
        with urlopen(Request(address, headers=headers, method=method)) as response:
            return int(response.status), json.loads(response.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


def call_signed(sandbox: dict[str, Any], to: str, query: str) -> tuple[int, Any]:
    """The response to this query with the moment, rightly signed."""
    return send_signed(sandbox, f"{query}timestamp={int(time.time() * 1000)}", to=to)


@pytest.mark.parametrize("query", ["kinds=FRUIT&", "kinds=FRUIT&kinds=TOOL&", "kinds=TOOL&places=1,2&"])
def test_lists_of_the_query_are_read_in_their_styles(sandbox: dict[str, Any], query: str) -> None:
    assert call_signed(sandbox, "POST /swap/v1/assets", query) == (200, [{"name": "apples", "free": "1.0"}])


@pytest.mark.parametrize(
    "query", ["kinds=FRUIT&kinds=SHIP&", "kinds=FRUIT,TOOL&", "kinds=TOOL&places=1,b&", "places=1&"]
)
def test_wrong_items_of_the_query_are_refused(sandbox: dict[str, Any], query: str) -> None:
    assert call_signed(sandbox, "POST /swap/v1/assets", query)[0] == 400


@pytest.mark.parametrize(("headers", "status"), [({}, 200), ({"X-BARTER-KEY": "nobody"}, 401)])
def test_whoever_sends_no_key_may_call_what_asks_for_none(
    sandbox: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    try:
        with urlopen(Request(sandbox["base_url"] + "/swap/v1/goods", headers=headers), timeout=30) as response:
            assert (response.status, json.load(response)) == (status, [])
    except HTTPError as error:
        assert error.code == status


@pytest.mark.parametrize(("query", "status"), [("M=TRUE&", 200), ("M=true&", 400), ("limit=2147483647&", 200)])
def test_a_filter_takes_what_its_parameter_allows(sandbox: dict[str, Any], query: str, status: int) -> None:
    """Whatever the member of that name is in what is stored."""
    assert call_signed(sandbox, "GET /swap/v1/history", query)[0] == status


def test_a_number_beyond_its_format_is_refused_as_errors_are_described(sandbox: dict[str, Any]) -> None:
    status, content = call_signed(sandbox, "GET /swap/v1/history", "limit=2147483648&")
    assert (status, content["code"], content["msg"]) == (400, -1121, "Validation failed.")
    assert "limit" in content["errors"]


def test_a_wrong_signature_is_explained_where_errors_are_described_otherwise(sandbox: dict[str, Any]) -> None:
    now = int(time.time() * 1000)
    status, content = send_signed(sandbox, f"timestamp={now}", f"limit=5&timestamp={now}", to="GET /swap/v1/history")
    assert (status, content["code"], content["msg"]) == (401, -1121, "the signature is wrong.")
    assert content["explanation"]["cause"] == "the parameter 'limit' was not signed"


def test_what_is_derived_fits_what_is_described(sandbox: dict[str, Any]) -> None:
    """Or else is made from it."""
    payment = call_signed(sandbox, "GET /swap/v1/payment", "")[1]
    assert payment["state"] == 0
    assert [type(coin) for coin in payment["coins"]] in ([int], [str])
    redeemed = call_signed(sandbox, "POST /swap/v1/redemptions", "code=ab&")[1]
    assert redeemed["data"] == {"amount": "1.5"}
    assert {type(redeemed["id"]), type(redeemed["code"])} == {int}


def test_the_sandbox_verifies_what_was_signed_by_hand(sandbox: dict[str, Any]) -> None:
    now = int(time.time() * 1000)
    assert send_signed(sandbox, f"good=x&timestamp={now}")[0] == 200
    status, content = send_signed(sandbox, f"good=x&timestamp={now}", f"good=y&timestamp={now}")
    assert (status, content["code"]) == (403, "signature_invalid")
    assert content["explanation"]["message"] == f"good=y&timestamp={now}"
    old = send_signed(sandbox, f"good=x&timestamp={now - 60_000}")
    assert (old[0], old[1]["code"]) == (403, "timestamp_outside_window")
    missing = send_signed(sandbox, "good=x")
    assert (missing[0], missing[1]["code"]) == (403, "signature_missing")


@pytest.mark.parametrize(
    ("key", "status", "error"),
    [("nobody", 401, "The key id is not known."), (None, 403, "X-BARTER-KEY is missing.")],
)
def test_the_signer_is_known_by_the_key_id(sandbox: dict[str, Any], key: str | None, status: int, error: str) -> None:
    sent, content = send_signed(sandbox, f"good=x&timestamp={int(time.time() * 1000)}", key=key)
    assert (sent, content["error"]) == (status, error)


def test_the_sandbox_says_what_was_signed_instead(sandbox: dict[str, Any]) -> None:
    now = int(time.time() * 1000)
    _, content = send_signed(sandbox, f"timestamp={now}", f"good=x&timestamp={now}")
    assert content["explanation"]["cause"] == "the parameter 'good' was not signed"
    _, content = send_signed(sandbox, f"good=x&timestamp={now}", f"timestamp={now}&good=x")
    assert content["explanation"]["cause"] == "the query was sorted before signing"
    _, content = send_signed(sandbox, "something else", f"good=x&timestamp={now}")
    assert content["explanation"]["cause"].startswith("no mistake was recognised")


def run_suite(
    environment: dict[str, str], sandbox: dict[str, Any], folder: Path, checks: str, profile: str = "read-only"
) -> tuple[int, str]:
    """The exit code of a run, and its report."""
    call = [sys.executable, "-m", "procwise_conformance", sandbox["base_url"], "--api", "exchange", "--seed", "1"]
    call += ["--max-examples", "1", "--profile", profile, "--include-check", checks, "--report", str(folder)]
    secrets = {"PROCWISE_TOKEN": sandbox["token"], "PROCWISE_SECRET_KEY": sandbox["secret_key"]}
    done = subprocess.run(call, env={**environment, **secrets}, capture_output=True, text=True, check=False)
    return done.returncode, (folder / "report.json").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.needs("curl")
def test_a_finding_is_shown_by_what_was_sent(environment: dict[str, str], tmp_path: Path) -> None:
    with run_sandbox(environment, "signature-ignored", "timestamp-ignored") as sandbox:
        code, report = run_suite(environment, sandbox, tmp_path, "REQ-020")
        finding = next(result for result in json.loads(report)["results"] if result["status"] == "failed")
        users = {"TOKEN": sandbox["token"], "SECRET_KEY": sandbox["secret_key"]}
        variables = {**environment, **users, "PATH": offer_command(tmp_path)}
        shown = subprocess.run(["sh", "-eu", "-c", finding["request"]], env=variables, capture_output=True, text=True)
    assert code == 1
    assert "# set TOKEN, SECRET_KEY\n" in finding["request"]
    assert sandbox["token"] not in report
    assert sandbox["secret_key"] not in report
    assert shown.stdout.startswith("HTTP/1.1 200"), (finding["request"], shown.stdout, shown.stderr)


@pytest.mark.slow
def test_the_suite_finds_nothing_in_responses_and_rules(
    environment: dict[str, str], sandbox: dict[str, Any], tmp_path: Path
) -> None:
    """But that an operation describes no error, which only its description can mend."""
    _, report = run_suite(environment, sandbox, tmp_path, "SCH-*", profile="full")
    found = [result["id"] for result in json.loads(report)["results"] if result["status"] in ("failed", "error")]
    assert {name for name in found if not name.startswith("SCH-002")} == set()
    assert {name.split()[1] for name in found} <= {"getSwapV1Offers", "postSwapV1Offers"}


@pytest.mark.slow
def test_the_suite_attacks_what_the_scheme_covers(
    environment: dict[str, str], sandbox: dict[str, Any], tmp_path: Path
) -> None:
    code, report = run_suite(environment, sandbox, tmp_path, "REQ-*,SIG-*")
    assert code == 0
    results = {result["id"].split()[0]: result for result in json.loads(report)["results"]}
    covered = {"REQ-013", "REQ-014", "REQ-015", "REQ-020", "REQ-021", "REQ-030", "REQ-031"}
    assert {name for name, result in results.items() if result["status"] == "passed"} >= {"SIG-001", *covered}
    assert results["REQ-011"]["level"] == "ADVISORY"
    assert results["REQ-040"]["level"] == "ADVISORY"
    assert sandbox["secret_key"] not in report
