"""The explanation of a signature, for people: base string, where two of them differ, what was done wrong."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..scheme import Scheme
from .attempts import USUAL_WORK, Attempts, RefusedRequest
from .clauses import wrong_clauses, wrong_ends, wrong_keys
from .orders import every_order, known_orders, wrong_orders
from .parameters import wrong_parameters
from .together import wrong_together
from .unkeyed import wrong_hashes, wrong_json
from .values import USUAL_COMBINATIONS, find_rewrites, rare_combinations, wrong_combinations, wrong_values

MASK = "***"
_SHORTEST_SECRET = 8
_MOST_ATTEMPTS = 16_000
_BYTES_OF_AN_ATTEMPT = 768  # that are signed in the time that all the rest of an attempt takes
_BYTES_OF_A_PAIR = 16  # that are signed in the time that it takes to join one more pair
USUAL_CAUSES = (
    "the secret key belongs to another user than the token",
    "a parameter was added, left out or changed after signing (the ids in the path count too)",
    "values were encoded before signing; the raw text is signed, only the URL is percent-encoded",
    "booleans were written as True and False instead of true and false",
    "the parameters were not in the scheme's order",
)
DIFFERENCES = {
    "none": "your base string is the correct one, so the secret keys differ",
    "hidden": "your base string differs from the correct one at character {at}",
    "shown": "your base string differs from the correct one at character {at}: {yours} instead of {correct}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What was signed. No secret key is kept; values of masked names show as `***`.

    `parts` says where the two base strings differ, or is empty; `cause` is the mistake that makes this
    very signature, or empty if none was found; `causes` are the usual reasons.
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
    query: Collection[str] = (),
    body: Collection[str] = (),
    overridden: Mapping[str, object] | None = None,
    masked: Collection[str] = (),
    token: str = "",
    names: Collection[str] = (),
    most_work: int = USUAL_WORK,
) -> Explanation:
    """Explain the signature of `params`.

    `theirs` is the base string of the other side and `signature` the refused signature, if known.
    `path`, `query` and `body` name the parameters of each place in the order sent, and `overridden` has the
    values that another place had for the same names; `masked` are names never shown, at any depth;
    `token` is the user's, `names` are ids of other paths, and `most_work` bounds the search, in signed bytes.
    """
    signed = {name: value for name, value in params.items() if name not in scheme.exclude}
    request = RefusedRequest(
        scheme=scheme,
        params=signed,
        pairs=(pairs := scheme.pairs(signed)),
        base_string=scheme.joined(pairs),
        secret_key=secret_key,
        path=tuple(path),
        query=tuple(query),
        body=tuple(body),
        overridden=overridden or {},
        token=token,
        names=tuple(names),
        masked=frozenset(masked),
        most_work=most_work,
    )
    return _explain_request(request, theirs, signature)


def _explain_request(request: RefusedRequest, theirs: str, signature: str) -> Explanation:
    scheme, ours, key, masked = request.scheme, request.base_string, request.secret_key, request.masked
    hidden = _mask_members(request.params, masked)
    shown = request.pairs if hidden == request.params else scheme.pairs(hidden)
    pairs = [(name, MASK if name in masked else text) for name, text in shown]
    secrets = [secret for secret in (key, request.token) if len(secret) >= _SHORTEST_SECRET]
    visible = not masked and not any(secret in ours or secret in theirs for secret in secrets)
    return Explanation(
        base_string=_mask_secrets(scheme.joined(pairs), secrets),
        signature=scheme.digest_of(ours, key) if key else "",
        parts=_find_difference(ours, theirs, visible=visible) if theirs else "",
        cause=_mask_secrets(find_cause(request, signature), secrets) if key and signature else "",
    )


def list_attempts(request: RefusedRequest) -> Attempts:
    """Each mistake alone, then two at once: what is usual comes first, as the search may end early."""
    for kind in (wrong_clauses, wrong_keys, wrong_ends, wrong_hashes, wrong_json):
        yield from kind(request)
    found = find_rewrites(request)
    yield from wrong_values(request, found)
    yield from wrong_parameters(request)
    orders = [*known_orders(request)]
    yield from wrong_orders(request, orders)
    combinations = wrong_combinations(request, found)
    yield from islice(combinations, USUAL_COMBINATIONS)
    yield from wrong_together(request, found, orders)
    yield from combinations
    yield from every_order(request, orders)
    yield from rare_combinations(request, found)


def find_cause(request: RefusedRequest, signature: str) -> str:
    """The mistake that makes this very signature, or nothing; never another one, and never for long."""
    sent = signature.encode("utf-8", "surrogatepass")
    right = request.sign_pairs(request.pairs)
    if hmac.compare_digest(right.encode("utf-8", "surrogatepass"), sent):
        return ""
    if damage := find_damage(right, signature):
        return damage
    length = len(request.base_string) + len(sent) + _BYTES_OF_AN_ATTEMPT + _BYTES_OF_A_PAIR * len(request.pairs)
    most = min(_MOST_ATTEMPTS, request.most_work // length)
    for tried, (cause, wrong) in enumerate(list_attempts(request)):
        if hmac.compare_digest(wrong.encode("utf-8", "surrogatepass"), sent):
            return cause if isinstance(cause, str) else cause()
        if tried >= most:
            break
    return ""


def find_damage(right: str, sent: str) -> str:
    """What happened to a valid signature on its way, or nothing.

    A part is recognised from half its length on: a shorter one would help to guess the rest.
    """
    bare = sent.strip().strip("\"'").strip()
    if sent and hmac.compare_digest(bare.encode("utf-8", "surrogatepass"), right.encode()):
        return "the signature is right, but blanks or quotation marks were sent around it"
    if len(right) // 2 <= len(sent) < len(right) and right.startswith(sent):
        return f"the signature is right, but was cut short: {len(sent)} of its {len(right)} characters were sent"
    if sent.startswith(right):
        return f"the signature is right, but more was sent behind its {len(right)} characters"
    return ""


def _mask_members(value: Any, names: Collection[str]) -> Any:
    """The value with `***` for whatever has one of these names, at any depth."""
    if isinstance(value, Mapping):
        return {name: MASK if name in names else _mask_members(inner, names) for name, inner in value.items()}
    return [_mask_members(inner, names) for inner in value] if isinstance(value, list | tuple) else value


def _mask_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text with `***` for known secrets, under whatever name somebody sent one."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


def _find_difference(ours: str, theirs: str, *, visible: bool) -> str:
    if ours == theirs:
        return DIFFERENCES["none"]
    shared = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
    )
    if not visible:
        return DIFFERENCES["hidden"].format(at=shared + 1)
    correct, yours = (repr(text[shared : shared + 40]) for text in (ours, theirs))
    return DIFFERENCES["shown"].format(at=shared + 1, yours=yours, correct=correct)
