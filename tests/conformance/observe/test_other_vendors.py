"""Recordings of other vendors' servers, with other signing schemes, signed by the suite's own proxy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import yaml

from tests.conformance.conftest import ENVIRONMENT, USERS
from tests.conformance.foreign.pantry import Pantry
from tests.conformance.foreign.test_no_false_alarms import describe
from tests.conformance.foreign.vault import Vault
from tests.conformance.observe.conftest import Observe
from tests.conformance.observe.recordings import Seen, insomnia, mitmproxy, see, write_har
from tests.conformance.servers.model_server import serve
from tests.conformance.servers.recording_proxy import Passed, run_proxy
from tests.programs import PROGRAMS
from tests.shared import generate, make_environment, share_folder

KEYS = {name: ENVIRONMENT[name] for name in ("PROCWISE_TOKEN", "PROCWISE_SECRET_KEY")}


@pytest.fixture(params=["vault", "pantry"])
def vendor(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def packages(vendor: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    variant = "authorization" if vendor == "vault" else "form"

    def fill(folder: Path) -> None:
        (folder / vendor).mkdir()
        text = yaml.safe_dump(describe(vendor, variant), sort_keys=False)
        (folder / vendor / "openapi.yaml").write_text(text, "utf-8")
        generate(folder / vendor, folder, "client", "conformance")

    return share_folder(tmp_path_factory, f"{vendor}-{variant}", fill) / "generated"


@contextmanager
def sign_for(packages: Path, vendor: str) -> Iterator[tuple[str, list[Passed]]]:
    """A proxy that signs, ahead of a recorder, ahead of the server."""
    scheme = describe("pantry", "form")["components"]["securitySchemes"]["Seal"]["x-signing"]
    server = Vault(USERS, False) if vendor == "vault" else Pantry(USERS, scheme)
    with serve(server) as url, run_proxy(url) as (recorder, passed):
        call = ("procwise_conformance", "proxy", recorder, "--port", "0")
        with PROGRAMS.start(*call, environment=make_environment(packages, **ENVIRONMENT), quiet=True) as process:
            yield json.loads(process.stdout.readline())["base_url"], passed
            process.terminate()


def use_jar(url: str) -> None:
    """A jar from its creation to its end; responses to changes have no body."""
    jar = httpx2.post(f"{url}/jars", json={"content": "Plum jam", "shelf": "top", "grams": 300}).json()["jarId"]
    httpx2.patch(f"{url}/jars/{jar}", json={"content": "Pear jam"})
    httpx2.get(f"{url}/jars/{jar}")
    httpx2.get(f"{url}/jars", params={"size": 10})
    httpx2.delete(f"{url}/jars/{jar}")
    httpx2.get(f"{url}/jars/{jar}")
    httpx2.get(f"{url}/jars")


def use_deposit(url: str) -> None:
    """A deposit from its creation, by a form, to its end."""
    made = httpx2.post(f"{url}/deposits", data={"thing": "A ring", "worth": "12"})
    deposit = made.json()["deposit"]["id"]
    kind = {"Content-Type": "application/vnd.vault+json"}
    httpx2.put(f"{url}/deposits/{deposit}", content=b'{"thing": "A ring", "worth": 13}', headers=kind)
    httpx2.get(f"{url}/deposits/{deposit}")
    httpx2.get(f"{url}/deposits", params={"offset": 0, "count": 5})
    httpx2.delete(f"{url}/deposits/{deposit}")
    httpx2.get(f"{url}/deposits/{deposit}")


def record(packages: Path, vendor: str) -> list[Seen]:
    """An honest session with that vendor."""
    with sign_for(packages, vendor) as (url, passed):
        (use_deposit if vendor == "vault" else use_jar)(url)
    return see(passed, "http://127.0.0.1:7777")


@pytest.mark.slow
def test_an_honest_session_has_no_finding(observe: Observe, packages: Path, vendor: str, tmp_path: Path) -> None:
    seen = record(packages, vendor)
    outcome = observe(write_har(tmp_path / "fine.har", map(mitmproxy, seen)), packages=packages, **KEYS)
    assert (outcome.code, outcome.findings) == (0, []), outcome.output
    assert not [note for note in outcome.report["notes"] if "verified" in note], outcome.report["notes"]
    right = [one for one in outcome.report["results"] if one["id"].startswith("OBS-010")]
    assert sum(one["count"] for one in right) == len(seen)
    other = observe(write_har(tmp_path / "other.har", map(insomnia, seen)), packages=packages, **KEYS)
    assert (other.code, other.findings) == (0, []), other.output


@pytest.mark.slow
def test_replays_and_wrong_signatures_that_are_accepted_are_found(
    observe: Observe, packages: Path, vendor: str, tmp_path: Path
) -> None:
    """The recording is changed as if the server had not noticed what the client did."""
    seen = record(packages, vendor)
    at = next(number for number, one in enumerate(seen) if one.method == "GET" and one.status == 200)
    again = replace(seen[at], began=seen[-1].began + 5)
    moved = replace(again, began=again.began + 5, url=again.url.replace("?", "?count=7&size=7&") or again.url)
    if "?" not in moved.url:
        moved = replace(moved, url=f"{moved.url}?count=7")
    outcome = observe(write_har(tmp_path / "bad.har", map(mitmproxy, [*seen, again, moved])), packages=packages, **KEYS)
    show = "ShowDeposit" if vendor == "vault" else "jarsRead"
    assert outcome.code == 1
    assert outcome.broken_ids() >= {f"OBS-011 {show}", f"OBS-013 {show}"}, outcome.output
