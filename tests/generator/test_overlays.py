"""An OpenAPI Overlay changes a description before it is checked, and is blamed for what it adds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.errors import SpecErrors
from generator.load import load
from generator.lower import lower
from tests.generator.running import Run

DESCRIPTION = """\
openapi: 3.0.3
info: {title: Shelf, version: "1"}
paths:
  /books:
    get:
      parameters:
        - {$ref: "#/components/parameters/signature"}
        - {name: title, in: query, schema: {type: string}}
      security: [{Key: []}]
      responses: {"200": {description: The books.}}
    post:
      operationId: addBook
      responses: {"200": {description: }}
  /books/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses: {"200": {description: The book.}}
components:
  parameters:
    signature: {name: signature, in: query, required: true, schema: {type: string}}
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key}
"""
HEAD = 'overlay: 1.0.0\ninfo: {title: More, version: "1"}\nactions:\n'
SIGNED = "$.paths.*[?@.parameters[?@['$ref'] == '#/components/parameters/signature']]"


@pytest.fixture
def overlaid(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """The content of the description after these actions; the faults are raised."""
    (tmp_path / "openapi.yaml").write_text(DESCRIPTION, "utf-8")

    def apply(actions: str, head: str = HEAD) -> dict[str, Any]:
        (tmp_path / "overlay.yaml").write_text(head + actions, "utf-8")
        (document,) = load([tmp_path / "openapi.yaml"], [tmp_path / "overlay.yaml"])
        return document.content

    return apply


def test_objects_are_merged_and_lists_grow(overlaid: Callable[[str], dict[str, Any]]) -> None:
    content = overlaid(
        "  - {target: $.info, update: {version: '2', contact: {name: Ada}}}\n"
        f'  - {{target: "{SIGNED}", update: {{security: [{{Other: []}}], x-role: superuser}}}}\n'
        "  - {target: '$.paths[\"/books\"].get.parameters', update: {name: page, in: query, schema: {type: integer}}}\n"
        "  - {target: $.components.securitySchemes, update: {Other: {type: http, scheme: basic}}}\n"
    )
    assert content["info"] == {"title": "Shelf", "version": "2", "contact": {"name": "Ada"}}
    books = content["paths"]["/books"]
    assert books["get"]["security"] == [{"Key": []}, {"Other": []}]
    assert books["get"]["x-role"] == "superuser"
    assert "x-role" not in books["post"]
    assert [one.get("name") for one in books["get"]["parameters"]] == [None, "title", "page"]
    assert {*content["components"]["securitySchemes"]} == {"Key", "Other"}


def test_what_is_removed_is_gone_and_places_move_up(overlaid: Callable[[str], dict[str, Any]], tmp_path: Path) -> None:
    content = overlaid(
        "  - {target: '$.paths[\"/books\"].get.parameters[0]', remove: true}\n"
        '  - {target: "$.paths.*.*.security", remove: true}\n'
        "  - {target: $.components.parameters, remove: true}\n"
    )
    assert [one["name"] for one in content["paths"]["/books"]["get"]["parameters"]] == ["title"]
    (document,) = load([tmp_path / "openapi.yaml"], [tmp_path / "overlay.yaml"])
    place = document.position(("paths", "/books", "get", "parameters", 0, "name"))
    assert place.line == 8


@pytest.mark.parametrize(
    ("actions", "line", "said"),
    [
        (
            "  - {target: $.info, update: {description: x}}\n  - {target: $.inof, remove: true}\n",
            5,
            "the target hits nothing",
        ),
        ("  - target: $.info[\n    update: {}\n", 4, "the target is no JSONPath"),
        ("  - target: $.info\n", 4, "an action either updates or removes"),
        ("  - {target: $.info, update: {}, remove: true}\n", 4, "an action either updates or removes"),
        ("  - update: {}\n", 4, "the action has no target"),
        ("  - target: $.info\n    updtae: {}\n", 5, "an action has no 'updtae'"),
        ("  - target: $.info\n    update:\n      x-cleint: {}\n", 6, "unknown extension x-cleint"),
        ("  - target: $.components.securitySchemes.Key\n    update: {x-token: {format: none}}\n", 5, "x-token"),
    ],
)
def test_a_fault_names_the_overlay_and_its_line(
    overlaid: Callable[[str], dict[str, Any]], actions: str, line: int, said: str
) -> None:
    with pytest.raises(SpecErrors) as errors:
        overlaid(actions)
    (fault,) = errors.value.faults
    assert said in fault.message
    assert fault.file.endswith("overlay.yaml")
    assert fault.line == line


@pytest.mark.parametrize("head", ["openapi: 3.1.0\nactions:\n", "overlay: 1.0.0\ninfo: {}\nactions: []\nx-a:\n"])
def test_what_is_no_overlay(overlaid: Callable[..., dict[str, Any]], head: str) -> None:
    with pytest.raises(SpecErrors, match="overlay"):
        overlaid("  - {target: $.info, remove: true}\n", head)


def test_ids_and_empty_descriptions_are_filled_in(overlaid: Callable[[str], dict[str, Any]], tmp_path: Path) -> None:
    overlaid("  - {target: $.info, update: {description: x}}\n")
    documents = load([tmp_path / "openapi.yaml"])
    assert [one.id for one in lower(documents).apis[0].operations] == ["getBooks", "addBook", "getBooksById"]


def test_the_commands_take_overlays(tmp_path: Path, toolkit: Callable[..., Run]) -> None:
    (tmp_path / "openapi.yaml").write_text(DESCRIPTION, "utf-8")
    overlay: dict[str, Any] = {"overlay": "1.0.0", "info": {"title": "More", "version": "1"}}
    overlay["actions"] = [{"target": "$.paths['/books'].post", "remove": True}]
    (tmp_path / "overlay.yaml").write_text(yaml.safe_dump(overlay), "utf-8")
    with_overlay = ("--overlay", "overlay.yaml")
    done = toolkit("generate", "--spec", "openapi.yaml", "--layer", "openapi", *with_overlay, "--out", ".")
    assert done.code == 0, done.err
    bundled = next((tmp_path / "generated/openapi").rglob("*.yaml")).read_text("utf-8")
    assert "addBook" not in bundled
    assert "has no operationId" in toolkit("lint", "openapi.yaml", *with_overlay).err
    overlay["actions"] = [{"target": "$.nothing", "remove": True}]
    (tmp_path / "overlay.yaml").write_text(yaml.safe_dump(overlay), "utf-8")
    done = toolkit("diff", "openapi.yaml", "openapi.yaml", *with_overlay)
    assert done.code == 2
    assert "overlay.yaml:3: the target hits nothing" in done.err
