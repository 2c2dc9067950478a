"""Why a signature is refused: the base string, where two of them part, the likeliest cause."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Any

from .scheme import Scheme

MASK = "***"
_SHORTEST_SECRET = 8
_TOKEN_NAMES = ("token", "api_token", "Authorization", "authorization")
_Mistakes = Iterator[tuple[str, str]]  # what was done wrong, and the signature that comes of it
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
    token: str = "",
    names: Collection[str] = (),
) -> Explanation:
    """Explain the signature of `params`.

    `theirs` is the base string of the other side and `signature` the refused signature, where
    known; `path` names the parameters that came from the path; `masked` those never shown, at any
    depth; `token` is the user's, and `names` are what ids in paths of other operations are called.
    """
    pairs = [(name, MASK if name in masked else text) for name, text in scheme.pairs(_masked(params, masked))]
    ours = scheme.base_string(params)
    secrets = [secret for secret in (secret_key, token) if len(secret) >= _SHORTEST_SECRET]
    visible = not masked and not any(secret in ours or secret in theirs for secret in secrets)
    given = _Given(scheme, params, secret_key, tuple(path), token, tuple(names))
    return Explanation(
        base_string=_hidden(scheme.joined(pairs), secrets),
        signature=scheme.digest_of(ours, secret_key) if secret_key else "",
        parts=_parting(ours, theirs, visible=visible) if theirs else "",
        cause=_hidden(likely_cause(given, signature), secrets) if secret_key and signature else "",
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """What was signed or should have been; `names` are what ids in a path are called elsewhere."""

    scheme: Scheme
    params: Mapping[str, object]
    secret_key: str
    path: tuple[str, ...]
    token: str
    names: tuple[str, ...]

    @property
    def base_string(self) -> str:
        return self.scheme.base_string(self.params)

    def signed(self, **clauses: str) -> str:
        """The signature under a scheme that differs in these clauses."""
        return replace(self.scheme, **clauses).sign(self.params, self.secret_key)  # type: ignore[arg-type]  # clauses that are texts

    def of(self, params: Mapping[str, object]) -> str:
        return self.scheme.sign(params, self.secret_key)


def likely_cause(given: _Given, signature: str) -> str:
    """The mistake that would have produced this very signature, or nothing."""
    sent = signature.encode("utf-8", "surrogatepass")
    mistakes = chain.from_iterable(kind(given) for kind in (_clauses, _keys, _texts, _parameters))
    return next((cause for cause, wrong in mistakes if hmac.compare_digest(wrong.encode(), sent)), "")


_CLAUSES = {
    "separator": ("joined by {wrong!r} instead of {right!r}", ("&", "?", "", ",", "\n")),
    "values": (
        "values were written as {wrong} instead of {right}",
        ("percent-encoded", "form-encoded", "plain", "json", "ruby-text"),
    ),
    "digest": (
        "the digest was written as {wrong} instead of {right}",
        ("hex-lower", "hex-upper", "base64", "base64url"),
    ),
    "algorithm": ("signed with {wrong} instead of {right}", ("hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512")),
}


def _clauses(given: _Given) -> _Mistakes:
    """Another value of one clause of the scheme."""
    yield "the parameters were signed in the order sent, not sorted by name", given.signed(order="as-sent")
    for clause, (sentence, values) in _CLAUSES.items():
        right = getattr(given.scheme, clause)
        for wrong in values:
            if wrong != right:
                yield sentence.format(wrong=wrong, right=right), given.signed(**{clause: wrong})


def _keys(given: _Given) -> _Mistakes:
    """Another key."""
    base, sign = given.base_string, given.scheme.digest_of
    keys = {
        "the token was used as the key, instead of the secret key": given.token or None,
        "the secret key ended with a line break": f"{given.secret_key}\n",
        "the secret key ended with a carriage return and a line break": f"{given.secret_key}\r\n",
        "the secret key ended with a space": f"{given.secret_key} ",
    }
    yield from ((cause, sign(base, key)) for cause, key in keys.items() if key is not None)
    yield "the key and the message were exchanged: the secret key is the key", sign(given.secret_key, base)


def _texts(given: _Given) -> _Mistakes:
    """Something around the base string."""
    base, separator = given.base_string, given.scheme.separator
    texts = {
        "the base string ended with a line break": f"{base}\n",
        f"the base string began with {separator!r}": f"{separator}{base}",
        "the base string began with '?'": f"?{base}",
        f"the base string ended with {separator!r}": f"{base}{separator}",
    }
    yield from ((cause, given.scheme.digest_of(text, given.secret_key)) for cause, text in texts.items())


def _parameters(given: _Given) -> _Mistakes:
    """Other parameters."""
    params, path = given.params, given.path
    signing = (given.scheme.timestamp_parameter, given.scheme.nonce_parameter)
    yield "booleans were written as True and False instead of true and false", given.of(_python_booleans(params))
    yield "the ids in the path were not signed", given.of(_without(params, path))
    yield "only the path ids, the timestamp and the nonce were signed", given.of(_only(params, (*path, *signing)))
    yield "only the timestamp and the nonce were signed", given.of(_only(params, signing))
    for name in params:
        yield f"the parameter {name!r} was not signed", given.of(_without(params, (name,)))
    for name, other in product(path, given.names):
        renamed = {other if own == name else own: value for own, value in params.items()}
        yield f"the id in the path was signed as {other!r} instead of {name!r}", given.of(renamed)
    for name in _TOKEN_NAMES if given.token else ():
        yield f"the token was signed too, as {name!r}: it is no parameter", given.of({**params, name: given.token})


def _without(params: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name not in names}


def _only(params: Mapping[str, object], names: Collection[str]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name in names}


def _python_booleans(params: Mapping[str, object]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, bool) else value for name, value in params.items()}


def _masked(value: Any, names: Collection[str]) -> Any:
    """The value with `***` for whatever has one of these names, at any depth."""
    if isinstance(value, Mapping):
        return {name: MASK if name in names else _masked(inner, names) for name, inner in value.items()}
    return [_masked(inner, names) for inner in value] if isinstance(value, list | tuple) else value


def _hidden(text: str, secrets: Iterable[str]) -> str:
    """The text with `***` for known secrets, under whatever name somebody sent one."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


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
