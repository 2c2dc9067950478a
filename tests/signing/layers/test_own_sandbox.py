"""Every scheme that signs requests: its sandbox takes what its client sends, and refuses what was changed since."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.programs import PROGRAMS
from tests.shared import make_environment, share_folder
from tests.signing.layers.own_servers import UNSEEN, VERSIONS, generate_packages, value_of_version

pytestmark = pytest.mark.slow
CALLS = [(version, call) for version in (*VERSIONS, *UNSEEN) for call in ("find", "add")]
every_call = pytest.mark.parametrize(("version", "call"), CALLS, ids=[f"{v}-{c}" for v, c in CALLS])
ABOUT_TIME = ["timestamp_outside_window"]
ABOUT_NONCE = ["nonce_used"]


# a scheme that has what the fault breaks
FAULTS = {
    "signature-ignored": "rfc9421",
    "signature-ignored-on-get": "gatev4",
    "signature-prefix-compared": "awssigv4",
    "signature-case-ignored": "tencenttc3",
    "another-key-accepted": "bigbluebutton",
    "empty-key-accepted": "oauth1",
    "timestamp-ignored": "awssigv4",
    "timestamp-future-ignored": "awssigv4query",
    "nonce-reuse-accepted": "akamaiedgegrid",
    "missing-signature-accepted": "cavagekong",
    "path-ids-not-signed": "gatev4",
    "query-not-signed": "cavagekong",
    "body-not-signed": "coinbaseexchange",
    "timestamp-not-signed": "gatev4",
    "nonce-not-signed": "akamaiedgegrid",
    "empty-values-not-signed": "oauth1",
    "signed-as-sent": "flickrlegacy",
    "weak-hash-accepted": "awssigv4",
    "window-too-wide": "awssigv4",
    "nonce-race": "akamaiedgegrid",
}


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Client, sandbox and suite of all schemes."""
    return share_folder(tmp_path_factory, "own-servers", generate_packages) / "generated"


@pytest.fixture(scope="module")
def calls(packages: Path, root: Path) -> dict[str, dict[str, Any]]:
    """What the sandbox sent, by version and call."""
    return run_program("call_sandbox", [*VERSIONS, *UNSEEN], packages, root)


def run_program(name: str, given: Any, packages: Path, root: Path) -> dict[str, Any]:
    """What a program of this folder found with the generated packages."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.signing.layers.{name}"],
        cwd=root,
        env=make_environment(packages, PROCWISE_REGION="north", PROCWISE_BUCKET="shelf"),  # settings that are not sent
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_every_scheme_that_signs_requests_is_here() -> None:
    assert len(set(VERSIONS.values())) == 19


def test_the_first_line_has_all_credentials(calls: dict[str, Any]) -> None:
    first_line = calls["first line"]
    for user in (first_line, first_line["second"], first_line["superuser"]):
        assert user["credentials"].keys() == {"passphrase", "app_secret"}


@every_call
def test_what_the_client_sends_is_accepted(version: str, call: str, calls: dict[str, Any]) -> None:
    one = calls[version][call]
    assert one["error"] == ""
    assert one["first"] == [200, ""]


@every_call
def test_each_change_is_refused_if_the_scheme_covers_it(version: str, call: str, calls: dict[str, Any]) -> None:
    one = calls[version][call]
    assert len(one["changed"]) >= 5
    for change, (status, code) in one["changed"].items():
        if code == "path_not_found":  # where a character came to the path from the part behind it
            assert change == "shifted parts"
            continue
        refused = status in (401, 403) and code not in ABOUT_NONCE
        assert refused == one["covered"][change], (change, status, code)


@every_call
def test_a_late_request_is_refused_if_the_scheme_has_a_window(version: str, call: str, calls: dict[str, Any]) -> None:
    late = calls[version][call]["late"]
    assert (late == [403, *ABOUT_TIME]) == ("timestamp" in value_of_version(version)), late


@every_call
def test_a_second_copy_is_refused_if_the_scheme_has_a_nonce(version: str, call: str, calls: dict[str, Any]) -> None:
    second = calls[version][call]["second"]
    assert second == ([403, *ABOUT_NONCE] if "nonce" in value_of_version(version) else [200, ""])


def test_a_call_whose_nonce_was_overtaken_is_signed_once_more(packages: Path, root: Path) -> None:
    statuses: Any = run_program("call_at_once", "kraken", packages, root)
    assert statuses == [200, 403, 200]


def test_faults_of_the_signature_hold_for_whole_requests(packages: Path, root: Path) -> None:
    found = run_program("call_faulty_sandboxes", {**FAULTS, "window-too-narrow": "awssigv4"}, packages, root)
    assert found.pop("window-too-narrow") == [[200, ""], [403, *ABOUT_TIME]]
    for fault, ((honest, _), (faulty, code)) in found.items():
        assert (honest, faulty) == (403, 200), (fault, code)


@pytest.mark.parametrize("fault", ["values-signed-trimmed", "nested-values-not-signed", "nonce-shared-between-users"])
def test_a_fault_of_sets_of_parameters_is_refused_by_a_sandbox_that_has_none(packages: Path, fault: str) -> None:
    options = ("--port", "0", "--fault", fault)
    ended = PROGRAMS.run("procwise_sandbox", *options, environment=make_environment(packages))
    assert (ended.code, ended.out) == (2, "")
    assert f"the fault {fault} has no effect: no request of this API is signed so" in ended.err
