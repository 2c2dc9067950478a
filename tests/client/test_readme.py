"""The program in the README of the client: the first list, job and show of the current version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.client.descriptions import describe_paths, generate_package, json_responses

THING = {"type": "object", "properties": {"name": {"type": "string"}}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}, "description": "Which."}
WORD = {"name": "word", "in": "path", "required": True, "schema": {"type": "string"}, "description": "Which."}


def operation(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    client = {"resource": "things", "method": name}
    return {"operationId": name, "x-client": client, "parameters": [*parameters], "responses": json_responses(THING)}


def test_the_readme_shows_the_first_object_that_a_number_names(tmp_path: Path) -> None:
    paths = {
        "/things": {"get": operation("all"), "post": operation("create")},
        "/words/{word}": {"get": operation("by_word", WORD)},
        "/things/{id}": {"get": operation("show", ID), "delete": operation("destroy", ID)},
    }
    readme = (generate_package(describe_paths(paths), tmp_path) / "README.md").read_text("utf-8")
    program = readme.partition("```python\n")[2].partition("```")[0]
    assert program.splitlines()[3:] == [
        "try:",
        "    with Client() as client:  # token, secret key and base URL come from the environment",
        "        print(client.things.show(17))",
        "except procwise.ProcwiseError as error:",
        "    print(error)",
    ]
