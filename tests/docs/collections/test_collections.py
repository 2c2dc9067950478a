"""The collections for Postman and Bruno sign every request, by every scheme; the sandbox says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from procwise_sandbox import Running, running
from tests.counts import ALL
from tests.docs.collections.collection_runs import add_resets, install_programs, record_requests, run_bruno, run_newman
from tests.docs.program_runs import OPERATIONS, success_of
from tests.shared import generate, make_environment, share_folder
from tests.signing.layers.own_servers import UNSEEN, VERSIONS, generate_packages

pytestmark = [pytest.mark.needs("npm"), pytest.mark.slow]
COLLECTIONS = "docs/reference/collections"
SCHEMES = (*VERSIONS, *UNSEEN)
LONG_FORMS = ("awssigv4", "rfc9421", "kraken", "alibabarpc")  # headers in a list, structured fields, a form, a query
KNOWN = {"region": "north", "service": "shelf", "bucket": "shelf"}


@pytest.fixture(scope="module", autouse=True)
def _programs() -> None:
    install_programs()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Running]:
    with running(files=tmp_path / "files", job_seconds=0.01) as sandbox:
        yield sandbox


def variables_of(sandbox: Running) -> dict[str, str]:
    base_url = sandbox.base_url.partition("/api/")[0]
    return {"base_url": base_url, "token": sandbox.superuser.token, "secret_key": sandbox.superuser.secret_key}


@pytest.fixture
def collections(root: Path, tmp_path: Path) -> Path:
    """The collections beside the file that they upload."""
    folder = tmp_path / "collections"
    shutil.copytree(root / COLLECTIONS, folder)
    for place in (folder, *folder.glob("bruno-*")):
        (place / "upload.txt").write_text("H, He", "utf-8")
    return folder


def test_newman_signs_a_form_a_filter_and_json(sandbox: Running, collections: Path) -> None:
    report = collections / "report.json"
    with record_requests() as seen:
        found = run_newman(collections / "v3.postman_collection.json", variables_of(sandbox), report, "Attachments")
        found += run_newman(collections / "v3.postman_collection.json", variables_of(sandbox), report, "Exams")
    assert len(found) == len(seen) == 21
    assert {verdict for _, verdict, _ in seen} == {"ok"}
    assert {("List exams", 200), ("Create an exam", 200)} <= {*found}


def test_bruno_signs_a_form_a_filter_and_json(sandbox: Running, collections: Path) -> None:
    with record_requests() as seen:
        paths = ("exams/list.bru", "exams/create.bru", "attachments/create.bru", "exams/show.bru")
        found = run_bruno(collections / "bruno-v3", variables_of(sandbox), collections / "report.json", *paths)
    assert len(found) == len(seen) == 4
    assert {verdict for _, verdict, _ in seen} == {"ok"}
    assert {("List exams", 200), ("Create an exam", 200)} <= {*found}


@pytest.mark.parametrize("program", ["newman", "bruno"])
def test_all_requests_have_their_documented_status(program: str, collections: Path, tmp_path: Path) -> None:
    with running(files=tmp_path / "files", job_seconds=0.01, admin=True) as sandbox, record_requests() as seen:
        assert sandbox.admin_key
        for version in ("v1", "v3"):
            add_resets(collections, version, sandbox.base_url, sandbox.admin_key)
            report = collections / f"{version}.json"
            if program == "newman":
                run_newman(collections / f"{version}.postman_collection.json", variables_of(sandbox), report)
            else:
                run_bruno(collections / f"bruno-{version}", variables_of(sandbox), report)
    expected = {f"{one.api} {one.value['operationId']}": ("ok", success_of(one)) for one in OPERATIONS}
    assert len(seen) == len(expected) == ALL
    assert {operation: (verdict, status) for operation, verdict, status in seen} == expected


def generate_all(folder: Path) -> None:
    generate_packages(folder)
    generate(folder / "spec", folder, "docs")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return share_folder(tmp_path_factory, "own-collections", generate_all)


@pytest.fixture(scope="module")
def own_sandbox(own: Path) -> Iterator[dict[str, Any]]:
    """The sandbox of all schemes: what it prints once it is ready."""
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0"]
    environment = make_environment(
        own / "generated", **{f"PROCWISE_{name.upper()}": text for name, text in KNOWN.items()}
    )
    with subprocess.Popen(
        call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


def own_variables(sandbox: dict[str, Any]) -> dict[str, str]:
    given = {"base_url": sandbox["base_url"].partition("/v")[0], **KNOWN, "expires": "77", "token": sandbox["token"]}
    return {**given, "access_key": sandbox["token"], "secret_key": sandbox["secret_key"], **sandbox["credentials"]}


def run_all_by_newman(own: Path, variables: dict[str, str]) -> dict[str, list[tuple[str, int]]]:
    """What the collection of each scheme got; in one process, since starting it takes longer than most of them."""
    collections = {name: own / COLLECTIONS / f"{name}.postman_collection.json" for name in SCHEMES}
    pairs = [(str(path), variables) for path in collections.values()]
    program = str(Path(__file__).parent / "run_collections.cjs")
    done = subprocess.run(["node", program], input=json.dumps(pairs), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {
        name: [(item, status) for item, status, _ in found]
        for name, found in zip(collections, json.loads(done.stdout), strict=True)
    }


def test_newman_signs_by_every_scheme(own: Path, own_sandbox: dict[str, Any]) -> None:
    found = run_all_by_newman(own, own_variables(own_sandbox))
    for name, requests in found.items():
        refused = {item for item, status in requests if status != 200}
        assert len(requests) == 6, name
        assert not refused, (name, refused)
    assert len(found) >= 40


def test_newman_signs_by_no_scheme_with_another_key(own: Path, own_sandbox: dict[str, Any]) -> None:
    wrong = {**own_variables(own_sandbox), "secret_key": "bm90IHRoaXMgb25l"}
    for name, requests in run_all_by_newman(own, wrong).items():
        assert {status for _, status in requests} <= {401, 403}, name


@pytest.mark.parametrize("version", LONG_FORMS)
def test_bruno_signs_by_other_schemes(version: str, own: Path, own_sandbox: dict[str, Any], tmp_path: Path) -> None:
    folder = own / COLLECTIONS / f"bruno-{version}"
    found = run_bruno(folder, own_variables(own_sandbox), tmp_path / "report.json")
    assert len(found) >= 5
    assert {status for _, status in found} == {200}
