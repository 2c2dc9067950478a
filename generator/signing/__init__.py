"""The request signature, written once: the toolkit signs with it, and the client layer copies it into the client.

The modules of this package import nothing but one another, so that their copies stand alone. This one is not copied:
it turns the model's value of `x-signing` into the `Scheme` that signs.
"""

from __future__ import annotations

from generator.ir import Signing
from generator.signing.scheme import Scheme

__all__ = ["Scheme", "scheme_of"]


def scheme_of(signing: Signing) -> Scheme:
    """The scheme that signs as the description says."""
    return Scheme(
        algorithm=signing.algorithm,
        digest=signing.digest,
        key_encoding=signing.key_encoding,
        sources=signing.sources,
        exclude=signing.exclude,
        order=signing.order,
        pair=signing.pair,
        separator=signing.separator,
        values=signing.values,
        encoding=signing.encoding,
        signature_parameter=signing.parameter,
        timestamp_parameter=signing.timestamp.parameter,
        timestamp_unit=signing.timestamp.unit,
        window_seconds=signing.timestamp.window_seconds,
        nonce_parameter=signing.nonce.parameter,
        nonce_type=signing.nonce.type,
        unique_for_seconds=signing.nonce.unique_for_seconds,
        files=signing.files,
        send=signing.send,
        accept=signing.accept,
    )
