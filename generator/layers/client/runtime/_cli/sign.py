"""`sign`: parameters as JSON in, base string and signature out; the toolkit's own `sign` is the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Protocol

from .._session.session import clean_credential
from .streams import CannotRun


class Signer(Protocol):
    """A signing scheme, of the package or of the toolkit."""

    def base_string(self, params: Mapping[str, object], /) -> str:
        """The text that is signed."""

    def sign(self, params: Mapping[str, object], secret_key: str, /) -> str:
        """The signature."""


def read_object(data: bytes, source: str = "standard input") -> dict[str, object]:
    """The JSON object in UTF-8, with a byte order mark or without; CannotRun if it is none."""
    try:
        read = json.loads(data, parse_constant=_refuse_constant)
        json.dumps(read, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise CannotRun(f"{source} is no JSON: {error} (write an object of parameters)") from None
    if not isinstance(read, dict):
        raise CannotRun(f'{source} is no JSON object (write one, such as {{"id": 1}})')
    return read


def read_secret(name: str, text: str | None) -> str:
    """A secret key from a variable or a file, cleaned as the client cleans it; CannotRun if it is empty."""
    if text is None:
        raise CannotRun(f"the environment variable {name} is not set (export it, or name another one)")
    secret = clean_credential("secret_key", text)
    if not secret:
        raise CannotRun(f"{name} holds no secret key: it is empty (copy the key into it)")
    return secret


def write_signature(scheme: Signer, params: Mapping[str, object], secret_key: str) -> str:
    """Base string and signature as JSON."""
    signed = {"base_string": scheme.base_string(params), "signature": scheme.sign(params, secret_key)}
    return json.dumps(signed, ensure_ascii=False, indent=2) + "\n"


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is no JSON number")
