"""A request-signing scheme as a value: base string, signature, verification.

`Scheme` holds the clauses of the description's `x-signing`; nothing here knows one vendor.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .macs import compute_mac
from .orders import Order, sort_pairs
from .text import VALUES, ValueText
from .transforms import TRANSFORMS, DigestForm, HashName

Algorithm = Literal["hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512"]
KeyEncoding = Literal["utf-8", "ascii", "latin-1"]
ParameterPlace = Literal["query", "body"]
ParameterSource = Literal["path", "query", "body"]

HASH_OF: Mapping[Algorithm, HashName] = {
    "hmac-md5": "md5",
    "hmac-sha1": "sha1",
    "hmac-sha256": "sha256",
    "hmac-sha384": "sha384",
    "hmac-sha512": "sha512",
}
_UNITS_PER_SECOND = {"ms": 1000, "s": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The signing scheme of one API; every field is a clause of `x-signing`.

    `window_seconds` is how far the timestamp may be off either way, `unique_for_seconds`
    how long a nonce may not be reused, `send` where a client puts the signing parameters,
    `accept` where a server takes them, `files` whether uploads are signed (`excluded`).
    """

    algorithm: Algorithm
    digest: DigestForm
    key_encoding: KeyEncoding
    sources: tuple[ParameterSource, ...]
    exclude: tuple[str, ...]
    order: Order
    pair: str
    separator: str
    values: ValueText
    encoding: Literal["utf-8"]
    signature_parameter: str
    timestamp_parameter: str
    timestamp_unit: Literal["ms", "s"]
    window_seconds: int
    nonce_parameter: str
    nonce_type: Literal["integer", "string"]
    unique_for_seconds: int
    files: Literal["excluded"]
    send: ParameterPlace
    accept: tuple[ParameterPlace, ...]

    @property
    def parameters(self) -> tuple[str, str, str]:
        """The names of the three signing parameters: timestamp, nonce, signature."""
        return self.timestamp_parameter, self.nonce_parameter, self.signature_parameter

    def merge(
        self,
        *,
        path: Mapping[str, object] | None = None,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> dict[str, object]:
        """The parameters of a request as one set; the source named first wins on a clash."""
        parts = {"path": path or {}, "query": query or {}, "body": body or {}}
        merged: dict[str, object] = {}
        for source in self.sources:
            for name, value in parts[source].items():
                merged.setdefault(name, value)
        return merged

    def stamp(self, params: Mapping[str, object], *, now_ms: int, nonce: int) -> dict[str, object]:
        """The parameters with timestamp and nonce; `now_ms` is in milliseconds since 1970 (UTC)."""
        moment = now_ms * _UNITS_PER_SECOND[self.timestamp_unit] // 1000
        once = nonce if self.nonce_type == "integer" else str(nonce)
        return {**params, self.timestamp_parameter: moment, self.nonce_parameter: once}

    def milliseconds(self, timestamp: int) -> int:
        """A timestamp of this scheme in milliseconds since 1970 (UTC)."""
        return timestamp * 1000 // _UNITS_PER_SECOND[self.timestamp_unit]

    def pairs(self, params: Mapping[str, object]) -> list[tuple[str, str]]:
        """The signed names and the texts of their values, in signing order."""
        text, exclude = VALUES[self.values], self.exclude
        chosen = [(name, text(value)) for name, value in params.items() if name not in exclude]
        return sort_pairs(chosen, self.order)

    def base_string(self, params: Mapping[str, object]) -> str:
        """The text that is signed: every parameter but the signature, written and joined."""
        return self.joined(self.pairs(params))

    def joined(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The base string of pairs that are already in order."""
        before, _, rest = self.pair.partition("{name}")
        between, _, after = rest.partition("{value}")
        return self.separator.join([f"{before}{name}{between}{value}{after}" for name, value in pairs])

    def sign(self, params: Mapping[str, object], secret_key: str) -> str:
        """The signature of the parameters, in the scheme's digest form."""
        return self.digest_of(self.base_string(params), secret_key)

    def digest_of(self, base_string: str | bytes, secret_key: str | bytes) -> str:
        """The signature of a base string. A lone surrogate is signed as its three bytes."""
        key = secret_key if isinstance(secret_key, bytes) else secret_key.encode(self.key_encoding, "surrogatepass")
        message = base_string if isinstance(base_string, bytes) else base_string.encode(self.encoding, "surrogatepass")
        return str(TRANSFORMS[self.digest].apply(compute_mac(key, message, HASH_OF[self.algorithm])))

    def verify(self, params: Mapping[str, object], secret_key: str, signature: str) -> bool:
        """Whether the signature is right; takes the same time wherever it differs."""
        expected = self.sign(params, secret_key).encode()
        return hmac.compare_digest(expected, signature.encode("utf-8", "surrogatepass"))
