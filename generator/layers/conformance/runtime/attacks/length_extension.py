"""The attack on plain hashes: a message that goes on behind its padding, signed without the secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote_from_bytes

from procwise.signing.language.model import Group, Parameters, Part, SigningScheme, Source
from procwise.signing.messages import Request, read_claims
from procwise.signing.messages.evaluation import Context, message_of, pairs_of
from procwise.signing.messages.verify import rebuild_context
from procwise.signing.transforms import encode

from .hash_states import EXTENSIBLE, build_padding, extend

Forgery = Callable[[Request, Mapping[str, str]], Request | None]
_SUFFIX = b"x"


def find_forgery(scheme: SigningScheme) -> Forgery | None:
    """What makes a longer request of a signed one; None if the scheme is safe from that."""
    last = scheme.message
    while isinstance(last.form, Group) and last.form.parts and not last.transforms:
        last = last.form.parts[-1]
    is_open = not scheme.keyed and scheme.hash in EXTENSIBLE and _can_grow(last)
    if not is_open or len(scheme.digest) != 1 or scheme.digest[0].undo is None:
        return None
    return lambda request, credentials: _forge(scheme, last, request, credentials)


def _can_grow(part: Part) -> bool:
    form = part.form
    if part.transforms:
        return False
    if isinstance(form, Parameters):
        return not form.values and isinstance(form.pair[-1], Source) and form.pair[-1].kind == "value"
    return form == Source("body")


def _forge(scheme: SigningScheme, last: Part, request: Request, credentials: Mapping[str, str]) -> Request | None:
    claims = read_claims(scheme, request)
    context = rebuild_context(scheme, request, credentials, claims)
    length, (signature, *_) = len(message_of(context)), claims.signatures
    added = build_padding(scheme.hash, length) + _SUFFIX
    longer = _append(last, context, request, added)
    undo = scheme.digest[0].undo
    if longer is None or undo is None:
        return None
    digest = extend(scheme.hash, encode(undo(signature)), length, _SUFFIX)
    return _exchange(longer, signature, str(scheme.digest[0].apply(digest)))


def _append(last: Part, context: Context, request: Request, added: bytes) -> Request | None:
    """The request with these bytes at the end of what is signed; None if that is no value of the query or of a form."""
    if not isinstance(last.form, Parameters):
        return replace(request, body=request.body + added).without_header("Content-Length")
    pairs = pairs_of(last.form, context)
    name = pairs[-1][0] if pairs else ""
    more = quote_from_bytes(added, safe="")
    for text, is_query in ((request.query, True), (request.body.decode("latin-1"), False)):
        items = text.split("&")
        at = next((i for i in reversed(range(len(items))) if items[i].partition("=")[0] == name), None)
        if at is not None and name:
            longer = "&".join([*items[:at], items[at] + more, *items[at + 1 :]])
            form = replace(request, body=longer.encode("latin-1")).without_header("Content-Length")
            return replace(request, query=longer) if is_query else form
    return None


def _exchange(request: Request, old: str, new: str) -> Request:
    """The request with another signature."""
    headers = tuple((name, value.replace(old, new)) for name, value in request.headers)
    body = request.body.replace(old.encode(), new.encode())
    return replace(request, headers=headers, query=request.query.replace(old, new), body=body)
