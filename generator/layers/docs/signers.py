"""What a program in the browser needs to sign as a description says: the value, and the inputs that it asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from generator.ir import Api, Operation, SignatureScheme, thaw
from generator.signing.language import SigningScheme, read_scheme
from generator.signing.language.checks import used_names, used_sources

_MADE = ("host", "content-length", "content-type")  # headers that every program sends by itself


def request_scheme(api: Api) -> SignatureScheme | None:
    """The scheme that signs requests."""
    return next((one for one in api.signature_schemes if one.direction == "request"), None)


def deliveries(api: Api) -> Iterator[tuple[SignatureScheme, Operation]]:
    """What the API sends by itself, signed, and the scheme that signs it."""
    for scheme in api.signature_schemes:
        for webhook in api.webhooks if scheme.direction == "delivery" else ():
            if any(scheme.scheme in alternative for alternative in webhook.security):
                yield scheme, webhook


def scheme_of_value(scheme: SignatureScheme) -> SigningScheme:
    """The scheme that a description's value describes."""
    value = thaw(scheme.value)
    return read_scheme(value if isinstance(value, dict) else {})


def describe_signer(scheme: SignatureScheme) -> Mapping[str, object]:
    """The value as JSON, and the credentials, settings and headers that a request is signed with."""
    read = scheme_of_value(scheme)
    return {
        "value": json.dumps(thaw(scheme.value), ensure_ascii=False, separators=(",", ":")),
        "credentials": _inputs(read, "credential"),
        "settings": _inputs(read, "setting"),
        "timestamp": read.timestamp.format if read.timestamp else "",
        "nonce": read.nonce.type if read.nonce else "",
        "signs_headers": any(
            source.kind == "headers" or (source.kind == "header" and source.name.lower() not in _MADE)
            for source in used_sources(read)
        ),
    }


def _inputs(scheme: SigningScheme, kind: str) -> list[Mapping[str, object]]:
    declared = scheme.credentials if kind == "credential" else scheme.settings
    return [
        {
            "name": name,
            "description": declared[name].description,
            "default": declared[name].default,
            "required": not declared[name].optional and not declared[name].default,
        }
        for name in used_names(scheme, kind)
    ]
