"""Declared parameters that the signature fills in are none that a caller passes."""

from __future__ import annotations

import json
from pathlib import Path

from generator.ir import Api
from generator.load import load
from generator.lower import lower
from tests.lower.lowering import Json, operation

SIGNING = {
    "algorithm": "hmac-sha256",
    "digest": "hex-lower",
    "key": {"credential": "secret_key", "encoding": "utf-8"},
    "message": {
        "parameters": ["path", "query"],
        "exclude": ["signature"],
        "order": "name-bytes",
        "pair": "{name}={value}",
        "separator": "&",
        "values": "plain",
        "encoding": "utf-8",
    },
    "timestamp": {"parameter": "timestamp", "unit": "ms", "window_seconds": 60},
    "nonce": {"parameter": "nonce", "type": "integer", "unique_for_seconds": 60},
    "files": "excluded",
    "placement": {"send": "query", "accept": ["query"]},
}
SIGNATURE = {"type": "apiKey", "in": "query", "name": "signature", "x-signing": SIGNING}
SECURITY = [{"Signature": []}]


def parameter(name: str, place: str = "query") -> Json:
    return {"name": name, "in": place, "schema": {"type": "string", "description": f"It is {name}."}}


def read_signed(file: Path, **operations: Json) -> Api:
    """A description with a GET for each operation, written with each member on a line of its own."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Any", "version": "1.0.0"},
        "paths": {f"/{name}": {"get": one} for name, one in operations.items()},
        "components": {"securitySchemes": {"Signature": SIGNATURE}},
    }
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return lower(load([file])).apis[0]


def test_only_signed_operations_lose_what_the_signature_fills_in(tmp_path: Path) -> None:
    declared = [parameter(name) for name in ("timestamp", "color", "nonce", "signature", "size")]
    declared.append(parameter("nonce", "header"))
    signed = operation("signed", "things", {}, parameters=declared, security=SECURITY)
    open_ = operation("open", "things", {}, parameters=declared, security=[])
    api = read_signed(tmp_path / "openapi.json", signed=signed, open=open_)
    names = {one.id: [(given.location, given.name) for given in one.parameters] for one in api.operations}
    assert names["signed"] == [("query", "color"), ("query", "size"), ("header", "nonce")]
    assert names["open"] == [(one["in"], one["name"]) for one in declared]


def test_those_that_stay_keep_their_lines(tmp_path: Path) -> None:
    declared = [parameter(name) for name in ("timestamp", "color", "nonce", "size")]
    file = tmp_path / "openapi.json"
    api = read_signed(file, signed=operation("signed", "things", {}, parameters=declared, security=SECURITY))
    lines = file.read_text("utf-8").splitlines()
    found = {one.name: one.schema.line for one in api.operation("signed").parameters}
    assert found.keys() == {"color", "size"}
    for name, line in found.items():
        assert f"It is {name}." in "".join(lines[line - 1 : line + 2])


def test_responses_without_a_status_of_their_own_are_ranges(tmp_path: Path) -> None:
    described = {"200": {"description": "Done."}, "4XX": {"description": "No."}, "default": {"description": "Else."}}
    given = operation("signed", "things", {}) | {"responses": described}
    one = read_signed(tmp_path / "openapi.json", signed=given).operation("signed")
    assert [response.status for response in one.responses] == [200]
    assert [(key, response.description) for key, response in one.ranges] == [("4XX", "No."), ("default", "Else.")]
