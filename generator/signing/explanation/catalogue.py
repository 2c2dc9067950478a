"""Mistakes that are the same for every scheme: another hash, another form of the result, another key."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from ..transforms import HASHES

DIGESTS = ("hex-lower", "hex-upper", "base64", "base64url")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
_BASE64 = re.compile(r"(?=.)(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?", re.ASCII)
SEPARATORS = ("&", "?", "", ",", ";", "|", "\n")


def other_algorithms(algorithm: str) -> Iterator[tuple[str, str]]:
    """What is said of each other hash, with the algorithm: an HMAC, if the scheme's is one."""
    prefix = "hmac-" if algorithm.startswith("hmac-") else ""
    for name in (f"{prefix}{one}" for one in HASHES):
        if name != algorithm:
            yield f"it was signed with {name} instead of {algorithm}", name


def other_keys(secret_key: str, token: str) -> Iterator[tuple[str, str]]:
    """What is said of each other secret key that people use by mistake."""
    if token:
        yield "the token was used as the key, instead of the secret key", token
    yield "the secret key ended with a line break", f"{secret_key}\n"
    yield "the secret key ended with a carriage return and a line break", f"{secret_key}\r\n"
    yield "the secret key ended with a space", f"{secret_key} "
    yield "the secret key stood in quotation marks", f'"{secret_key}"'
    yield "the secret key was empty", ""


def decoded_keys(secret_key: str) -> Iterator[tuple[str, bytes]]:
    """What is said of each key that is made of the secret key as if that were another form of bytes."""
    if _HEX.fullmatch(secret_key):
        cause = "the secret key was decoded from hexadecimal digits; the key is the text itself"
        yield cause, bytes.fromhex(secret_key)
    if _BASE64.fullmatch(secret_key):
        yield "the secret key was decoded from base64; the key is the text itself", base64.b64decode(secret_key)
