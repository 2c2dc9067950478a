"""Signatures over something else than the scheme says."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from procwise.signing import Scheme

from ..http.signer import FORMS, Signing, own_hash
from ..http.wire import Parts

Pairs = list[tuple[str, str]]
OWN_PREFIX = "conformance"


def merged(scheme: Scheme, parts: Parts) -> dict[str, object]:
    """The parameters that the scheme signs."""
    return scheme.merge(path=parts.path, query=parts.query, body=parts.body)


def by(**clauses: Any) -> Signing:
    """Signed by a scheme that differs in some clauses."""

    def signing(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        other = replace(scheme, **clauses)
        return other.sign(merged(other, parts), secret_key)

    return signing


def over(changed: Callable[[Mapping[str, object]], Mapping[str, object]]) -> Signing:
    """Signed over other parameters than those that are sent."""
    return lambda scheme, parts, secret_key: scheme.sign(changed(merged(scheme, parts)), secret_key)


def texts(changed: Callable[[str], str]) -> Signing:
    """Signed over other texts, in those parameters that the suite itself added."""

    def otherwise(params: Mapping[str, object]) -> dict[str, object]:
        return {
            name: changed(value) if isinstance(value, str) and OWN_PREFIX in name else value
            for name, value in params.items()
        }

    return over(otherwise)


def keeping(wanted: Callable[[object], bool]) -> Signing:
    """Signed without the values that are not wanted."""
    return over(lambda params: {name: value for name, value in params.items() if wanted(value)})


def without(part: str) -> Signing:
    """Signed without the path, the query or the body, but for the signing parameters."""

    def signing(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        stamp = {scheme.timestamp_parameter, scheme.nonce_parameter}
        values: Mapping[str, object] = getattr(parts, part)
        other: Any = {part: {name: value for name, value in values.items() if name in stamp}}
        return scheme.sign(merged(scheme, replace(parts, **other)), secret_key)

    return signing


def leaving(parameter: str) -> Signing:
    """Signed without one parameter."""
    return over(lambda params: {name: value for name, value in params.items() if name != parameter})


def known(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """Signed without the parameters that the suite itself added."""
    params = merged(scheme, parts)
    return scheme.sign({name: params[name] for name in params if OWN_PREFIX not in name}, secret_key)


def with_files(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """Signed over the uploads as well, as if they were texts."""
    return scheme.sign({**parts.files, **merged(scheme, parts)}, secret_key)


def with_signature(scheme: Scheme, parts: Parts, secret_key: str) -> str:
    """Signed over an empty signature as well."""
    pairs = [*scheme.pairs(merged(scheme, parts)), (scheme.signature_parameter, "")]
    return digested(scheme, scheme.joined(sorted(pairs)), secret_key)


def ordered(changed: Callable[[Pairs], Pairs]) -> Signing:
    """Signed over the parameters in another order."""

    def signing(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        text = scheme.joined(changed(scheme.pairs(merged(scheme, parts))))
        return digested(scheme, text, secret_key)

    return signing


def written(changed: Callable[[str], str]) -> Signing:
    """Signed over another spelling of the base string."""

    def signing(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        return digested(scheme, changed(scheme.base_string(merged(scheme, parts))), secret_key)

    return signing


def encoded(encoding: str) -> Signing:
    """Signed over other bytes for the same characters; those that it does not have become question marks."""

    def signing(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        message = scheme.base_string(merged(scheme, parts)).encode(encoding, "replace")
        return FORMS[scheme.digest](hmac.digest(secret_key.encode(scheme.key_encoding), message, own_hash(scheme)))

    return signing


def hmac_by(name: str, form: str) -> Signing:
    """An HMAC by another hash, or in another form."""

    def signing(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        return FORMS[form](hmac.digest(secret_key.encode(scheme.key_encoding), message(scheme, parts), name))

    return signing


def hashed(joined: Callable[[bytes, bytes], bytes]) -> Signing:
    """No HMAC, but a hash over base string and key as they are joined."""

    def signing(scheme: Scheme, parts: Parts, secret_key: str) -> str:
        text = joined(message(scheme, parts), secret_key.encode(scheme.key_encoding))
        return FORMS[scheme.digest](hashlib.new(own_hash(scheme), text).digest())

    return signing


def message(scheme: Scheme, parts: Parts) -> bytes:
    """What is signed, as bytes."""
    return scheme.base_string(merged(scheme, parts)).encode(scheme.encoding, "surrogatepass")


def digested(scheme: Scheme, base_string: str, secret_key: str) -> str:
    """The signature of a base string."""
    return scheme.digest_of(base_string, secret_key)
