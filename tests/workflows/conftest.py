"""A small repository with a description of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.steps import commit, git

DESCRIPTION = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0, description: Things., contact: {name: x}, license: {name: MIT}}
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


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the description under spec/, committed."""
    folder = tmp_path / "repository"
    (folder / "spec" / "v1").mkdir(parents=True)
    (folder / "spec" / "v1" / "openapi.yaml").write_text(DESCRIPTION, encoding="utf-8")
    git(folder, "init", "--quiet")
    commit(folder)
    return folder
