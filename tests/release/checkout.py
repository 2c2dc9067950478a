"""A small checkout: one description that follows the house rules, a changelog, and the version of its packages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

DESCRIPTION = """\
# The shelf, by hand.
openapi: 3.1.0
info:
  title: Shelf
  version: '1.2.3'   # follows what callers see
  description: Books on a shelf.
  contact: {name: The librarian}
  license: {name: Apache-2.0, identifier: Apache-2.0}
servers: [{url: "https://shelf.procwise.org/api/v1", description: The only one.}]
security: [{Key: []}]
tags: [{name: Books, description: What stands on the shelf.}]
paths:
  /books:
    get:
      operationId: listBooks
      tags: [Books]
      summary: List books
      description: All books of one kind.
      x-client: {resource: books, method: list}
      parameters:
        - name: kind
          in: query
          description: The kind of the books.
          example: novel
          schema: {type: string, enum: [novel, poem], maxLength: 20}
      responses: &books
        "200":
          description: The books.
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Book"}}
              example: [{id: 1, title: Emma, state: here}]
        "401":
          description: The key is wrong.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Fault"}
              example: {error: The key is wrong.}
  /books/{id}:
    delete:
      operationId: removeBook
      tags: [Books]
      summary: Remove a book
      description: It is gone then.
      x-client: {resource: books, method: destroy}
      parameters:
        - {name: id, in: path, required: true, description: The book., example: 1, schema: {type: integer}}
      responses: *books
components:
  securitySchemes:
    Key:
      type: apiKey
      in: header
      name: X-Key
      description: The key of the reader.
  schemas:
    Book:
      type: object
      description: A book.
      required: [id]
      properties:
        id: {type: integer, description: Its number.}
        title: {type: string, description: Its title.}
        state: {type: string, enum: [here, lent], description: Where it is.}
    Fault:
      type: object
      description: Why a request is refused.
      properties:
        error: {type: string, description: The reason.}
"""
CHANGES = """\
# Changelog

## Unreleased

### Fixed

- The first sentence.

## 0.3.0 (2026-01-01)

- What was there.
"""
PROJECT = """\
[build-system]
requires = ["hatchling"]
[project]
name = "shelf"
version = "0.4.0"  # of all packages
"""
FILES = {"spec/v1/openapi.yaml": DESCRIPTION, "CHANGELOG.md": CHANGES, "pyproject.toml": PROJECT}
SPEC = "spec/v1/openapi.yaml"


def make_checkout(root: Path, **others: str) -> None:
    """Write the files of a checkout."""
    for name, text in {**FILES, **others}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def replace_text(root: Path, name: str, old: str, new: str) -> None:
    """Edit a file where the text stands, once."""
    text = (root / name).read_text("utf-8")
    assert text.count(old) == 1, (name, old, text.count(old))
    (root / name).write_text(text.replace(old, new), "utf-8")


def read_tree(root: Path) -> Mapping[str, bytes]:
    """Every file and folder below the root, with its content."""
    paths = sorted(root.rglob("*"))
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"" for path in paths}
