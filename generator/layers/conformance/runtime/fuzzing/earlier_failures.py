"""Generated requests that failed before, sent again: the same parameters, signed afresh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from requests import RequestException
from schemathesis import Case
from schemathesis.auths import AuthContext, set_on_case
from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure, FailureGroup

from ..context import Bench, Unit
from ..http.network_errors import silence
from ..http.transport import ANSWER_SECONDS
from ..results import FAILED, PASSED, Result
from .collector import LAYER
from .engine import ACCEPTING, Fuzzing, signature_check
from .serialization import case_from
from .signed_transport import answer_to, signed_sending

_REFUSED = "negative_data_rejection"
_ACCEPTED = "positive_data_acceptance"


def replays(before: Sequence[Result]) -> Iterator[Unit]:
    """One unit for each operation with generated requests that failed."""
    cases = [result for result in before if result.case is not None]
    for name in dict.fromkeys(result.unit for result in cases):
        chosen = [result for result in cases if result.unit == name]
        yield Unit(layer=LAYER, name=name.partition("/")[2], run=partial(_again, results=chosen))


def _again(bench: Bench, *, results: Sequence[Result]) -> Iterator[Result]:
    for result in results:
        try:
            yield _one(bench, result)
        except RequestException as error:
            yield replace(result, observed=silence(error), answer="")


def _one(bench: Bench, result: Result) -> Result:
    plan, data = bench.plan, result.case or {}
    operation = plan.api.labelled(result.operation)
    if operation is None:
        raise LookupError(f"{plan.api.name} has no operation {result.operation}")
    fuzzing = Fuzzing(plan=plan, url=bench.caller.url, operations=(operation,), in_sequence=False)
    case = case_from(fuzzing.schema(), result.operation, data)
    set_on_case(case, AuthContext(operation=case.operation, app=None), None)
    if data.get("own"):
        fresh = operation.method == "DELETE"
        case.path_parameters = {**case.path_parameters, **bench.objects.ids(operation, fresh=fresh)}
    with signed_sending(bench):
        response = case.call(base_url=bench.caller.url, timeout=ANSWER_SECONDS, allow_redirects=False)
        told = _judged(bench, case, response, result.check.replace(" ", "_"))
    masked = bench.masker.answer(answer_to(response))
    if not told:
        return replace(result, status=PASSED, expected="", observed="", request="", answer="", cause="")
    return replace(result, status=FAILED, observed=f"{response.status_code}: {told}", answer=masked)


def _judged(bench: Bench, case: Case[Any], response: Any, check: str) -> str:
    """What is wrong with an answer; the two checks that need to know how a request was made are told by its status."""
    status = response.status_code
    if check == _REFUSED:
        return "invalid parameters were accepted" if status < 400 else ""
    if check == _ACCEPTED:
        return "valid parameters were refused" if status >= 300 and str(status) not in ACCEPTING else ""
    rule = signature_check(bench) if check == signature_check.__name__ else None
    found: Any = rule or next((one for one in CHECKS.get_all() if one.__name__ == check), None)
    if found is None:
        return "the check is not known any more"
    try:
        case.validate_response(response, checks=[found])
    except FailureGroup as group:
        return " ".join(str(group.exceptions[0].title).split())
    except Failure as failure:
        return failure.title
    return ""
