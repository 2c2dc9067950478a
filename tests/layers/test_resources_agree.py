"""Sandbox and suite have one notion of a resource, also where they once read a description differently."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.sandbox_calls import Reply, send
from tests.shared import generate, make_environment

SPEC = Path(__file__).parent / "crates.yaml"
IN_THE_SUITE = """
import json
from procwise_conformance.lifecycles import list_lifecycles
from procwise_conformance.versions import APIS
(api,) = APIS.values()
resources = {one.id: [one.identity, one.wrapper, [m.name for m in one.members], [s.name for s in one.settable],
                 [(p.name, p.creator, p.lister) for p in one.placeholders]] for one in api.operations}
made = [[r.creator.id, r.destroyer.id, [o.id for o in r.changers], [o.id for o in r.listers]]
        for r in list_lifecycles(api)]
print(json.dumps([resources, made]))
"""


@dataclass(frozen=True)
class Server:
    url: str
    token: str
    secret_key: str


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("crates")
    return make_environment(generate(SPEC, folder, "client", "sandbox", "conformance"))


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[Server]:
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", "--self-check"]
    with subprocess.Popen(
        call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as started:
        assert started.stdout is not None
        first = json.loads(started.stdout.readline())
        yield Server(first["base_url"], first["token"], first["secret_key"])
        started.terminate()


def ask(server: Server, method: str, path: str, body: object = None) -> Reply:
    content = None if body is None else json.dumps(body).encode()
    return send(
        server.url, method, f"/rest{path}", {"Content-Type": "application/json", "X-Key": server.token}, content
    )


@pytest.fixture(scope="module")
def suite(environment: dict[str, str]) -> Any:
    call = [sys.executable, "-c", IN_THE_SUITE]
    return json.loads(subprocess.run(call, env=environment, check=True, capture_output=True, text=True).stdout)


@pytest.mark.slow
def test_a_wrapped_body_sets_what_the_wrapped_response_shows(server: Server, suite: Any) -> None:
    made = ask(server, "POST", "/tools", {"tool": {"name": "saw"}})
    assert (made.status, made.json["tool"]["name"]) == (200, "saw")
    assert suite[0]["createTool"] == ["code", "tool", ["code", "name"], ["name"], []]


@pytest.mark.slow
def test_an_object_is_found_by_the_member_that_its_path_names(server: Server, suite: Any) -> None:
    code = ask(server, "POST", "/tools", {"tool": {"name": "drill"}}).json["tool"]["code"]
    assert ask(server, "GET", f"/tools/{code}").json["tool"] == {"code": code, "name": "drill"}
    assert ask(server, "PUT", f"/tools/{code}", {"tool": {"name": "axe"}}).json["tool"]["name"] == "axe"
    assert suite[0]["showTool"][4] == [["code", "createTool", "listTools"]]
    assert suite[1] == [["createTool", "removeTool", ["replaceTool"], ["listTools"]]]


@pytest.mark.slow
def test_pages_lie_under_the_key_of_their_items(server: Server, suite: Any) -> None:
    ask(server, "POST", "/tools", {"tool": {"name": "rake"}})
    page = ask(server, "GET", "/tools?limit=1")
    assert (page.status, len(page.json["tools"]), page.headers["x-limit"]) == (200, 1, "1")
    assert suite[0]["listTools"][:3] == ["code", "tools", ["code", "name"]]


@pytest.mark.slow
def test_what_is_only_created_is_known_to_what_lies_below(server: Server, suite: Any) -> None:
    crate = ask(server, "POST", "/crates", {"name": "blue"}).json["id"]
    label = ask(server, "POST", f"/crates/{crate}/labels", {"text": "top"})
    assert label.json["crate_id"] == crate
    shown = json.loads(ask(server, "GET", f"/crates/{crate}/labels").content)
    assert [one["text"] for one in shown] == ["top"]
    assert ask(server, "POST", f"/crates/{crate + 1}/labels", {"text": "top"}).status == 404
    assert suite[0]["createLabel"][4] == [["crate_id", "createCrate", ""]]


@pytest.mark.slow
def test_the_suite_finds_nothing_in_the_sandbox(environment: dict[str, str], server: Server, tmp_path: Path) -> None:
    call = [sys.executable, "-m", "procwise_conformance", server.url, "--api", "crates", "--max-examples", "1"]
    secrets = {"PROCWISE_TOKEN": server.token, "PROCWISE_SECRET_KEY": server.secret_key}
    run = subprocess.run(
        [*call, "--report", str(tmp_path)], env={**environment, **secrets}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
