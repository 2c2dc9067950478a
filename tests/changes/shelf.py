"""A description with a bit of everything, and what `diff` says of an edit of it."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import Result
from typer.testing import CliRunner

from generator import compare as comparing
from generator.cli import app

SHELF = """\
openapi: 3.1.0
info: {title: Shelf, version: 1.2.3, description: A shelf of books.}
x-accept: application/vnd.shelf.v1
servers:
  - {url: https://one.example/api/v1, description: The first.}
  - {url: https://two.example/api/v1, description: The second.}
security: [{Token: [], RequestSignature: []}]
tags: [{name: Books}]
paths:
  /books:
    get:
      operationId: listBooks
      summary: List books
      description: All books.
      tags: [Books]
      x-client: {resource: books, method: list}
      x-retry: {policy: safe}
      x-pagination:
        page: page
        limit: limit
        items: books
        max_limit: 300
        headers: {item_count: X-Items, page_count: X-Pages, page: X-Page, limit: X-Limit}
      x-filter:
        filter: filter
        sort: sort
        columns: [{name: title, type: string, operators: [eq, gt]}, {name: pages, type: integer, operators: [eq]}]
        sortable: [title, pages]
        source: {pages: [p], confidence: documented}
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: filter, in: query, description: Which., schema: {type: string}, example: x}
        - {name: tag, in: query, schema: {type: array, items: {type: string}}}
        - {name: sort, in: query, required: true, schema: {type: string}}
      responses:
        "200":
          description: One page.
          headers:
            X-Items: {required: true, schema: {type: integer}}
            X-Pages: {schema: {type: integer}}
          content: {application/json: {schema: {$ref: "#/components/schemas/BookList"}}}
        "403": {$ref: "#/components/responses/Forbidden"}
    post:
      operationId: addBook
      x-client: {resource: books, method: add}
      x-retry: {policy: verify, lookup: listBooks, match: [title]}
      x-source: {pages: [p], confidence: documented}
      requestBody:
        required: true
        x-envelope: book
        content:
          application/json: {schema: {$ref: "#/components/schemas/BookAdd"}}
          application/x-www-form-urlencoded: {schema: {$ref: "#/components/schemas/BookAdd"}}
      responses:
        "201":
          description: Added.
          x-envelope: book
          content:
            application/json: {schema: {$ref: "#/components/schemas/BookBox"}, example: {book: {title: x}}}
            application/xml: {schema: {$ref: "#/components/schemas/BookBox"}}
        "403": {$ref: "#/components/responses/Forbidden"}
        "409": {$ref: "#/components/responses/Conflict"}
  /books/{id}/scan:
    post:
      operationId: startScan
      x-client: {resource: scans, method: start}
      x-job:
        status_operation: showScan
        download_operation: fetchScan
        field: state
        success: [done]
        failure: [failed]
        pending: [waiting]
      parameters: [{$ref: "#/components/parameters/Id"}]
      responses: {"204": {description: Started.}, "403": {$ref: "#/components/responses/Forbidden"}}
    get:
      operationId: showScan
      x-client: {resource: scans, method: show}
      deprecated: true
      x-replaced-by: fetchScan
      x-role: superuser
      parameters: [{$ref: "#/components/parameters/Id"}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: The state.}}
  /books/{id}/scan.zip:
    get:
      operationId: fetchScan
      x-client: {resource: scans, method: fetch}
      security: [{Token: []}]
      parameters: [{$ref: "#/components/parameters/Id"}]
      responses: {"200": {description: The scan., content: {application/zip: {schema: {type: string, format: binary}}}}}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: integer}}
  responses:
    Forbidden: {description: Not yours.}
    Conflict:
      description: There already.
      content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}
  schemas:
    Problem:
      type: object
      properties:
        code:
          type: string
          x-error-catalogue:
            - {code: taken, status: 409, meaning: It is there., hint: Take another.}
            - {code: locked, status: [409, 423], meaning: It is in use.}
    BookList:
      type: object
      required: [books]
      properties: {books: {type: array, items: {$ref: "#/components/schemas/Book"}}}
    BookBox:
      type: object
      required: [book]
      properties: {book: {$ref: "#/components/schemas/Book"}}
    Book:
      type: object
      required: [title]
      properties:
        title: {type: string, description: The title., example: x}
        isbn: {type: string, x-pii: true, deprecated: true}
        next: {$ref: "#/components/schemas/Book"}
    BookAdd:
      type: object
      required: [title]
      properties:
        title: {type: string}
        color: {type: string, x-source: {pages: [p], confidence: documented}}
    Tag: {type: object, additionalProperties: false}
  securitySchemes:
    Token: {type: apiKey, in: header, name: Authorization, x-token: {format: "Token {token}"}, description: Yours.}
    Basic: {type: http, scheme: basic}
    RequestSignature:
      type: apiKey
      in: query
      name: signature
      x-signing:
        algorithm: hmac-sha256
        digest: hex-lower
        key: {credential: secret_key, encoding: utf-8}
        message:
          parameters: [path, query, body]
          exclude: [signature]
          order: name-bytes
          pair: "{name}={value}"
          separator: "?"
          values: ruby-text
          encoding: utf-8
        timestamp: {parameter: timestamp, unit: ms, window_seconds: 3600}
        nonce: {parameter: nonce, type: integer, unique_for_seconds: 86400}
        files: excluded
        placement: {send: query, accept: [query, body]}
"""

Edit = tuple[str, str]


def edit_text(text: str, *edits: Edit) -> str:
    """The text with one place replaced by each edit."""
    for old, new in edits:
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def run_diff(old: str, new: str) -> Result:
    """`diff --format json` on two descriptions. Each is read once, however often it is compared."""
    paths = [write_description(text) for text in (old, new)]
    with patch.object(comparing, "_read", _read_once):
        return CliRunner().invoke(app, ["diff", *map(str, paths), "--format", "json"])


def report(old: str, new: str) -> dict[str, Any]:
    """What it prints; its exit code says whether callers break."""
    run = run_diff(old, new)
    if run.exception and not isinstance(run.exception, SystemExit):
        raise run.exception
    comparison: dict[str, Any] = json.loads(run.stdout)
    assert run.exit_code == (1 if comparison["bump"] == "major" else 0)
    return comparison


@cache
def write_description(text: str) -> Path:
    """The file of a description, in a folder of its own."""
    path = Path(tempfile.mkdtemp(dir=_make_folder())) / "shelf.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@cache
def _make_folder() -> str:
    """The folder of all descriptions, which goes with the process."""
    folder = tempfile.mkdtemp(prefix="descriptions-")
    atexit.register(shutil.rmtree, folder)
    return folder


def _read_once(path: Path, revision: str, overlays: Sequence[Path]) -> object:
    assert not (revision or overlays)
    return _read_file(path)


@lru_cache(maxsize=32)
def _read_file(path: Path, read: Callable[..., object] = comparing._read) -> object:
    return read(path, "", ())


def changes(comparison: dict[str, Any]) -> list[dict[str, Any]]:
    """All changes of a report."""
    return [change for api in comparison["apis"] for change in api["changes"]]


def kinds(entries: Iterable[dict[str, Any]]) -> set[str]:
    """Severity and rule of each change, in short."""
    return {f"{change['severity']} {change['rule']}" for change in entries}
