"""Shell lines that sign a request again: what `curl` needs, with no secret in them."""

from __future__ import annotations

import shlex
from typing import Any

from requests import PreparedRequest

from .description import Api
from .wire import read

_HASHES = {"hmac-sha1": "sha1", "hmac-sha256": "sha256", "hmac-sha384": "sha384", "hmac-sha512": "sha512"}
_TAILS = {
    "hex-lower": "-r | cut -d' ' -f1",
    "hex-upper": "-r | cut -d' ' -f1 | tr a-f A-F",
    "base64": "-binary | base64 -w0 | sed 's|+|%2B|g; s|/|%2F|g; s|=|%3D|g'",
    "base64url": "-binary | base64 -w0 | tr +/ -_ | sed 's|=|%3D|g'",
}
_MOMENTS = {"ms": "$(date +%s%3N)", "s": "$(date +%s)"}


def recipe(request: PreparedRequest, api: Api) -> str:
    """The lines that set the variables of the signing parameters, for a shell with OpenSSL.

    Empty where the signed text cannot be written in a line of shell, or the scheme is one that OpenSSL has not.
    """
    scheme: Any = api.scheme
    if scheme is None or scheme.algorithm not in _HASHES or scheme.digest not in _TAILS:
        return ""
    if scheme.send != "query" or scheme.values == "json":
        return ""
    parts = read(request, api)
    variables = {scheme.timestamp_parameter: "TIME_MARK", scheme.nonce_parameter: "NONCE_MARK"}
    params = scheme.merge(path=parts.path, query=parts.query, body=parts.body)
    text = scheme.base_string({**params, **variables})
    if parts.doubt or not text.isprintable() or not api.secret.isdisjoint(params):
        return ""
    stamp, once, signature = (variable(name) for name in scheme.parameters)
    told = shlex.quote(text).replace("TIME_MARK", f"'\"${stamp}\"'").replace("NONCE_MARK", f"'\"${once}\"'")
    mac = f'openssl dgst -{_HASHES[scheme.algorithm]} -hmac "$SECRET_KEY" {_TAILS[scheme.digest]}'
    return f"{stamp}={_MOMENTS[scheme.timestamp_unit]}; {once}=$(date +%s%N)\n{signature}=$(printf %s {told} | {mac})\n"


def variable(name: str) -> str:
    """The shell variable that is named after a parameter."""
    return "".join(char if char.isalnum() and char.isascii() else "_" for char in name).upper()
