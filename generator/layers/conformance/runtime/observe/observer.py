"""Holds one request after the other, and its response, to the description; at the end there is a report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from ..api import SAFE_METHODS, source_of
from ..errors import CannotRun
from ..http.transport import is_too_deep
from ..http.wire import parse_request
from ..plan import Plan
from ..reports.coverage import Coverage
from ..results import ADVISORY, READ_ONLY, SHOULD, Level, Reached, Report, Result, sort_results
from .addresses import Addresses, find_methods, find_operation
from .checks import OPERATION
from .described.requests import judge_request
from .described.responses import judge_response
from .followed.pages import PageJudge
from .followed.states import StateJudge
from .followed.tenants import TenantJudge
from .judge import Judge, Observed
from .masking import RecordingMasker
from .recordings.recorded import Recorded
from .signed.signatures import SignatureJudge
from .signed.verification import Verifier

_PREFLIGHT = "access-control-request-method"
_UPGRADED = 101
_OF_PAGES = ("text/html", "text/css", "text/javascript", "application/javascript", "image/", "font/")
_UNREADABLE, _DISORDERED = "unreadable", "disordered"
_JITTER = 0.001  # seconds: times are written in milliseconds


class Observer:
    """What was seen of one API so far. Nothing is sent."""

    def __init__(self, plan: Plan, addresses: Addresses, announce: Callable[[Result], None] = lambda _: None) -> None:
        """`announce` gets each finding of a new kind when it comes up, masked."""
        self._plan = plan
        self._addresses = addresses
        users = tuple(user for user in plan.users if user.secret_key)
        self.masker = RecordingMasker(plan.api, plan.users)
        self._judge = Judge(plan, self.masker, announce)
        self._verifier = Verifier(plan.api, users, self.masker)
        self._signatures = SignatureJudge(self._judge, self._verifier)
        self._states = StateJudge(self._judge)
        self._tenants = TenantJudge(self._judge)
        self._pages = PageJudge(self._judge)
        self._coverage = Coverage(plan.api)
        self._counts: Counter[str] = Counter()
        self._unreadable = ""
        self._latest = float("-inf")
        self._started, self._clock = datetime.now(UTC), time.monotonic()

    def add(self, recorded: Recorded) -> None:
        """Judge one request and its response."""
        base = self._addresses.find_base(recorded.url)
        reason = "of other addresses" if base is None else self._find_reason(recorded)
        self._counts[reason] += 1
        if base is None or reason:
            return
        recorded = _without_depths(recorded)
        request = recorded.request()
        parts = parse_request(request, self._plan.api)
        operation = find_operation(self._plan.api, recorded, base)
        if operation is None:
            self._note_undescribed(recorded, base)
            return
        self._coverage.note(request, recorded.status)
        observed = Observed(
            operation=operation, request=request, response=recorded.response(), recorded=recorded, parts=parts
        )
        list(self._judge_all(observed))  # the judge keeps what it finds

    def note_unreadable(self, sentence: str) -> None:
        """Count an entry that cannot be read; the first sentence that says why is kept."""
        self._unreadable = self._unreadable or sentence
        self._counts[_UNREADABLE] += 1

    def _judge_all(self, observed: Observed) -> Iterator[Result]:
        yield from judge_response(self._judge, observed)
        yield from judge_request(self._judge, observed)
        signature = self._verifier.verify(observed)
        yield from self._signatures.judge(observed, signature)
        yield from self._tenants.judge(observed, signature.identity)
        if self._is_in_order(observed.recorded) and (observed.knows_content or not observed.operation.safe):
            yield from self._states.judge(observed, signature.identity)
            yield from self._pages.judge(observed, signature.identity)

    def _is_in_order(self, recorded: Recorded) -> bool:
        """Whether the entries came in the order of time so far: states need it."""
        if recorded.began is not None:
            if recorded.began < self._latest - _JITTER:
                self._counts[_DISORDERED] += 1
            self._latest = max(self._latest, recorded.began)
        return not self._counts[_DISORDERED]

    def _find_reason(self, recorded: Recorded) -> str:
        """Why a request is not judged; empty if it is."""
        names = {name.lower() for name, _ in recorded.request_headers}
        if not recorded.status:
            return "without a response"
        if recorded.method == "OPTIONS" and _PREFLIGHT in names:
            return "that browsers sent to ask for permission (CORS)"
        if recorded.status == _UPGRADED:
            return "that became a WebSocket"
        return ""

    def _note_undescribed(self, recorded: Recorded, base: str) -> None:
        if recorded.method not in SAFE_METHODS:
            self._pages.note_change(recorded)
        kind = recorded.response().media_type
        is_mixed = not self._addresses.is_certain or not self._plan.api.base_path.strip("/")
        if is_mixed and kind.startswith(_OF_PAGES):
            self._counts["for pages beside the API"] += 1
            return
        methods = find_methods(self._plan.api, recorded, base)
        said = f"the path has {', '.join(methods)}, not {recorded.method}" if methods else "no operation has this path"
        level: Level = SHOULD if 200 <= recorded.status < 300 else ADVISORY
        parts = parse_request(recorded.request(), self._plan.api)
        self._judge.note_undescribed(OPERATION, recorded, parts, said, level)

    def build_report(self, url: str, what: str) -> Report:
        """The report; raises CannotRun if no request of this API was seen. `what` names the recording."""
        list(self._signatures.finish())  # the judge keeps what it finds
        results = [*self._judge.results()]
        if not results:
            raise CannotRun(self._describe_nothing(what))
        plan = self._plan
        operations = tuple(operation for operation in plan.api.operations if plan.chooses(operation))
        reached = [_describe_reach(one) for one in self._coverage.summarize(plan, operations)]
        return Report(
            api=plan.api.name,
            title=plan.api.title,
            url=self.masker.text(url),
            profile=READ_ONLY,
            seed=0,
            max_examples=1,
            started=self._started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - self._clock, 2),
            operations=tuple(operation.label for operation in operations),
            results=sort_results(results),
            coverage=tuple(reached),
            sources={operation.label: source_of(plan.api, operation) for operation in operations},
            notes=tuple(self._list_notes(what, reached)),
        )

    def _describe_nothing(self, what: str) -> str:
        other = self._counts["of other addresses"]
        ignored = f": {other} are of other addresses" if other else ""
        known = f" ({self._addresses.how})" if self._addresses.how else ""
        return f"{what} has no request to {self._plan.api.title}{ignored}{known}: name its address with --base-url."

    def _list_notes(self, what: str, reached: list[Reached]) -> Iterator[str]:
        judged = sum(one.requests for one in reached)
        yield f"{what}: {judged} requests to described operations; nothing was sent"
        if self._addresses.how:
            yield self.masker.text(self._addresses.how)
        for reason, count in self._counts.items():
            if count and reason not in ("", _UNREADABLE, _DISORDERED):
                yield f"ignored: {count} requests {reason}"
        unseen = [one.operation for one in reached if not one.requests]
        if unseen:
            yield f"never seen: {len(unseen)} of {len(reached)} operations"
        yield from self._list_limits()

    def _list_limits(self) -> Iterator[str]:
        """What could not be known, and why."""
        unknown = self._signatures.unknown
        if unknown:
            reasons = ", ".join(f"{reason} ({count})" for reason, count in self._signatures.reasons.items())
            yield f"the signatures of {unknown} requests were not verified: {reasons}"
        if self._counts[_UNREADABLE]:
            yield f"{self._counts[_UNREADABLE]} entries could not be read, the first since {self._unreadable}"
        if self._counts[_DISORDERED]:
            yield "entries began before others that stand ahead of them: from there on states were not compared"
        if self._states.objects.forgotten:
            yield f"{self._states.objects.forgotten} objects were forgotten, since there were too many to be kept"


def _without_depths(recorded: Recorded) -> Recorded:
    """The request without bodies that are nested deeper than what reads them can go."""
    if is_too_deep(recorded.content or b""):
        recorded = replace(recorded, content=None)
    return replace(recorded, body=None, is_exact=False) if is_too_deep(recorded.body or b"") else recorded


def _describe_reach(reached: Reached) -> Reached:
    """What was seen of an operation; there is nothing that an option could add."""
    why = reached.why if reached.requests else "never seen"
    return replace(reached, why="" if reached.exercised else why, needs="")
