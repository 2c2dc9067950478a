"""Other values of the signing schemes of the two descriptions, and other manners of the servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PANTRY_SCHEMES: Mapping[str, Mapping[str, Any]] = {
    "form": {},
    "json": {
        "algorithm": "hmac-sha384",
        "digest": "hex-upper",
        "message": {
            "parameters": ["query", "path", "body"],
            "order": "as-sent",
            "pair": "{name}:{value}",
            "separator": "\n",
            "values": "json",
        },
        "timestamp": {"unit": "ms"},
        "nonce": {"type": "integer"},
        "placement": {"send": "body", "accept": ["body", "query"]},
    },
    "plain": {
        "message": {
            "parameters": ["path", "query", "body"],
            "pair": "<{name}|{value}>",
            "separator": "",
            "values": "plain",
        },
        "timestamp": {"unit": "ms", "window_seconds": 3600},
    },
    "narrow": {
        "digest": "hex-upper",
        "message": {"parameters": ["query"], "values": "percent-encoded", "order": "name-bytes"},
    },
}
PANTRY_MANNERS: tuple[Mapping[str, int], ...] = (
    {"ambiguous": 400, "wrong": 403, "replayed": 409, "foreign": 404},
    {"ambiguous": 401, "wrong": 401, "replayed": 401, "foreign": 403, "doubles": True},
    {"ambiguous": 403, "wrong": 400, "replayed": 400, "foreign": 404},
    {"ambiguous": 422, "wrong": 403, "replayed": 403, "foreign": 403},
)
_BODY_HASH = {"from": "body", "as": ["sha256", "hex-lower"]}
_HEADERS = {"X-Who": "{credential.access_key}", "X-At": "{timestamp}", "X-Seal": "v1={signature}"}
VAULT_SCHEMES: Mapping[str, Mapping[str, Any]] = {
    "authorization": {},
    "headers": {
        "algorithm": "hmac-sha256",
        "digest": "hex-lower",
        "message": {"join": ":", "parts": ["method", "target", "timestamp", "header.x-room", _BODY_HASH]},
        "timestamp": {"format": "unix-s", "window_seconds": 300},
        "nonce": None,
        "placement": [{"in": "header", "fields": _HEADERS}],
    },
}


def change_scheme(scheme: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The scheme with other clauses: None takes one away, and a mapping changes single members."""
    merged = dict(scheme)
    for name, value in change.items():
        old = merged.get(name)
        merged[name] = {**old, **value} if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return {name: value for name, value in merged.items() if value is not None}
