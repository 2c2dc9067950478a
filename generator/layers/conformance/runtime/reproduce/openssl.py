"""How a signature is made in a shell with OpenSSL: rightly, or as wrongly as it was made."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

from procwise.signing import Scheme

from ..description import Credentials
from ..http.signer import FORMS, Signed, Signing, own_hash, rightly
from ..http.wire import Parts
from .shell import Variables, printed, single

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
    """Where timestamps are told from: `now` as it was written, and a shell word that prints the same."""

    scheme: Scheme
    now: str
    now_ms: int
    start: str = ""

    def told(self, value: str) -> str:
        """A shell word for a timestamp."""
        own = self.start or _MOMENTS[self.scheme.timestamp_unit]
        if value.isdecimal() and len(value) == len(self.now):
            off = int(value) - int(self.now)
            return f"$(({own} {'-' if off < 0 else '+'} {abs(off)}))" if off else own
        words = {str(self.now_ms // 1000): _MOMENTS["s"], str(self.now_ms): _MOMENTS["ms"]}
        words |= {self.now: own} if self.now else {}
        found = next((text for text in sorted(words, key=len, reverse=True) if text in value), None)
        return value.replace(found, words[found]) if found else single(value, {})


def command(scheme: Scheme, signed: Signed, marked: Parts, keys: Mapping[str, str], variables: Variables) -> str:
    """The pipeline that prints the signature as it was made, before it was spelt; empty where none is known.

    `marked` are the parts to sign instead of those that were; `keys` are shell words by the keys they stand for.
    """
    key = signed.forgery.key(signed.user)
    made = signed.forgery.signing(scheme, signed.parts, key)
    word = keys.get(key) or _swapped(signed.user, key, keys) or single(key, {})
    for was, told in zip(_texts(scheme, signed, signed.parts), _texts(scheme, signed, marked), strict=True):
        message, secret = was.encode(scheme.encoding, "surrogatepass"), key.encode(scheme.key_encoding)
        for name, form in product(dict.fromkeys((own_hash(scheme), *_HASHES)), _FORMS):
            if FORMS[form](hmac.digest(secret, message, name)) == made:
                return f"{printed(told, variables)} | openssl dgst -{name} -hmac {word} {_FORMS[form]}"
        for form in _FORMS:
            if FORMS[form](hashlib.new(own_hash(scheme), message).digest()) == made:
                return f"{printed(told, variables)} | openssl dgst -{own_hash(scheme)} {_FORMS[form]}"
    return ""


def spelling(made: str, sent: object, *, in_query: bool, scheme: Scheme) -> str | None:
    """What the pipeline goes on with so that it prints what was sent; None where that is not known."""
    encoded = _IN_A_QUERY if in_query and scheme.digest.startswith("base64") else ""
    if not isinstance(sent, str):
        return encoded if made in str(sent) else None
    if made in sent or not sent:
        return encoded
    ways = {
        made[: len(sent)]: f"cut -c1-{len(sent)}",
        made.swapcase(): "tr 'a-zA-Z' 'A-Za-z'",
        "0" * len(made): "sed 's/./0/g'",
        _first(made): "sed -e 's/^0/1/' -e t -e 's/^./0/'",
        _last(made): "sed -e 's/0$/1/' -e t -e 's/.$/0/'",
        "é" + made[1:]: "sed 's/^./%C3%A9/'",
    }
    return f" | {ways[sent]}{encoded}" if sent in ways else None


def _first(made: str) -> str:
    return ("1" if made.startswith("0") else "0") + made[1:]


def _last(made: str) -> str:
    return made[:-1] + ("1" if made.endswith("0") else "0")


def _texts(scheme: Scheme, signed: Signed, parts: Parts) -> Iterator[str]:
    """What may have been signed: as the forgery has it, and as the scheme has it."""
    yield _told(signed.forgery.signing, scheme, parts)
    yield _told(rightly, scheme, parts)


def _told(signing: Signing, scheme: Any, parts: Parts) -> str:
    """What is handed to the HMAC: the forgery signs by a scheme that tells the text instead of digesting it."""
    kind = type(scheme)
    telling = type("Telling", (kind,), {"__slots__": (), "digest_of": lambda _self, text, _key: text})
    return signing(telling(**{field.name: getattr(scheme, field.name) for field in fields(scheme)}), parts, "")


def _swapped(user: Credentials, key: str, keys: Mapping[str, str]) -> str:
    if key and key == user.secret_key.swapcase() and user.secret_key in keys:
        return f"\"$(printf %s {keys[user.secret_key]} | tr 'a-zA-Z' 'A-Za-z')\""
    return ""
