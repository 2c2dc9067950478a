"""The script of a collection: the evaluator of the docs site, the scheme, and a small adapter for the program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from generator.ir import Api
from generator.javascript import EVALUATOR, TEXTS, read_scripts
from generator.layers.docs.collections.entries import Entry
from generator.layers.docs.signers import describe_signer, request_scheme, scheme_of_value
from generator.signing.language.checks import used_names

_HERE = Path(__file__).parent
# the evaluator keeps what it knows in an object of its own: Postman has no `globalThis`
_SCOPE = 'const procwise = { crypto: typeof crypto === "undefined" ? undefined : crypto };'
_FRAMES = {
    "bruno": ("await (async (globalThis) => {", "})(procwise);"),
    "postman": (
        "const waiting = setTimeout(() => {}, 60000); // Postman waits for a timer, and not for a promise\n"
        "(async (globalThis) => {",
        "})(procwise).catch((error) => console.error(`The request was not signed: ${error.message}`))"
        ".then(() => clearTimeout(waiting));",
    ),
}


def write_signing_script(api: Api, requests: Iterable[Entry], program: str) -> str:
    """The script that signs each request before it is sent; empty for a version that signs none."""
    scheme = request_scheme(api)
    if scheme is None:
        return ""
    signer = describe_signer(scheme)
    collection = {
        "value": signer["value"],
        "templates": {one.name: one.template for one in requests if one.signed},
        "credentials": variables(api),
        "settings": list_settings(api),
        "nonce": signer["nonce"],
    }
    texts, evaluator = read_scripts(TEXTS), read_scripts(EVALUATOR)
    constant = f"const COLLECTION = {json.dumps(collection, ensure_ascii=True, indent=1)};"
    braces, *adapter = (_read(_HERE / "scripts" / f"{name}.js") for name in ("braces", "sign", program))
    begin, end = _FRAMES[program]
    return "\n".join((_SCOPE, begin, texts, braces, evaluator, constant, *adapter, end))


def variables(api: Api) -> list[str]:
    """The names of the credentials that a collection asks for."""
    scheme = request_scheme(api)
    names = used_names(scheme_of_value(scheme), "credential") if scheme else ()
    return list(dict.fromkeys((*names, *(("token",) if api.token else ()))))


def list_settings(api: Api) -> list[str]:
    """The names of the settings that a collection asks for."""
    scheme = request_scheme(api)
    return list(used_names(scheme_of_value(scheme), "setting")) if scheme else []


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
