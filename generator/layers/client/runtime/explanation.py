"""Why a signature is refused: the base string, where two of them part, the likeliest cause."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from .scheme import Scheme

MASK = "***"
USUAL_CAUSES = (
    "the secret key belongs to another user than the token",
    "a parameter was added, left out or changed after signing (the ids in the path count too)",
    "values were encoded before signing; the raw text is signed, only the URL is percent-encoded",
    "booleans were written as True and False instead of true and false",
    "the parameters were not in the scheme's order",
    "the timestamp is stale or in the wrong unit, or the nonce was used before",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was signed. No secret key is kept; values of masked names show as `***`.

    `parts` is how the two base strings differ, or empty; `cause` the likeliest reason, or
    empty where none was recognised; `causes` the usual reasons.
    """

    base_string: str
    signature: str
    parts: str
    cause: str
    causes: tuple[str, ...] = USUAL_CAUSES

    def __str__(self) -> str:
        lines = [f"base string: {self.base_string}", f"signature:   {self.signature or '(no secret key given)'}"]
        lines += [self.parts] if self.parts else []
        lines += [f"likely cause: {self.cause}"] if self.cause else [f"usual cause: {cause}" for cause in self.causes]
        return "\n".join(lines)


def explain(
    scheme: Scheme,
    params: Mapping[str, object],
    secret_key: str = "",
    *,
    theirs: str = "",
    signature: str = "",
    path: Collection[str] = (),
    masked: Collection[str] = (),
) -> Explanation:
    """Explain the signature of `params`.

    `theirs` is the base string of the other side and `signature` the refused signature, where
    known; `path` names the parameters that came from the path; `masked` those never shown.
    """
    pairs = [(name, MASK if name in masked else text) for name, text in scheme.pairs(params)]
    ours = scheme.base_string(params)
    return Explanation(
        base_string=scheme.joined(pairs),
        signature=scheme.digest_of(ours, secret_key) if secret_key else "",
        parts=_parting(ours, theirs, visible=not masked) if theirs else "",
        cause=likely_cause(scheme, params, secret_key, signature, path) if secret_key and signature else "",
    )


def likely_cause(
    scheme: Scheme, params: Mapping[str, object], secret_key: str, signature: str, path: Collection[str] = ()
) -> str:
    """The mistake that would have produced this very signature, or nothing."""
    for sentence, wrong, changed in _mistakes(scheme, params, path):
        if wrong.verify(changed, secret_key, signature):
            return sentence
    return ""


def _mistakes(
    scheme: Scheme, params: Mapping[str, object], path: Collection[str]
) -> Iterator[tuple[str, Scheme, Mapping[str, object]]]:
    yield "the parameters were signed in the order sent, not sorted by name", replace(scheme, order="as-sent"), params
    for separator in {"&", "?", "", ","} - {scheme.separator}:
        yield f"joined by {separator!r} instead of {scheme.separator!r}", replace(scheme, separator=separator), params
    for values in {"percent-encoded", "form-encoded", "plain", "json", "ruby-text"} - {scheme.values}:
        yield f"values were written as {values} instead of {scheme.values}", replace(scheme, values=values), params
    for digest in {"hex-lower", "hex-upper", "base64", "base64url"} - {scheme.digest}:
        yield f"the digest was written as {digest} instead of {scheme.digest}", replace(scheme, digest=digest), params
    for algorithm in {"hmac-sha1", "hmac-sha256", "hmac-sha512"} - {scheme.algorithm}:
        yield f"signed with {algorithm} instead of {scheme.algorithm}", replace(scheme, algorithm=algorithm), params
    yield "booleans were written as True and False instead of true and false", scheme, _python_booleans(params)
    yield from _omissions(scheme, params, path)


def _omissions(
    scheme: Scheme, params: Mapping[str, object], path: Collection[str]
) -> Iterator[tuple[str, Scheme, Mapping[str, object]]]:
    yield "the ids in the path were not signed", scheme, _without(params, path)
    signing = (scheme.timestamp_parameter, scheme.nonce_parameter)
    yield "only the path ids, the timestamp and the nonce were signed", scheme, _only(params, (*path, *signing))
    yield "only the timestamp and the nonce were signed", scheme, _only(params, signing)
    for name in params:
        yield f"the parameter {name!r} was not signed", scheme, _without(params, (name,))


def _without(params: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name not in names}


def _only(params: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name in names}


def _python_booleans(params: Mapping[str, object]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, bool) else value for name, value in params.items()}


def _parting(ours: str, theirs: str, *, visible: bool) -> str:
    if ours == theirs:
        return "the two base strings are the same: the secret keys differ"
    shared = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
    )
    if not visible:
        return f"the two base strings part at character {shared + 1}"
    here, there = (text[shared : shared + 40] for text in (ours, theirs))
    return f"the two base strings part at character {shared + 1}: ours {here!r}, theirs {there!r}"
