"""The printed indexes, operation by operation, in the description, the client, the sandbox, the suite and the docs.

The same of the error codes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import procwise
from procwise_conformance.versions import APIS
from procwise_sandbox.loading import load_description
from tests.counts import COUNTS

Pairs = set[tuple[str, str]]


def index_rows(root: Path, api: str) -> Pairs:
    """Method and path of each row of the copied index."""
    rows = (root / f"tests/description/index_{api}.txt").read_text("utf-8").splitlines()
    cells = ([cell.strip() for cell in row.split("|")] for row in rows if "|" in row and not row.startswith("#"))
    return {(cell[0], cell[2]) for cell in cells}


def in_the_bundle(root: Path, api: str) -> Pairs:
    paths = json.loads((root / f"generated/openapi/{api}.json").read_text("utf-8"))["paths"]
    return {(method.upper(), path) for path, item in paths.items() for method in item}


def in_the_client(root: Path, api: str) -> Pairs:
    """The method and path that each codec module sends."""
    modules = (root / f"generated/client/procwise/{api}/api").rglob("*.py")
    sent = (re.search(r'"method": "([A-Z]+)",\s+"url": "([^"]*)"', path.read_text("utf-8")) for path in modules)
    return {(found[1], found[2]) for found in sent if found}


def in_the_docs(root: Path, api: str) -> Pairs:
    pages = (root / f"docs/reference/{api}").rglob("*.md")
    address = re.compile(r'class="op-address".*?>([A-Z]+)</span> <code>\S*?/api/v\d(\S*)</code>')
    lines = [address.search(page.read_text("utf-8")) for page in pages]
    plain = [(line[1], line[2]) for line in lines if line]
    return {(method, re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), path)) for method, path in plain}


@pytest.mark.parametrize("api", COUNTS)
def test_one_set_of_operations_everywhere(root: Path, api: str) -> None:
    index = index_rows(root, api)
    assert len(index) == COUNTS[api]
    served = next(version for version in load_description().apis if version.name == api)
    assert in_the_bundle(root, api) == index
    assert {(o.method, o.path) for o in served.operations} == index
    assert {(o.method, o.path) for o in APIS[api].operations} == index
    assert in_the_docs(root, api) == index
    assert in_the_client(root, api) == index


CODES = 20


@pytest.mark.parametrize("api", COUNTS)
def test_one_set_of_error_codes_everywhere(root: Path, api: str) -> None:
    bundle = json.loads((root / f"generated/openapi/{api}.json").read_text("utf-8"))
    catalogue = bundle["components"]["schemas"]["Error"]["properties"]["code"]["x-error-catalogue"]
    described = {(entry["code"], entry["status"]) for entry in catalogue}
    page = (root / f"docs/reference/{api}/errors.md").read_text("utf-8")
    rows = re.findall(r"^\| \[.*?\{: #code-(\w+) \} \| \[(\d+)\]", page, re.MULTILINE)
    members = getattr(procwise, api).ErrorCode
    assert len(described) == CODES
    assert {(code, int(status)) for code, status in rows} == described
    assert {(str(member), status) for member in members for status in member.statuses} == described
    assert all(member.meaning and member.hint for member in members)
