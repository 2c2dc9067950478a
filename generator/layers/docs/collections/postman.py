"""A version as a Postman collection, format 2.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.ir import Api, thaw
from generator.layers.docs.collections.entries import UPLOAD, Entry, default_address, entries
from generator.layers.docs.collections.scripts import list_settings, variables, write_signing_script
from generator.layers.docs.page_paths import Place
from generator.layers.docs.prose import one_line

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def postman_collection(api: Api, found: tuple[Place, ...]) -> Mapping[str, object]:
    """The collection; its variables are to be filled in where it is used."""
    folders = list(entries(api, found))
    script = write_signing_script(api, (one for _, requests in folders for one in requests), "postman")
    adds = any(one["in"] == "body" for one in _placements(api))
    names = ("base_url", *variables(api), *list_settings(api))
    return {
        "info": {"name": one_line(f"{api.title} {api.name}"), "schema": _SCHEMA},
        "item": [{"name": title, "item": [_item(one, adds) for one in requests]} for title, requests in folders],
        "event": [{"listen": "prerequest", "script": {"type": "text/javascript", "exec": script.splitlines()}}],
        "protocolProfileBehavior": {
            "disableBodyPruning": True
        },  # else a scheme whose fields are in the body signs no GET
        "variable": [{"key": name, "value": default_address(api) if name == "base_url" else ""} for name in names],
    }


def _placements(api: Api) -> Iterator[Mapping[str, Any]]:
    """Where the signatures of requests are put."""
    for scheme in api.signature_schemes:
        if scheme.direction == "request":
            yield from thaw(scheme.value)["placement"]  # type: ignore[index]  # a mapping stays a mapping


def _item(entry: Entry, adds_to_body: bool) -> Mapping[str, object]:
    """One request; the script can add to a body that is there, if it is an empty one."""
    request: dict[str, object] = {
        "method": entry.method,
        "header": [{"key": name, "value": value} for name, value in entry.headers],
        "url": entry.address,
    }
    if entry.form:
        fields = [
            {"key": name, "type": "file", "src": UPLOAD}
            if value is None
            else {"key": name, "type": "text", "value": value}
            for name, value in entry.form
        ]
        request["body"] = {"mode": "formdata", "formdata": fields}
    elif entry.body or adds_to_body:
        request["body"] = {"mode": "raw", "raw": entry.body}
    return {"name": entry.name, "request": request, "response": []}
