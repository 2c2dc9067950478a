"""What a signature covers: a signed request is changed in one way, and asked whether it still verifies.

Nothing here is written for one scheme: a change that is accepted is not covered, whatever the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from string import ascii_letters, digits
from urllib.parse import unquote_plus

from ..freshness import make_nonce
from ..language.model import SigningScheme
from .boundaries import boundary_changes
from .evaluation import SigningError, compute_signature
from .members import change_named
from .reading_back import SignatureRefused, read_claims
from .request import Request
from .sign import prepare_context, sign_request
from .verify import verify_request

_OTHER_CHARACTERS = {
    old.encode(): new.encode()
    for letters in (digits, ascii_letters)
    for old, new in zip(letters, letters[1:] + letters[:1], strict=True)
}
NOTE = "X-Note"
Mutation = Callable[[Request], Request | None]


def _other_method(request: Request) -> Request:
    return replace(request, method="PUT" if request.method.upper() != "PUT" else "PATCH")


def _other_host(request: Request) -> Request:
    return replace(request, authority=f"other.{request.authority}").without_header("Host")


def _other_path(request: Request) -> Request:
    return replace(request, path=f"{request.path.rstrip('/')}/other")


def _other_query(request: Request) -> Request | None:
    head, equals, tail = request.query.partition("=")
    return replace(request, query=f"{head}{equals}0{tail}") if equals else None


def _more_query(request: Request) -> Request:
    return replace(request, query=f"added=1&{request.query}" if request.query else "added=1")


def _swap_query(request: Request, without: frozenset[str] = frozenset()) -> Request | None:
    """The first two items in the other order; the place of those that carry the signature means nothing."""
    items = request.query.split("&")
    places = [at for at, item in enumerate(items) if unquote_plus(item.partition("=")[0]) not in without][:2]
    if len(places) < 2:
        return None
    first, second = places
    items[first], items[second] = items[second], items[first]
    return replace(request, query="&".join(items))


def _other_body(request: Request) -> Request | None:
    """Another character in the first value of the body, which stays as long as it was; in its bytes without values."""
    body, before = request.body, request.pairs("body")
    for at in range(len(body)):
        other = _OTHER_CHARACTERS.get(body[at : at + 1])
        if other and b"%" not in body[max(0, at - 2) : at]:
            changed = replace(request, body=body[:at] + other + body[at + 1 :])
            after = changed.pairs("body")
            is_value = after != before and [name for name, _ in after] == [name for name, _ in before]
            if is_value or not before:
                return changed
    return None


def _other_header(request: Request) -> Request | None:
    """Another value of a header that any scheme may sign and no server reads; a new one need not be refused."""
    return request.with_header(NOTE, "other") if request.header(NOTE) else None


MUTATIONS: Mapping[str, Mutation] = {
    "method": _other_method,
    "host": _other_host,
    "path": _other_path,
    "query": _other_query,
    "added query": _more_query,
    "query order": _swap_query,
    "body": _other_body,
    "headers": _other_header,
}


def mutations_of(scheme: SigningScheme) -> Mapping[str, Mutation]:
    """All changes that are tried on a scheme, by name."""
    signatures = frozenset(one.name for placement in scheme.placements for one in placement.fields if one.signs)
    swap = {"query order": lambda request: _swap_query(request, signatures)}
    return {**MUTATIONS, **swap, **boundary_changes(scheme), **change_named(scheme)}


def find_covered(
    scheme: SigningScheme,
    request: Request,
    credentials: Mapping[str, str],
    *,
    settings: Mapping[str, str] | None = None,
    now_ms: int,
    nonce: str = "",
) -> dict[str, bool]:
    """For each change of the request whether the signature refuses it; then `time` and `replay`.

    `time` says whether a request that is a year old is refused, `replay` whether a nonce is
    signed, by which a verifier knows a second copy. A nonce that is not given is a new one.
    """
    nonce = nonce or make_nonce(scheme)
    signed = sign_request(scheme, request, credentials, settings=settings, now_ms=now_ms, nonce=nonce)
    sent = read_claims(scheme, signed).settings
    unsent = {name: text for name, text in (settings or {}).items() if name not in sent}
    covered = {}
    for name, change in mutations_of(scheme).items():
        changed = change(signed)
        if changed is not None:
            covered[name] = not _accepts(scheme, changed, credentials, unsent, now_ms)
    covered["time"] = not _accepts(scheme, signed, credentials, unsent, now_ms + 366 * 86_400_000)
    covered["replay"] = _signs_nonce(scheme, request, credentials, settings or {}, now_ms)
    return covered


def _signs_nonce(
    scheme: SigningScheme,
    request: Request,
    credentials: Mapping[str, str],
    settings: Mapping[str, str],
    now_ms: int,
) -> bool:
    one, other = (
        compute_signature(prepare_context(scheme, request, credentials, settings=settings, now_ms=now_ms, nonce=nonce))
        for nonce in (make_nonce(scheme), make_nonce(scheme))
    )
    return one != other


def _accepts(
    scheme: SigningScheme, request: Request, credentials: Mapping[str, str], settings: Mapping[str, str], now_ms: int
) -> bool:
    try:
        verify_request(scheme, request, credentials, settings=settings, now_ms=now_ms)
    except (SignatureRefused, SigningError):  # a changed text may be nothing that can be decoded
        return False
    return True
