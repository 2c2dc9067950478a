"""Functions that compute a wrong signature: over something else than the scheme says."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procwise.signing import Scheme

from ..http.signer import DIGEST_FORMS, SignatureFunction, hash_name
from ..http.wire import Parts

Pairs = list[tuple[str, str]]
OWN_PREFIX = "conformance"


def merge(scheme: Scheme, parts: Parts) -> dict[str, object]:
    """The parameters that the scheme signs."""
    return scheme.merge(path=parts.path, query=parts.query, body=parts.body)


def with_clauses(**clauses: Any) -> SignatureFunction:
    """Signed by a scheme that differs in some clauses."""

    def compute_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        other = replace(scheme, **clauses)
        return other.sign(merge(other, parts), secret_key)

    return compute_signature


def over_parameters(change: Callable[[Mapping[str, object]], Mapping[str, object]]) -> SignatureFunction:
    """Signed over other parameters than those that are sent."""
    return lambda scheme, parts, secret_key: scheme.sign(change(merge(scheme, parts)), secret_key)


def over_texts(change: Callable[[str], str]) -> SignatureFunction:
    """Signed over other texts, in those parameters that the suite itself added."""

    def change_own_texts(params: Mapping[str, object]) -> dict[str, object]:
        return {
            name: change(value) if isinstance(value, str) and OWN_PREFIX in name else value
            for name, value in params.items()
        }

    return over_parameters(change_own_texts)


def with_values(is_wanted: Callable[[object], bool]) -> SignatureFunction:
    """Signed without the values that are not wanted."""
    return over_parameters(lambda params: {name: value for name, value in params.items() if is_wanted(value)})


def without_part(part: str) -> SignatureFunction:
    """Signed without the path, the query or the body, but for the signing parameters."""

    def compute_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        stamp = {scheme.timestamp_parameter, scheme.nonce_parameter}
        values: Mapping[str, object] = getattr(parts, part)
        other: Any = {part: {name: value for name, value in values.items() if name in stamp}}
        return scheme.sign(merge(scheme, replace(parts, **other)), secret_key)

    return compute_signature


def without_parameter(parameter: str) -> SignatureFunction:
    """Signed without one parameter."""
    return over_parameters(lambda params: {name: value for name, value in params.items() if name != parameter})


def without_added(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """Signed without the parameters that the suite itself added."""
    params = merge(scheme, parts)
    return scheme.sign({name: params[name] for name in params if OWN_PREFIX not in name}, secret_key)


def with_files(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """Signed over the uploads as well, as if they were texts."""
    return scheme.sign({**parts.files, **merge(scheme, parts)}, secret_key)


def with_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """Signed over an empty signature as well."""
    pairs = [*scheme.pairs(merge(scheme, parts)), (scheme.signature_parameter, "")]
    return digest(scheme, scheme.joined(sorted(pairs)), secret_key)


def in_order(change: Callable[[Pairs], Pairs]) -> SignatureFunction:
    """Signed over the parameters in another order."""

    def compute_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        text = scheme.joined(change(scheme.pairs(merge(scheme, parts))))
        return digest(scheme, text, secret_key)

    return compute_signature


def over_base_string(change: Callable[[str], str]) -> SignatureFunction:
    """Signed over another spelling of the base string."""

    def compute_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        return digest(scheme, change(scheme.base_string(merge(scheme, parts))), secret_key)

    return compute_signature


def in_encoding(encoding: str) -> SignatureFunction:
    """Signed over other bytes for the same characters; those that it does not have become question marks."""

    def compute_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        message = scheme.base_string(merge(scheme, parts)).encode(encoding, "replace")
        return DIGEST_FORMS[scheme.digest](
            hmac.digest(secret_key.encode(scheme.key_encoding), message, hash_name(scheme))
        )

    return compute_signature


def hmac_with(name: str, form: str) -> SignatureFunction:
    """An HMAC by another hash, or in another form."""

    def compute_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        return DIGEST_FORMS[form](hmac.digest(secret_key.encode(scheme.key_encoding), message(scheme, parts), name))

    return compute_signature


def plain_hash(join: Callable[[bytes, bytes], bytes]) -> SignatureFunction:
    """No HMAC, but a hash over base string and key as they are joined."""

    def compute_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        text = join(message(scheme, parts), secret_key.encode(scheme.key_encoding))
        return DIGEST_FORMS[scheme.digest](hashlib.new(hash_name(scheme), text).digest())

    return compute_signature


def message(scheme: Scheme, parts: Parts) -> bytes:
    """The base string as bytes."""
    return scheme.base_string(merge(scheme, parts)).encode(scheme.encoding, "surrogatepass")


def digest(scheme: Scheme, base_string: str, secret_key: str) -> str:
    """The signature of a base string."""
    return scheme.digest_of(base_string, secret_key)
