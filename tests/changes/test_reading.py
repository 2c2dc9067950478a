"""What `diff` reads: any two valid descriptions, also those that no client can be made of, and revisions of git."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.generator.running import Run

Toolkit = Callable[..., Run]
Write = Callable[..., Path]

NAMELESS = """\
openapi: 3.0.3
info: {title: Nameless, version: 1.0.0}
x-logo: {url: logo.png}
paths:
  /a:
    x-internal: true
    get:
      x-client: not what ours is
      x-pagination: {by: cursor}
      responses:
        "200":
          description: Fine.
          content: {application/json: {schema: {type: object, x-order: [id, _id], properties: MEMBERS}}}
    post: {responses: {"204": {description: Done.}}}
components: {}
"""
ID = "{id: {type: integer}, _id: {type: string}, m: {type: string}, M: {type: string}}"

ROOT = """\
openapi: 3.1.0
info: {title: Files, version: 1.0.0}
paths:
  /things: {$ref: paths/things.yaml}
  /things/{id}:
    parameters: [{$ref: parts.yaml#/parameters/Id}]
    get: {responses: {"200": {description: One., content: {application/json: {schema: {$ref: thing.yaml}}}}}}
"""
FILES = {
    "openapi.yaml": ROOT,
    "thing.yaml": (
        "type: object\nproperties: {id: {type: integer}, next: {$ref: thing.yaml}, kind: {$ref: kind.json}}\n"
    ),
    "kind.json": '{"type": "string", "enum": ["a"]}',
    "parts.yaml": "parameters: {Id: {name: id, in: path, required: true, schema: {type: integer}}}\n",
    "paths/things.yaml": (
        "get:\n  responses:\n    '200':\n      description: All.\n"
        "      content: {application/json: {schema: {type: array, items: {$ref: ../thing.yaml}}}}\n"
    ),
}


def read(run: Run) -> list[dict[str, Any]]:
    return [change for api in json.loads(run.out)["apis"] for change in api["changes"]]


def test_no_ids_and_foreign_extensions(toolkit: Toolkit, write: Write) -> None:
    write("old.yaml", NAMELESS.replace("MEMBERS", ID))
    write("new.yaml", NAMELESS.replace("MEMBERS", ID.replace("integer", "string")))
    run = toolkit("diff", "old.yaml", "new.yaml", "--format", "json")
    assert (run.code, run.err) == (1, "")
    (change,) = read(run)
    assert (change["rule"], change["place"], change["path"]) == ("response-property-type-changed", "GET /a", "200 id")


def test_what_keeps_the_python_client_from_being_compared_is_said(toolkit: Toolkit, write: Write) -> None:
    write("old.yaml", NAMELESS.replace("MEMBERS", "{state: {type: string, enum: []}}"))
    run = toolkit("diff", "old.yaml", "old.yaml", "--format", "json")
    (api,) = json.loads(run.out)["apis"]
    assert api["unbuilt"].startswith("old: old.yaml:")
    assert "enum" in api["unbuilt"]
    sentence = toolkit("diff", "old.yaml", "old.yaml").out.splitlines()[1]
    assert sentence == f"the Python client was not compared; {api['unbuilt']}"


def test_files_that_are_referred_to_whole(toolkit: Toolkit, write: Write) -> None:
    for folder in ("old", "new"):
        for name, text in FILES.items():
            write(f"{folder}/{name}", text)
    write("new/kind.json", '{"type": "string", "enum": ["a", "b"]}')
    run = toolkit("diff", "old", "new", "--format", "json")
    assert (run.code, run.err) == (1, "")
    (change,) = read(run)
    assert (change["rule"], change["place"]) == ("response-property-enum-value-added", "schema kind")
    assert change["operations"] == ["GET /things", "GET /things/{id}"]
    assert (Path(change["file"]).parts[-2:], change["line"]) == (("new", "kind.json"), 1)


def test_two_files_of_one_name_stay_apart(toolkit: Toolkit, write: Write) -> None:
    for folder, kind in (("old", "integer"), ("new", "string")):
        for part in "ab":
            write(f"{folder}/{part}/thing.yaml", f"type: object\nproperties: {{{part}: {{type: {kind}}}}}\n")
        schemas = ", ".join(f"{{$ref: {part}/thing.yaml}}" for part in "ab")
        content = f"content: {{application/json: {{schema: {{type: array, prefixItems: [], anyOf: [{schemas}]}}}}}}"
        responses = f'responses: {{"200": {{description: Both., {content}}}}}'
        head = "openapi: 3.1.0\ninfo: {title: Two, version: 1.0.0}\n"
        write(f"{folder}/openapi.yaml", f"{head}paths: {{/a: {{get: {{{responses}}}}}}}\n")
    run = toolkit("diff", "old", "new", "--format", "json")
    places = {(change["place"], change["path"]) for change in read(run)}
    assert places == {("schema thing", "a"), ("schema thing_2", "b")}


def test_a_reference_over_the_network_is_left_out(toolkit: Toolkit, write: Write) -> None:
    text = NAMELESS.replace("MEMBERS", '{far: {$ref: "https://far.example/thing.yaml"}, id: {type: KIND}}')
    write("old.yaml", text.replace("KIND", "integer"))
    write("new.yaml", text.replace("KIND", "string"))
    run = toolkit("diff", "old.yaml", "new.yaml", "--format", "json")
    assert [change["path"] for change in read(run)] == ["200 id"]
    assert "'https://far.example/thing.yaml' is not a file" in run.err


@pytest.mark.parametrize("reference", ["#/paths/~1a/get/responses/200/content/application~1json/schema", "#/$defs/T"])
def test_references_to_other_places_than_components(toolkit: Toolkit, write: Write, reference: str) -> None:
    schema = "{type: object, properties: {id: {type: KIND}}}"

    def path(name: str, schema: str) -> str:
        content = f"content: {{application/json: {{schema: {schema}}}}}"
        return f'  /{name}: {{get: {{responses: {{"200": {{description: Fine., {content}}}}}}}}}\n'

    head = "openapi: 3.1.0\ninfo: {title: Odd, version: 1.0.0}\npaths:\n"
    text = head + path("a", schema) + path("b", f'{{$ref: "{reference}"}}') + f"$defs: {{T: {schema}}}\n"
    write("old.yaml", text.replace("KIND", "integer"))
    write("new.yaml", text.replace("KIND", "string"))
    run = toolkit("diff", "old.yaml", "new.yaml", "--format", "json")
    assert {change["place"] for change in read(run)} == {"GET /a", "GET /b"}


@pytest.fixture
def history(tmp_path: Path, write: Write) -> None:
    """A repository whose first commit, tagged v1, has another description than its working tree."""

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@a.example", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    for name, text in FILES.items():
        write(f"spec/v1/{name}", text)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "First")
    git("tag", "v1")
    write("spec/v1/kind.json", '{"type": "string", "enum": ["a", "b"]}')


@pytest.mark.usefixtures("history")
def test_a_revision_of_git(toolkit: Toolkit) -> None:
    run = toolkit("diff", "--from", "v1", "--format", "json", "--policy", "tolerant")
    assert (run.code, run.err) == (0, "")
    assert [change["rule"] for change in read(run)] == ["response-property-enum-value-added"]
    assert toolkit("diff", "--from", "v1", "spec/v1/openapi.yaml").code == 1
    assert toolkit("diff", "--from", "v1", "spec/v1/openapi.yaml").out == toolkit("diff", "--from", "v1").out


@pytest.mark.usefixtures("history")
def test_a_file_of_a_revision_is_called_as_git_calls_it(toolkit: Toolkit, tmp_path: Path) -> None:
    (tmp_path / "spec/v1/paths/things.yaml").write_text("post: {responses: {'204': {description: Done.}}}\n", "utf-8")
    run = toolkit("diff", "--from", "v1", "--format", "json")
    gone = next(change for change in read(run) if change["rule"] == "operation-removed")
    assert (gone["file"], gone["line"]) == ("v1:spec/v1/paths/things.yaml", 1)


@pytest.mark.usefixtures("history")
def test_what_is_not_there_at_a_revision(toolkit: Toolkit, write: Write) -> None:
    write("other/openapi.yaml", ROOT)
    for arguments, why in (
        (("--from", "v2"), "check the revision that --from names"),
        (("--from", "v1", "other"), "other is not there at v1"),
        (("--from", "v1", "spec", "spec"), "diff takes two descriptions"),
        (("--from", "--output=x"), "check the revision"),
    ):
        run = toolkit("diff", *arguments)
        assert (run.code, run.out) == (2, "")
        assert why in run.err
