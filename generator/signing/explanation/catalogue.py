"""Mistakes that are the same for every scheme: another hash, another form of the result, another key."""

from __future__ import annotations

from collections.abc import Iterator

from ..transforms import HASHES

DIGESTS = ("hex-lower", "hex-upper", "base64", "base64url")
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
