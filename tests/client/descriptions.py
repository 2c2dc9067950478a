"""Descriptions made up for the tests, and packages generated from them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from generator import layers
from generator.load import load
from generator.lower import lower
from generator.tree import add_header, check_owned, write
from tests.bytecode import compile_package

TEXT: dict[str, Any] = {"type": "string"}


def generate_package(description: dict[str, Any], folder: Path, name: str = "v1") -> Path:
    """Generate the client of a description; the folder that holds the package `procwise`."""
    spec = folder / "spec" / name
    spec.mkdir(parents=True)
    (spec / "openapi.yaml").write_text(json.dumps(description), encoding="utf-8")
    layer = layers.load("client")
    files = [add_header(file) for file in check_owned(layer.render(lower(load([folder / "spec"]))), layer.output)]
    write(files, folder, [layer.output])
    compile_package(folder / layer.output)
    return folder / layer.output


def run(program: str, package: Path) -> str:
    """Run a program that imports the generated package; what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def describe_paths(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A small description around some paths."""
    return {"openapi": "3.1.0", "info": {"title": "Made up", "version": "1"}, "paths": paths, **more}


def json_responses(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    """The responses of an operation that has one response."""
    return {"200": {"description": "Fine.", "content": {media_type: {"schema": schema}}}}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def build_object(**members: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members}


def operation(schema: Any = TEXT, **more: Any) -> dict[str, Any]:
    return {"operationId": "getIt", "tags": ["things"], "responses": json_responses(schema), **more}


def show(program: str, package: Path, *responses: tuple[int, str], token: str | None = None) -> list[str]:
    """What a program prints that is sent these responses, one after the other; `client` and `seen` are made."""
    start = f"""
import httpx2, json, procwise
from procwise import UNSET
from procwise.v1 import models
seen, responses = [], {list(responses)!r}
def serve(request):
    seen.append(request)
    status, text = responses.pop(0)
    return httpx2.Response(status, content=text.encode())
http = httpx2.Client(transport=httpx2.MockTransport(serve))
client = procwise.Client(base_url="https://x.example", http=http, token={token!r})
"""
    return run(start + program, package).splitlines()
