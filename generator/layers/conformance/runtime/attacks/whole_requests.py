"""Attacks on a scheme that signs whole requests: derived from what the scheme covers, none written for one scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

from requests import PreparedRequest

from procwise.signing.language import SigningScheme
from procwise.signing.messages import Request, SigningError
from procwise.signing.messages.mutations import NOTE, find_covered, mutations_of
from procwise.signing.messages.placement import remove_signature
from procwise.signing.messages.request import request_of
from procwise.signing.messages.variants import VARIANTS

from ..api import Credentials
from ..http.signer import SigningSteps
from ..http.whole_signer import WholeSteps
from ..http.wire import Parts
from ..results import ADVISORY
from .attack import REFUSED, Attack
from .length_extension import find_forgery
from .scenarios import replay_request, send_once

_ANYWHERE = (*REFUSED, 404, 405)  # another path or method may lead nowhere before it is refused
Change = Callable[[Request], Request | None]
_SAMPLE = {
    "application/x-www-form-urlencoded": "title=Kidnapped",
    "application/json": '{"title":"Kidnapped"}',
}
_SAMPLE_KEY = "6d6164652d75702d7365637265742121"  # text, hexadecimal and base64 at once
_SAMPLE_SETTING = "1000"
_BEYOND_SECONDS = 86_400
_OTHER_NAMES = ("Signature", "X-Signature", "Authorization")
_FIRST = {"mutation": 10, "time": 30, "nonce": 40, "extension": 50, "rest": 60, "variant": 80}
_BOUNDARIES = ("joined parameters", "shifted parts")


def attacks(scheme: SigningScheme) -> Iterator[Attack]:
    """All attacks on the scheme."""
    covered = _coverage(scheme)
    yield from _mutations(scheme, covered)
    yield _attack(20, "another secret key", "key", "the signature is not compared", key=_other_key)
    yield _attack(21, "no signature", "placement", "a request without a signature passes", after=_without(scheme))
    cause = "the signature is taken from a header or a parameter that the description does not name"
    yield _attack(22, "signature under other names", "placement", cause, after=_rename_signature(scheme))
    yield from _variants(scheme)
    yield from _moments(scheme)
    yield from _copies(scheme, covered)
    forge = find_forgery(scheme)
    if forge is not None:
        cause = "the secret stands before the rest of a plain hash: who sees a signature can sign a longer message"
        attack = _attack(_FIRST["extension"], "message extended behind its padding", "algorithm", cause)
        yield replace(attack, level=ADVISORY, steps=SigningSteps(whole=WholeSteps(forge=forge)))


def _coverage(scheme: SigningScheme) -> dict[str, frozenset[str]]:
    """For each change that can be made, the media types of a body with which the scheme covers it."""
    found: dict[str, frozenset[str]] = {}
    named = dict.fromkeys(scheme.credentials, _SAMPLE_KEY)
    for kind, body in _SAMPLE.items():
        headers = {"Content-Type": kind, NOTE: "n"}
        request = request_of("POST", "https://api.example/books?b=2&a=1&c=3", headers, body)
        settings = {name: one.default or _SAMPLE_SETTING for name, one in scheme.settings.items() if not one.optional}
        with suppress(SigningError):  # the sample has a parameter that the scheme decodes, and that is not written so
            for name, is_covered in find_covered(scheme, request, named, settings=settings, now_ms=10**12).items():
                found[name] = found.get(name, frozenset()) | ({kind} if is_covered else set())
    return found


def _mutations(scheme: SigningScheme, covered: dict[str, frozenset[str]]) -> Iterator[Attack]:
    for number, (name, change) in enumerate(mutations_of(scheme).items()):
        if name not in covered:
            continue
        if name == "headers":
            yield from map(_with_note, _changes(number, name, change, covered[name]))
        else:
            yield from _changes(number, name, change, covered[name])


def _changes(number: int, name: str, change: Change, kinds: frozenset[str]) -> Iterator[Attack]:
    """The attacks of one change, which the scheme covers with these media types of a body."""
    if kinds:
        partly = kinds if len(kinds) < len(_SAMPLE) else None
        yield _covered_change(_FIRST["mutation"] + number, name, change if partly is None else _of(change, partly))
    if len(kinds) < len(_SAMPLE):
        rest = _of(change, frozenset(_SAMPLE) - kinds) if kinds else change
        yield _uncovered_change(_FIRST["rest" if kinds else "mutation"] + number, name, rest)


def _with_note(attack: Attack) -> Attack:
    """The attack on a request that has the header which is changed."""
    return replace(attack, steps=replace(attack.steps, mutate=_add_note))


def _add_note(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
    request.headers[NOTE] = "n"
    return request


def _of(change: Change, media_types: frozenset[str]) -> Change:
    """The change of requests with a body of one of these media types."""
    return lambda request: change(request) if request.media_type in media_types else None


def _covered_change(number: int, name: str, change: Change) -> Attack:
    cause = "two requests have one message" if name in _BOUNDARIES else f"the signature does not cover the {name}"
    return replace(_attack(number, _title(name), "message", cause, after=change), error_statuses=_ANYWHERE)


def _variants(scheme: SigningScheme) -> Iterator[Attack]:
    """Signatures by a scheme that leaves something out, or has another order or hash."""
    for number, (name, variant) in enumerate(VARIANTS.items()):
        if variant(scheme) != scheme:
            title = {"order": "signed in the order sent", "hash": "signed with a weaker hash"}.get(name)
            cause = f"a signature that is right but for the {name} passes"
            attack = _attack(_FIRST["variant"] + number, title or f"signed without the {name}", "message", cause)
            yield replace(attack, steps=SigningSteps(whole=WholeSteps(variant=variant)))


def _uncovered_change(number: int, name: str, change: Change) -> Attack:
    """A hole of the scheme."""
    hole = "no joiner is escaped: two requests have one message" if name in _BOUNDARIES else ""
    cause = hole or f"the scheme does not cover the {name}"
    return replace(_attack(number, _title(name), "message", cause, after=change), level=ADVISORY)


def _title(name: str) -> str:
    return f"{name}, the message the same" if name in _BOUNDARIES else f"{name} changed after signing"


def _moments(scheme: SigningScheme) -> Iterator[Attack]:
    timestamp = scheme.timestamp
    if timestamp is None:
        return
    limits = (("too old", timestamp.past, -1), ("of the future", timestamp.future, 1))
    for number, (word, limit, sign) in enumerate(limits):
        if isinstance(limit, int):
            shift = sign * (limit + _BEYOND_SECONDS) * 1000
            cause = f"a timestamp {word} passes"
            clause = "timestamp.window_seconds"
            yield _attack(_FIRST["time"] + number, f"timestamp {word}", clause, cause, shift_ms=shift)


def _copies(scheme: SigningScheme, covered: dict[str, frozenset[str]]) -> Iterator[Attack]:
    attack = _attack(_FIRST["nonce"], "the same request again", "nonce", "a request can be sent twice")
    if covered.get("replay"):
        yield replace(attack, scenario=replay_request)
    else:
        cause = (
            "the scheme has a time and no nonce: within its window, a request can be sent twice"
            if scheme.timestamp is not None
            else "the scheme has neither time nor nonce: a request can be replayed for ever"
        )
        yield replace(attack, scenario=replay_request, level=ADVISORY, cause=cause)


def _attack(
    number: int,
    name: str,
    clause: str,
    cause: str,
    *,
    after: Change | None = None,
    shift_ms: int = 0,
    key: Callable[[Credentials], str] | None = None,
) -> Attack:
    whole = WholeSteps(after=after, shift_ms=shift_ms) if after else WholeSteps(shift_ms=shift_ms)
    steps = SigningSteps(whole=whole, key=key) if key else SigningSteps(whole=whole)
    return Attack(
        id=f"REQ-{number:03d}", name=name, clause=f"x-signing.{clause}", cause=cause, steps=steps, scenario=send_once
    )


def _other_key(user: Credentials) -> str:
    """A key that differs in one character, and is hexadecimal or base64 if the right one is."""
    key = user.secret_key
    middle = len(key) // 2
    return key[:middle] + ("1" if key[middle : middle + 1] != "1" else "2") + key[middle + 1 :]


def _without(scheme: SigningScheme) -> Callable[[Request], Request]:
    return lambda request: remove_signature(scheme, request)


def _rename_signature(scheme: SigningScheme) -> Change:
    """The signature in headers that nobody described and in the query, and where it belongs no more."""

    def change(request: Request) -> Request | None:
        changed = remove_signature(scheme, request)
        for name, text in texts_with_signature(scheme, request):
            for other in (*_OTHER_NAMES, f"X-{name}", name.removeprefix("X-")):
                if other.lower() != name.lower() and not request.header(other):
                    changed = changed.with_header(other, text)
            if name.lower() != "signature":
                item = f"signature={quote(text, safe='')}"
                changed = replace(changed, query=f"{changed.query}&{item}" if changed.query else item)
        return changed

    return change


def texts_with_signature(scheme: SigningScheme, request: Request) -> Iterator[tuple[str, str]]:
    """Where the signature stands: names of headers or parameters, with what they hold."""
    for placement in scheme.placements:
        names = [field.name for field in placement.fields if field.signs]
        if placement.place in ("fields", "header"):
            headers = [placement.header] if placement.place == "fields" and names else names
            yield from ((name, text) for name in headers for text in request.header(name))
        else:
            yield from ((name, str(text)) for name, text in request.pairs(placement.place) if name in names)
