"""Attacks on a scheme that signs whole requests: derived from what the scheme covers, none written for one scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

from requests import PreparedRequest

from procwise.signing.language import SigningScheme
from procwise.signing.messages import Request
from procwise.signing.messages.mutations import NOTE, mutations_of
from procwise.signing.messages.placement import remove_signature
from procwise.signing.messages.variants import VARIANTS

from ..api import Credentials
from ..http.signer import SigningSteps
from ..http.whole_signer import WholeSteps
from ..http.wire import Parts
from ..results import ADVISORY, SHOULD
from ..target import Target
from .attack import OFTEN, PASSES, REFUSED, Attack
from .length_extension import find_forgery
from .outcome import Outcome
from .samples import Change, Coverage, find_coverage, kind_of, not_known
from .scenarios import replay_request, send_once
from .spoiled_signatures import send_behind_spoilt, texts_with_signature

_ANYWHERE = (*REFUSED, 404, 405)  # another path or method may lead nowhere before it is refused
_BEYOND_SECONDS = 86_400
_MARGIN_SECONDS = 60  # a slow response or a clock some seconds off changes nothing
_OTHER_NAMES = ("Signature", "X-Signature", "Authorization")
_FIRST = {"mutation": 10, "time": 30, "nonce": 40, "extension": 50, "rest": 60, "variant": 80}
_NAMED = {"named values": 60, "named headers": 61}
_BOUNDARIES = ("joined parameters", "shifted parts")


def attacks(scheme: SigningScheme) -> Iterator[Attack]:
    """All attacks on the scheme."""
    covered = find_coverage(scheme)
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


def _mutations(scheme: SigningScheme, covered: Coverage) -> Iterator[Attack]:
    for at, (name, change) in enumerate(mutations_of(scheme).items()):
        number = _NAMED.get(name, at)
        is_no_promise = name == "named headers" and not covered.kinds.get(name)  # only whether it is there counts
        if covered.tried and (name not in covered.kinds or is_no_promise):
            continue
        found = _changes(number, name, change, covered)
        yield from map(_with_note, found) if name == "headers" else found


def _changes(number: int, name: str, change: Change, covered: Coverage) -> Iterator[Attack]:
    """The attacks of one change, which the scheme may cover with some media types of a body alone."""
    kinds, limited = covered.kinds.get(name, frozenset()), covered.limit(change)
    holes = covered.tried - kinds
    if kinds:
        yield _covered_change(_FIRST["mutation"] + number, name, _of(change, kinds) if holes else limited)
    if holes or not kinds:
        rest = _of(change, holes) if kinds else limited
        yield _uncovered_change(_FIRST["rest" if kinds else "mutation"] + number, name, rest)


def _with_note(attack: Attack) -> Attack:
    """The attack on a request that has the header which is changed."""
    return replace(attack, steps=replace(attack.steps, mutate=_add_note))


def _add_note(request: PreparedRequest, _parts: Parts) -> PreparedRequest:
    request.headers[NOTE] = "n"
    return request


def _of(change: Change, media_types: frozenset[str]) -> Change:
    """The change of requests with a body of one of these media types."""
    return lambda request: change(request) if kind_of(request) in media_types else None


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
            far, near = (
                sign * (limit + more) - timestamp.offset_seconds for more in (_BEYOND_SECONDS, _MARGIN_SECONDS)
            )
            cause = f"a timestamp {word} passes"
            clause = "timestamp.window_seconds"
            yield _attack(_FIRST["time"] + number, f"timestamp {word}", clause, cause, shift_ms=far * 1000)
            yield _just_beyond(_FIRST["time"] + len(limits) + number, word, near)


def _just_beyond(number: int, word: str, seconds: int) -> Attack:
    """How wide a window is stands in the description alone: that it is wider breaks no MUST."""
    cause = "the window is wider than described"
    attack = _attack(number, f"timestamp just {word}", "timestamp.window_seconds", cause, shift_ms=seconds * 1000)
    return replace(attack, level=SHOULD, steps=replace(attack.steps, by_server_clock=True))


def _copies(scheme: SigningScheme, covered: Coverage) -> Iterator[Attack]:
    attack = _attack(_FIRST["nonce"], "the same request again", "nonce", "a request can be sent twice")
    if not covered.tried:
        yield replace(attack, scenario=_not_tried(next(iter(covered.problems.values()))))
    elif covered.kinds.get("replay"):
        yield replace(attack, scenario=replay_request)
        yield from _nonces(scheme)
    else:
        cause = (
            "the scheme has a time and no nonce: within its window, a request can be sent twice"
            if scheme.timestamp is not None
            else "the scheme has neither time nor nonce: a request can be replayed for ever"
        )
        yield replace(attack, scenario=replay_request, level=ADVISORY, cause=cause)


def _nonces(scheme: SigningScheme) -> Iterator[Attack]:
    if scheme.nonce is None:
        return
    cause = "a nonce is used up before the signature is compared: anyone who sees one can block the request"
    attack = _attack(_FIRST["nonce"] + 1, "nonce of a wrongly signed request", "nonce", cause)
    yield replace(attack, level=SHOULD, scenario=send_behind_spoilt, error_statuses=PASSES, spread=OFTEN)


def _not_tried(problem: str) -> Callable[[Target, SigningSteps], Outcome]:
    def scenario(_target: Target, _steps: SigningSteps) -> Outcome:
        raise not_known(problem)

    return scenario


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
            word = name.rpartition("/")[2]  # of a member that lies deeper in JSON
            for other in (*_OTHER_NAMES, f"X-{word}", word.removeprefix("X-")):
                if other.lower() != name.lower() and not request.header(other):
                    changed = changed.with_header(other, text)
            if name.lower() != "signature":
                item = f"signature={quote(text, safe='')}"
                changed = replace(changed, query=f"{changed.query}&{item}" if changed.query else item)
        return changed

    return change
