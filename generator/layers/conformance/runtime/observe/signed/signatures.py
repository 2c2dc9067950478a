"""Verdicts on signatures, nonces and timestamps of requests that somebody else signed."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Final

from ...api import Api, Operation
from ...objects.authorization import blames_signature
from ...results import ADVISORY, MUST, SHOULD, Level, Result
from ..checks import ONCE, RIGHT, SIGNED, WINDOW, WRONG
from ..judge import Judge, Observed
from .nonces import NonceMemory
from .verification import Signature, Verifier

_MOST_PENDING = 20
_MOST_EXPLAINED = 3  # of one operation: each may take a tenth of a second
_LARGEST_PENDING = 1_000_000  # bytes
_SLACK_SECONDS = 2.0  # a Date has whole seconds
_OTHER_KEY = "the key that is given may be another user's"
_HIDDEN: Final = ("authorization", "cookie")


class SignatureJudge:
    """Knows which tokens the given keys fit, which nonces were accepted, and by which tokens."""

    def __init__(self, judge: Judge, verifier: Verifier) -> None:
        self._judge = judge
        self._verifier = verifier
        self._nonces = NonceMemory(judge.api)
        self._trusted: set[str] = set()
        self._accepted: set[tuple[str, str]] = set()
        self._pending: list[tuple[Observed, Signature]] = []
        self._explained: dict[str, int] = {}
        self.unknown = 0
        self.reasons: dict[str, int] = {}

    def judge(self, observed: Observed, signature: Signature) -> Iterator[Result]:
        """What follows from the signature of one request, and from the response to it."""
        if not self._must_be_signed(observed.operation):
            return
        if signature.verdict == "right":
            self._trusted.add(signature.identity)
            yield from self._judge_right(observed, signature)
        elif signature.verdict == "wrong":
            yield from self._judge_wrong(observed, signature)
        elif signature.verdict == "missing":
            yield from self._judge_missing(observed, signature)
        else:
            self.unknown += 1
            self.reasons[signature.reason] = self.reasons.get(signature.reason, 0) + 1
        if observed.succeeded:
            yield from self._judge_window(observed, signature)
            yield from self._judge_nonce(observed, signature)
            self._accepted |= {(signature.identity, observed.operation.id), (signature.identity, "")}
        self._nonces.note(observed, signature)

    def finish(self) -> Iterator[Result]:
        """The verdicts that had to wait for a right signature of the same user."""
        for observed, signature in self._pending:
            level: Level | None = None if signature.identity in self._trusted else ADVISORY
            yield from self._report_wrong(observed, signature.reason or _OTHER_KEY, level)
        self._pending.clear()

    def _must_be_signed(self, operation: Operation) -> bool:
        """Whether the description lets nobody in who does not sign."""
        api = self._judge.api
        if not operation.signed or (api.scheme is None and api.request_scheme is None):
            return False
        names = {one.scheme for one in api.signature_schemes}
        return all(names & {*alternative} for alternative in operation.security)

    def _judge_right(self, observed: Observed, signature: Signature) -> Iterator[Result]:
        yield from self._judge.verdict(SIGNED, observed, True, "")
        if observed.succeeded:
            yield from self._judge.verdict(RIGHT, observed, True, "")
            return
        blame = self._find_blame(observed, signature)
        if blame is None:
            return
        fault = self._find_own_fault(observed, signature)
        if fault:
            yield from self._judge.verdict(SIGNED, observed, False, "a request of its time", observed=fault)
            return
        said = "refused, though the signature is right"
        yield from self._judge.verdict(RIGHT, observed, False, "accepted", observed=said, level=blame)

    def _find_blame(self, observed: Observed, signature: Signature) -> Level | None:
        """How certainly an error is about the signature; None if nothing says so."""
        api, status = self._judge.api, observed.status
        if blames_signature(api, observed.response):
            return ADVISORY if _find_code(api, observed).startswith(_nonce_name(api)) else MUST
        if status == 401 and (signature.identity, "") in self._accepted:
            return ADVISORY
        is_known = (signature.identity, observed.operation.id) in self._accepted
        return ADVISORY if status == 403 and is_known and not api.codes else None

    def _find_own_fault(self, observed: Observed, signature: Signature) -> str:
        """Why a request with a right signature is refused rightly; empty if nothing is wrong with it."""
        if seconds := self._find_drift(observed, signature)[0]:
            return f"the timestamp is {seconds:.0f} seconds off"
        return "the nonce was used before" if self._nonces.has(signature) else ""

    def _judge_wrong(self, observed: Observed, signature: Signature) -> Iterator[Result]:
        count = self._explained.get(observed.operation.id, 0)
        self._explained[observed.operation.id] = count + 1
        cause = self._verifier.explain(observed, signature) if count < _MOST_EXPLAINED else ""
        if cause or signature.identity in self._trusted:
            yield from self._report_wrong(observed, cause or signature.reason, None)
        elif len(self._pending) < _MOST_PENDING and len(observed.response.content) < _LARGEST_PENDING:
            self._pending.append((observed, signature))
        else:
            yield from self._report_wrong(observed, _OTHER_KEY, ADVISORY)

    def _report_wrong(self, observed: Observed, why: str, level: Level | None) -> Iterator[Result]:
        said = f"the signature is wrong{f': {why}' if why else ''}"
        if observed.succeeded:
            yield from self._judge.verdict(WRONG, observed, False, "refused", observed=said, level=level)
            return
        yield from self._judge.verdict(WRONG, observed, True, "")
        expected = "the signature that the scheme makes"
        yield from self._judge.verdict(SIGNED, observed, False, expected, observed=said, level=level)

    def _judge_missing(self, observed: Observed, signature: Signature) -> Iterator[Result]:
        if observed.succeeded:
            level: Level | None = ADVISORY if self._may_be_left_out(observed) else None
            yield from self._judge.verdict(WRONG, observed, False, "refused", observed=signature.reason, level=level)
            return
        yield from self._judge.verdict(WRONG, observed, True, "")
        if observed.status in (400, 401, 403, 422):
            expected = "a signed request"
            yield from self._judge.verdict(SIGNED, observed, False, expected, observed=signature.reason)

    def _may_be_left_out(self, observed: Observed) -> bool:
        """Whether the program that saved the recording may have left out what is missing, as browsers do."""
        scheme = self._judge.api.request_scheme
        if scheme is None or self._judge.api.scheme is not None:
            return False
        names = {field.name.lower() for placement in scheme.placements for field in placement.fields}
        names |= {placement.header.lower() for placement in scheme.placements}
        in_header = bool(names & {*_HIDDEN})
        return in_header and not any(name.lower() in _HIDDEN for name, _ in observed.recorded.request_headers)

    def _judge_window(self, observed: Observed, signature: Signature) -> Iterator[Result]:
        if signature.moment_ms is None or signature.verdict == "missing":
            return
        seconds, is_certain = self._find_drift(observed, signature)
        is_beyond = seconds > self._nonces.unique_for_seconds > 0
        level: Level = (MUST if is_beyond else SHOULD) if is_certain else ADVISORY
        said = f"the timestamp is {seconds:.0f} seconds off"
        yield from self._judge.verdict(
            WINDOW, observed, not seconds, "refused", observed=said, level=level, detail=level
        )

    def _find_drift(self, observed: Observed, signature: Signature) -> tuple[float, bool]:
        """The seconds by which a timestamp out of its window is off, else 0; and whether the server's clock says so."""
        server, is_certain = _read_clock(observed)
        past, future = _window_of(self._judge.api)
        if server is None or signature.moment_ms is None:
            return 0.0, False
        recorded = observed.recorded
        took = recorded.ended - recorded.began if recorded.ended and recorded.began else 0.0
        age = server - signature.moment_ms / 1000
        slack = _SLACK_SECONDS + max(took, 0.0)
        off = (past is not None and age > past + slack) or (future is not None and -age > future + slack)
        return (abs(age), is_certain) if off else (0.0, is_certain)

    def _judge_nonce(self, observed: Observed, signature: Signature) -> Iterator[Result]:
        if not signature.nonce or not self._nonces.applies:
            return
        earlier = self._nonces.find_replayed(observed, signature)
        if earlier is None:
            return
        level: Level | None = None if signature.identity or earlier.is_same else ADVISORY
        said = f"accepted before, at {earlier.place}" if earlier.place else ""
        yield from self._judge.verdict(
            ONCE,
            observed,
            not earlier.place,
            "refused, since the nonce was used",
            observed=said,
            level=level,
            detail="again",
        )


def _find_code(api: Api, observed: Observed) -> str:
    error = observed.response.json
    return str(error.get(api.code_member, "")) if isinstance(error, dict) else ""


def _nonce_name(api: Api) -> str:
    return api.scheme.nonce_parameter if api.scheme is not None else "\0"


def _window_of(api: Api) -> tuple[float | None, float | None]:
    """The seconds that a timestamp may be old, and ahead; None for no limit, or one that requests name themselves."""
    if api.scheme is not None:
        return api.scheme.window_seconds, api.scheme.window_seconds
    timestamp = api.request_scheme.timestamp if api.request_scheme is not None else None
    if timestamp is None:
        return None, None
    return None if isinstance(timestamp.past, str) else timestamp.past, timestamp.future


def _read_clock(observed: Observed) -> tuple[float | None, bool]:
    """The server's time by its own Date, else that of the recording; and whether it is the server's."""
    try:
        return parsedate_to_datetime(observed.response.date).timestamp(), True
    except (TypeError, ValueError):
        return observed.recorded.began, False
