"""Another vendor's signing scheme works in every layer by editing the value of `x-signing` alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from tests.proofs import mark_slow
from tests.shared import generate, make_environment

pytestmark = pytest.mark.slow


CHANGES = {
    "algorithm: hmac-sha256": "algorithm: hmac-sha512",
    "digest: hex-lower": "digest: base64",
    'separator: "?"': 'separator: "&"',
    "values: ruby-text": "values: percent-encoded",
    "exclude: [signature]": "exclude: [x_sig]",
    "name: signature": "name: x_sig",
    "name: timestamp": "name: ts",
    "name: nonce": "name: once",
    "{parameter: timestamp, unit: ms,": "{parameter: ts, unit: s,",
    "{parameter: nonce, type: string,": "{parameter: once, type: string,",
}
CALLS = """
import json, sys
from procwise import Client, ForbiddenError
started = json.loads(sys.stdin.read())
with Client(base_url=started["base_url"], token=started["token"], secret_key=started["secret_key"]) as client:
    exam = client.exams.create(name="ä b & c = d ? e % +", type="demo", mobile_cam=True)
    assert client.exams.show(exam.id).name == "ä b & c = d ? e % +"
    client.student_sessions.create(exam.id, name="Ada", email="ada@campus.example")
    assert [s.name for s in client.student_sessions.list_for_exam(exam.id)] == ["Ada"]
with Client(base_url=started["base_url"], token=started["token"], secret_key="wrong") as client:
    try:
        client.exams.show(exam.id)
    except ForbiddenError:
        print("refused")
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("second")
    shutil.copytree(root / "spec", folder / "spec")
    security = folder / "spec/common/security.yaml"
    text = security.read_text("utf-8")
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new)
    security.write_text(text, "utf-8")
    return make_environment(generate(folder / "spec", folder, "client", "sandbox", "conformance"))


@pytest.fixture(scope="module")
def sandbox(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    files = tmp_path_factory.mktemp("files")
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--files", str(files)]
    with subprocess.Popen(
        call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())
        server.terminate()


def test_client_and_sandbox_agree(environment: dict[str, str], sandbox: dict[str, Any]) -> None:
    call = [sys.executable, "-c", CALLS]
    done = subprocess.run(call, env=environment, input=json.dumps(sandbox), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "refused"), done.stderr


def send_by_hand(sandbox: dict[str, Any], separator: str, once: str) -> int:
    """The status of a request signed by hand with the standard library."""
    params = {"limit": "2", "once": once, "status": "open", "ts": str(int(time.time()))}
    message = separator.join(f"{name}={quote(value, safe='-._~')}" for name, value in sorted(params.items()))
    digest = hmac.new(sandbox["secret_key"].encode(), message.encode(), hashlib.sha512).digest()
    query = urlencode({**params, "x_sig": base64.b64encode(digest).decode()})
    headers = {"Authorization": f"Token token={sandbox['token']}", "Accept": "application/vnd.procwise.v3"}
    try:
        with urlopen(Request(f"{sandbox['base_url']}/api/v3/exams?{query}", headers=headers)) as response:
            return int(response.status)
    except HTTPError as error:
        return error.code


def test_the_sandbox_takes_a_request_signed_by_hand(sandbox: dict[str, Any]) -> None:
    assert send_by_hand(sandbox, "&", "first") == 200
    assert send_by_hand(sandbox, "?", "second") == 403
    assert send_by_hand(sandbox, "&", "first") == 403
    assert send_by_hand(sandbox, "&", "thi\0rd") == 403  # PostgreSQL cannot keep it


@pytest.mark.parametrize(
    "options", [("--operations", "listExams"), mark_slow(())], ids=["one operation", "all that only read"]
)
def test_the_conformance_suite_attacks_that_scheme(
    environment: dict[str, str], sandbox: dict[str, Any], tmp_path: Path, options: tuple[str, ...]
) -> None:
    call = [
        sys.executable,
        "-m",
        "procwise_conformance",
        sandbox["base_url"],
        "--api",
        "v3",
        "--max-examples",
        "1",
        "--profile",
        "read-only",
        *options,
    ]
    secrets = {"PROCWISE_TOKEN": sandbox["token"], "PROCWISE_SECRET_KEY": sandbox["secret_key"]}
    done = subprocess.run(
        [*call, "--seed", "1", "--report", str(tmp_path / "report")],
        env={**environment, **secrets},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = (tmp_path / "report/report.json").read_text("utf-8")
    passed = {result["id"].split()[0] for result in json.loads(report)["results"] if result["status"] == "passed"}
    assert {"SIG-001", "SIG-003", "SIG-004", "SIG-005", "SIG-006", "SIG-009"} <= passed
    assert sandbox["secret_key"] not in report
