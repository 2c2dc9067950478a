"""One clause of the scheme taken otherwise: separator, digest, algorithm, key, something around the base string."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..scheme import HASH_OF, Scheme
from ..transforms import DIGEST_FORMS
from .attempts import Attempts, RefusedRequest
from .catalogue import SEPARATORS, decoded_keys, other_hashes, other_keys


def wrong_clauses(request: RefusedRequest) -> Attempts:
    """Another separator, digest or algorithm."""
    scheme, base, key = request.scheme, request.base_string, request.secret_key
    for cause, other in other_separators(scheme):
        yield cause, scheme.digest_of(other.joined(request.pairs), key)
    for digest in DIGEST_FORMS:
        if digest != scheme.digest:
            cause = f"the digest was written as {digest} instead of {scheme.digest}"
            yield cause, replace(scheme, digest=digest).digest_of(base, key)
    algorithms = {name: algorithm for algorithm, name in HASH_OF.items()}
    for cause, name in other_hashes(HASH_OF[scheme.algorithm], keyed=True):
        yield cause, replace(scheme, algorithm=algorithms[name]).digest_of(base, key)


def other_separators(scheme: Scheme) -> Iterator[tuple[str, Scheme]]:
    """What is said of each other separator, and the scheme that joins by it."""
    for separator in SEPARATORS:
        if separator != scheme.separator:
            cause = f"the pairs were joined by {separator!r} instead of {scheme.separator!r}"
            yield cause, replace(scheme, separator=separator)


def wrong_keys(request: RefusedRequest) -> Attempts:
    """Another key."""
    base, sign = request.base_string, request.scheme.digest_of
    yield from ((cause, sign(base, key)) for cause, key in other_keys(request.secret_key, request.token))
    yield from ((cause, sign(base, key)) for cause, key in decoded_keys(request.secret_key))
    yield "the key and the message were exchanged: the secret key is the key", sign(request.secret_key, base)


def wrong_ends(request: RefusedRequest) -> Attempts:
    """Something around the base string."""
    base, separator = request.base_string, request.scheme.separator
    texts = {
        "the base string ended with a line break": f"{base}\n",
        f"the base string began with {separator!r}": f"{separator}{base}",
        "the base string began with '?'": f"?{base}",
        f"the base string ended with {separator!r}": f"{base}{separator}",
    }
    yield from ((cause, request.scheme.digest_of(text, request.secret_key)) for cause, text in texts.items())
