"""Mistakes that are the same for every scheme: another hash, another form of the result, another key."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from ..transforms import HASHES, HashName

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+", re.ASCII)
_BASE64 = re.compile(r"(?=.)(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?", re.ASCII)
SEPARATORS = ("&", "?", "", ",", ";", "|", "\n")


def other_hashes(own: HashName, *, keyed: bool) -> Iterator[tuple[str, HashName]]:
    """What is said of each other hash function; of its HMAC, if the scheme's is one."""
    prefix = "hmac-" if keyed else ""
    for name in HASHES:
        if name != own:
            yield f"it was signed with {prefix}{name} instead of {prefix}{own}", name


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
