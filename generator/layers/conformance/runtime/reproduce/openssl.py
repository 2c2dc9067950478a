"""Computes a signature in a shell with OpenSSL, as it was computed in the run."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

from procwise.signing import Scheme

from ..api import Credentials
from ..http.signer import DIGEST_FORMS, SignatureFunction, SigningRecord, correct_signature, hash_name
from ..http.wire import Parts
from .shell import Variables, print_command, single_quoted

_HASHES = ("sha1", "sha256", "sha384", "sha512", "md5")
_FORMS: Mapping[str, str] = {
    "hex-lower": "-r | cut -d' ' -f1",
    "hex-upper": "-r | cut -d' ' -f1 | tr a-f A-F",
    "base64": "-binary | base64 -w0",
    "base64url": "-binary | base64 -w0 | tr +/ -_",
}
_IN_A_QUERY = " | sed 's|+|%2B|g; s|/|%2F|g; s|=|%3D|g'"


_MOMENTS = {"ms": "$(date +%s%3N)", "s": "$(date +%s)"}


@dataclass(frozen=True, slots=True)
class Moment:
    """The time that timestamps are relative to: `now` as it was sent, and a shell word that prints it."""

    scheme: Scheme
    now: str
    now_ms: int
    start: str = ""

    def shell_word(self, value: str) -> str:
        """A shell word for a timestamp."""
        own = self.start or _MOMENTS[self.scheme.timestamp_unit]
        if value.isdecimal() and len(value) == len(self.now):
            off = int(value) - int(self.now)
            return f"$(({own} {'-' if off < 0 else '+'} {abs(off)}))" if off else own
        words = {str(self.now_ms // 1000): _MOMENTS["s"], str(self.now_ms): _MOMENTS["ms"]}
        words |= {self.now: own} if self.now else {}
        part = next((text for text in sorted(words, key=len, reverse=True) if text in value), None)
        return value.replace(part, words[part]) if part else single_quoted(value, {})


def command(
    scheme: Scheme, signing_record: SigningRecord, marked: Parts, keys: Mapping[str, str], variables: Variables
) -> str:
    """The pipeline that prints the signature as it was computed, before it was encoded; empty if none is known.

    `marked` are the parts to sign instead of those in the record; `keys` are shell words by the keys they stand for.
    """
    key = signing_record.steps.key(signing_record.user)
    computed = signing_record.steps.compute_signature(scheme, signing_record.parts, key)
    word = keys.get(key) or _swapped_case_key(signing_record.user, key, keys) or single_quoted(key, {})
    for signed, text in zip(
        _texts(scheme, signing_record, signing_record.parts), _texts(scheme, signing_record, marked), strict=True
    ):
        message, secret = signed.encode(scheme.encoding, "surrogatepass"), key.encode(scheme.key_encoding)
        for name, form in product(dict.fromkeys((hash_name(scheme), *_HASHES)), _FORMS):
            if DIGEST_FORMS[form](hmac.digest(secret, message, name)) == computed:
                return f"{print_command(text, variables)} | openssl dgst -{name} -hmac {word} {_FORMS[form]}"
        for form in _FORMS:
            if DIGEST_FORMS[form](hashlib.new(hash_name(scheme), message).digest()) == computed:
                return f"{print_command(text, variables)} | openssl dgst -{hash_name(scheme)} {_FORMS[form]}"
    return ""


def shell_encoding(computed: str, sent: object, *, in_query: bool, scheme: Scheme) -> str | None:
    """The rest of the pipeline that prints the signature as it was sent; None if that is not known."""
    encoded = _IN_A_QUERY if in_query and scheme.digest.startswith("base64") else ""
    if not isinstance(sent, str):
        return encoded if computed in str(sent) else None
    if computed in sent or not sent:
        return encoded
    ways = {
        computed[: len(sent)]: f"cut -c1-{len(sent)}",
        computed.swapcase(): "tr 'a-zA-Z' 'A-Za-z'",
        "0" * len(computed): "sed 's/./0/g'",
        _first(computed): "sed -e 's/^0/1/' -e t -e 's/^./0/'",
        _last(computed): "sed -e 's/0$/1/' -e t -e 's/.$/0/'",
        "é" + computed[1:]: "sed 's/^./%C3%A9/'",
    }
    return f" | {ways[sent]}{encoded}" if sent in ways else None


def _first(computed: str) -> str:
    return ("1" if computed.startswith("0") else "0") + computed[1:]


def _last(computed: str) -> str:
    return computed[:-1] + ("1" if computed.endswith("0") else "0")


def _texts(scheme: Scheme, signing_record: SigningRecord, parts: Parts) -> Iterator[str]:
    """The messages that may have been signed: by the steps, and by the scheme."""
    yield _message(signing_record.steps.compute_signature, scheme, parts)
    yield _message(correct_signature, scheme, parts)


def _message(compute_signature: SignatureFunction, scheme: Any, parts: Parts) -> str:
    """The message of the HMAC: the steps get a scheme that returns the text instead of its digest."""
    kind = type(scheme)
    telling = type("Telling", (kind,), {"__slots__": (), "digest_of": lambda _self, text, _key: text})
    return compute_signature(
        telling(**{field.name: getattr(scheme, field.name) for field in fields(scheme)}), parts, ""
    )


def _swapped_case_key(user: Credentials, key: str, keys: Mapping[str, str]) -> str:
    if key and key == user.secret_key.swapcase() and user.secret_key in keys:
        return f"\"$(printf %s {keys[user.secret_key]} | tr 'a-zA-Z' 'A-Za-z')\""
    return ""
