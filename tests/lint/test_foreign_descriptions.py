"""A description that knows nothing of our extensions is not asked for them; it generates in any case."""

from __future__ import annotations

from pathlib import Path

from tests.lint.copies import ours

FOREIGN = """\
openapi: 3.1.0
info: {title: Things, version: "1", description: Things., contact: {name: x}, license: {name: MIT}}
servers: [{url: "https://api.things.dev"}]
security: [{Key: []}]
tags: [{name: Things, description: All about things.}]
paths:
  /things:
    get:
      operationId: listThings
      summary: List things
      description: All things.
      tags: [Things]
      responses:
        "200":
          description: The things.
          content: {application/json: {schema: {type: array, items: {type: string}}, example: [one]}}
        "401": {description: No key.}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: X-Key, description: A key.}
"""


def test_a_description_without_extensions_is_asked_for_none(tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    path.write_text(FOREIGN, encoding="utf-8")
    assert ours(path) == ()


def test_one_extension_asks_for_itself_everywhere_and_for_no_other(tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    path.write_text(FOREIGN.replace("      tags:", "      x-retry: {policy: safe}\n      tags:"), encoding="utf-8")
    assert ours(path) == ()
    path.write_text(
        FOREIGN.replace("      tags:", "      x-source: {pages: [a], confidence: documented}\n      tags:"),
        encoding="utf-8",
    )
    assert {finding.message.split(":")[0] for finding in ours(path)} == {"source"}


def test_what_uses_a_recursive_schema_comes_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "things.yaml"
    recursive = (
        'components:\n  schemas:\n    Tree: {allOf: [{$ref: "#/components/schemas/Tree"}], description: A tree.}'
    )
    path.write_text(
        FOREIGN.replace("items: {type: string}", 'items: {$ref: "#/components/schemas/Tree"}').replace(
            "components:", recursive
        ),
        encoding="utf-8",
    )
    ours(path)
