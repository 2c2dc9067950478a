"""--replay of generated requests that failed: the same parameters, with a new signature."""

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

from ..context import RunContext, WorkItem
from ..http.network_errors import describe_no_response
from ..http.transport import RESPONSE_SECONDS
from ..results import FAILED, PASSED, Result
from .collector import PHASE
from .engine import ACCEPTING, Fuzzing, signature_check
from .serialization import parse_case
from .signed_transport import as_response, signed_sending

_REFUSED = "negative_data_rejection"
_ACCEPTED = "positive_data_acceptance"


def replay_items(before: Sequence[Result]) -> Iterator[WorkItem]:
    """One work item for each operation with generated requests that failed."""
    cases = [result for result in before if result.case is not None]
    for name in dict.fromkeys(result.unit for result in cases):
        chosen = [result for result in cases if result.unit == name]
        yield WorkItem(phase=PHASE, name=name.partition("/")[2], run=partial(_send_again, results=chosen))


def _send_again(context: RunContext, *, results: Sequence[Result]) -> Iterator[Result]:
    for result in results:
        try:
            yield _send_one(context, result)
        except RequestException as error:
            yield replace(result, observed=describe_no_response(error), answer="")


def _send_one(context: RunContext, result: Result) -> Result:
    plan, data = context.plan, result.case or {}
    operation = plan.api.by_label(result.operation)
    if operation is None:
        raise LookupError(f"{plan.api.name} has no operation {result.operation}")
    fuzzing = Fuzzing(plan=plan, url=context.caller.url, operations=(operation,), in_sequence=False)
    case = parse_case(fuzzing.schema(), result.operation, data)
    set_on_case(case, AuthContext(operation=case.operation, app=None), None)
    if data.get("own"):
        own = context.objects.ids(operation, fresh=operation.removes)
        case.path_parameters = {**case.path_parameters, **own}
    with signed_sending(context):
        response = case.call(base_url=context.caller.url, timeout=RESPONSE_SECONDS, allow_redirects=False)
        fault = _judge(context, case, response, result.check.replace(" ", "_"))
    masked = context.masker.response(as_response(response))
    if not fault:
        return replace(result, status=PASSED, expected="", observed="", request="", answer="", cause="")
    return replace(result, status=FAILED, observed=f"{response.status_code}: {fault}", answer=masked)


def _judge(context: RunContext, case: Case[Any], response: Any, check: str) -> str:
    """What is wrong with a response; the two checks that need to know how a request was generated go by its status."""
    status = response.status_code
    if check == _REFUSED:
        return "invalid parameters were accepted" if status < 400 else ""
    if check == _ACCEPTED:
        return "valid parameters were refused" if status >= 400 and str(status) not in ACCEPTING else ""
    rule = signature_check(context) if check == signature_check.__name__ else None
    known: Any = rule or next((one for one in CHECKS.get_all() if one.__name__ == check), None)
    if known is None:
        return "the check is not known any more"
    try:
        case.validate_response(response, checks=[known])
    except FailureGroup as group:
        return " ".join(str(group.exceptions[0].title).split())
    except Failure as failure:
        return failure.title
    return ""
