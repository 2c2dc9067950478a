"""Attacks on the signature itself: cut, lengthened, in another form, by another algorithm, with another key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from procwise.signing import Scheme

from ..api import Credentials
from ..http.signer import SigningSteps, hash_name
from .attack import EVERYWHERE, Attack
from .wrong_signatures import hmac_with, plain_hash

_UNKNOWN_KEY = "fedcba9876543210fedcba9876543210fedcba98"
_DIGEST = "x-signing.digest"
_TRIMMED = "the signature is trimmed before it is compared"
_FORMS = (
    ("SIG-070", "hex-lower"),
    ("SIG-071", "hex-upper"),
    ("SIG-072", "base64"),
    ("SIG-073", "base64url"),
)
_HASHES = (
    ("SIG-074", "md5"),
    ("SIG-075", "sha1"),
    ("SIG-076", "sha256"),
    ("SIG-077", "sha384"),
    ("SIG-078", "sha512"),
)


def attacks(scheme: Scheme, others: tuple[Credentials, ...]) -> Iterator[Attack]:
    """Attacks on the signature; `others` are users whose secret keys must not be accepted."""
    yield from _alterations()
    yield from _lengths()
    yield from _algorithms(scheme)
    yield from _keys(others)


def _alterations() -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.algorithm")
    ignored = "the signature is not compared with the one that is computed"
    plain = partial(row, cause=ignored, exact="signature")
    yield plain(id="SIG-006", name="signature altered", steps=_with_encoding(alter), spread=EVERYWHERE)
    beginning = "only the beginning of the signature is compared"
    yield row(id="SIG-060", name="signature altered at its end", cause=beginning, steps=_with_encoding(_alter_end))
    yield row(
        id="SIG-061", name="signature of zeros", cause=ignored, steps=_with_encoding(lambda text: "0" * len(text))
    )
    yield row(
        id="SIG-062", name="signature beyond ASCII", cause=ignored, steps=_with_encoding(lambda text: "é" + text[1:])
    )


def _lengths() -> Iterator[Attack]:
    row = partial(Attack, clause=_DIGEST)
    beginning = "only the beginning of the signature is compared"
    rows: tuple[tuple[str, str, Callable[[str], str], str], ...] = (
        ("SIG-063", "signature cut to one character", lambda text: text[:1], "as much is compared as was sent"),
        ("SIG-064", "signature cut to eight characters", lambda text: text[:8], "as much is compared as was sent"),
        ("SIG-065", "signature without its last character", lambda text: text[:-1], "as much is compared as was sent"),
        ("SIG-066", "signature and one character more", lambda text: text + "0", beginning),
        ("SIG-067", "signature twice in a row", lambda text: text + text, beginning),
        ("SIG-068", "signature behind a space", lambda text: " " + text, _TRIMMED),
        ("SIG-087", "signature before a space", lambda text: text + " ", _TRIMMED),
        ("SIG-088", "signature before a line break", lambda text: text + "\n", _TRIMMED),
        ("SIG-069", "signature in the other case", str.swapcase, "signatures are compared without regard to case"),
    )
    for id_, name, encode_signature, cause in rows:
        yield row(id=id_, name=name, cause=cause, steps=_with_encoding(encode_signature))


def _algorithms(scheme: Scheme) -> Iterator[Attack]:
    own = hash_name(scheme)
    row = partial(Attack, clause=_DIGEST, cause="more than one form of the digest is taken")
    for id_, form in _FORMS:
        if form != scheme.digest and {form, scheme.digest} != {"hex-lower", "hex-upper"}:
            yield row(id=id_, name=f"digest as {form}", steps=SigningSteps(compute_signature=hmac_with(own, form)))
    row = partial(Attack, clause="x-signing.algorithm")
    more = "more than one algorithm is taken"
    for id_, name in _HASHES:
        if name != own:
            steps = SigningSteps(compute_signature=hmac_with(name, scheme.digest))
            yield row(id=id_, name=f"signed by HMAC-{name.upper()}", cause=more, steps=steps)
    keyless, glued = "a hash without a key is taken", "a hash over key and base string is taken"
    hashes: tuple[tuple[str, str, Callable[[bytes, bytes], bytes], str], ...] = (
        ("SIG-079", "hashed without a key", lambda text, _key: text, keyless),
        ("SIG-080", "hashed with the key behind", lambda text, key: text + key, glued),
        ("SIG-081", "hashed with the key before", lambda text, key: key + text, glued),
    )
    for id_, name, joined, cause in hashes:
        yield row(id=id_, name=name, cause=cause, steps=SigningSteps(compute_signature=plain_hash(joined)))


def _keys(others: tuple[Credentials, ...]) -> Iterator[Attack]:
    row = partial(Attack, clause="x-signing.key")
    wrong = "the signature is not made with the user's own secret key"
    unknown = _with_key(lambda _user: _UNKNOWN_KEY)
    yield row(id="SIG-007", name="wrong secret", cause=wrong, steps=unknown, spread=EVERYWHERE)
    empty = "a user without a key, or a missing key, is taken for one with an empty key"
    yield row(id="SIG-082", name="empty secret", cause=empty, steps=_with_key(lambda _user: ""))
    yield row(id="SIG-083", name="token as the secret", cause="the token is taken for the key", steps=_with_key(_token))
    case = "the secret key is used in lower or upper case"
    yield row(
        id="SIG-084", name="secret in the other case", cause=case, steps=_with_key(lambda u: u.secret_key.swapcase())
    )
    for id_, name, other in zip(("SIG-085", "SIG-086"), ("another", "a third"), others, strict=False):
        anybody = "the secret key of any user is taken"
        yield row(id=id_, name=f"{name} user's secret", cause=anybody, steps=_with_key(partial(_key_of, other)))


def _token(user: Credentials) -> str:
    return user.token


def _key_of(other: Credentials, _user: Credentials) -> str:
    return other.secret_key


def alter(signature: str) -> str:
    """Another text of the same length and alphabet, hexadecimal or base64."""
    return ("1" if signature.startswith("0") else "0") + signature[1:]


def _alter_end(signature: str) -> str:
    """The last character differs; with padding, the last one that is whole."""
    stem = signature.rstrip("=")
    end = len(stem) - (1 if stem == signature else 2)
    return signature[:end] + ("1" if signature[end] == "0" else "0") + signature[end + 1 :]


def _with_encoding(encode_signature: Callable[[str], str]) -> SigningSteps:
    return SigningSteps(encode_signature=encode_signature)


def _with_key(key: Callable[[Credentials], str]) -> SigningSteps:
    return SigningSteps(key=key)
