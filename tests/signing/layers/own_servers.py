"""The descriptions of all schemes that sign requests, as versions of one API; and the packages generated from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.shared import generate
from tests.signing.published import FOLDER, NAMES, trial_values, unseen_values, value_of

HEX_KEY = {"credential": "secret_key", "encoding": "hex"}
VERSIONS = {
    "hexkey": "coinbase-exchange",  # no published scheme has a hexadecimal key
    **{name.replace("-", ""): name for name in NAMES if value_of(name).get("direction", "request") == "request"},
}
# written from the page about the language alone
WRITTEN = {f"new{name}": value for name, value in unseen_values().items()} | {
    f"try{name}": value for name, value in trial_values().items()
}
UNSEEN = tuple(version for version, value in WRITTEN.items() if value.get("direction") != "delivery")


def value_of_version(version: str) -> dict[str, Any]:
    """The value of `x-signing` of a version."""
    if version in UNSEEN:
        return WRITTEN[version]
    value = value_of(VERSIONS[version])
    return {**value, "key": HEX_KEY} if version == "hexkey" else value


def generate_packages(folder: Path) -> None:
    """Client, sandbox and suite of one API, whose versions are signed by a scheme each."""
    for version in (*VERSIONS, *UNSEEN):
        name = VERSIONS.get(version, "coinbase-exchange")
        description = yaml.safe_load((FOLDER / name / "openapi.yaml").read_text("utf-8"))
        description["components"]["securitySchemes"]["Signature"]["x-signing"] = value_of_version(version)
        (folder / "spec" / version).mkdir(parents=True)
        (folder / "spec" / version / "openapi.yaml").write_text(yaml.safe_dump(_extend(description, version)), "utf-8")
    generate(folder / "spec", folder, "client", "sandbox", "conformance")


def _extend(description: dict[str, Any], version: str) -> dict[str, Any]:
    """With a base path, and with operations where a changed path or method leads."""
    find, add = description["paths"]["/books"]["get"], description["paths"]["/books"]["post"]
    paths = {
        "/books": {
            "get": _rename(find, "find"),
            "post": _rename(add, "add"),
            "put": _rename(add, "replace"),
            "patch": _rename(add, "update"),
        },
        "/books/other": {"get": _rename(find, "find_other"), "post": _rename(add, "add_other")},
    }
    return {**description, "servers": [{"url": f"https://api.shelf.example/{version}"}], "paths": paths}


def _rename(operation: dict[str, Any], method: str) -> dict[str, Any]:
    return {**operation, "operationId": f"{method}_book", "x-client": {"resource": "books", "method": method}}
