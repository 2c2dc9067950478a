"""A version as a Bruno collection: a folder of text files, one for each request."""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.ir import Api
from generator.layers.docs.collections.entries import UPLOAD, Entry, default_address, entries
from generator.layers.docs.collections.scripts import list_settings, variables, write_signing_script
from generator.layers.docs.page_paths import Place
from generator.layers.docs.prose import one_line


def bruno_collection(api: Api, found: tuple[Place, ...]) -> Iterator[tuple[str, str]]:
    """The files of the collection: their paths and texts."""
    requests = [one for _, group in entries(api, found) for one in group]
    described = {"version": "1", "name": one_line(f"{api.title} {api.name}"), "type": "collection"}
    yield "bruno.json", json.dumps(described, indent=2, ensure_ascii=False) + "\n"
    names = ("base_url", *variables(api), *list_settings(api))
    values = [(name, default_address(api) if name == "base_url" else "") for name in names]
    blocks = [_pairs("vars:pre-request", values)]
    script = write_signing_script(api, requests, "bruno")
    yield "collection.bru", "\n".join([*blocks, *([_text("script:pre-request", script)] if script else [])])
    for number, one in enumerate(requests, 1):
        yield f"{one.file}.bru", "\n".join(_request(one, number))


def _request(entry: Entry, number: int) -> Iterator[str]:
    text = "json" if any(value.lower().endswith("json") for _, value in entry.headers[-1:]) else "text"
    body = "multipartForm" if entry.form else text if entry.body else "none"
    yield _pairs("meta", [("name", entry.name), ("type", "http"), ("seq", str(number))])
    yield _pairs(entry.method.lower(), [("url", entry.address), ("body", body), ("auth", "none")])
    yield _pairs("headers", entry.headers)
    if entry.form:
        fields = [(name, f"@file({UPLOAD})" if value is None else value) for name, value in entry.form]
        yield _pairs("body:multipart-form", fields)
    elif entry.body:
        yield _text(f"body:{body}", entry.body)


def _pairs(block: str, pairs: Iterator[tuple[str, str]] | list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> str:
    lines = (f"  {_key(name)}: {_value(value)}\n" for name, value in pairs)
    return f"{block} {{\n{''.join(lines)}}}\n"


def _key(name: str) -> str:
    """A name; in quotation marks where it has characters with a meaning."""
    plain = name.replace("_", "").replace("-", "").isalnum()
    return name if plain else '"' + one_line(name).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(value: str) -> str:
    return f"'''\n{_indent(value, 4)}\n  '''" if "\n" in value else value


def _text(block: str, text: str) -> str:
    return f"{block} {{\n{_indent(text, 2)}\n}}\n"


def _indent(text: str, blanks: int) -> str:
    """Every line indented: one that begins with a brace would end the block."""
    return "\n".join(" " * blanks + line for line in text.splitlines())
