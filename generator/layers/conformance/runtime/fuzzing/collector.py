"""Turns the engine's events into results: passed checks are counted, equal failures reported once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from requests import PreparedRequest, RequestException
from requests.structures import CaseInsensitiveDict
from schemathesis import Case
from schemathesis.core import NOT_SET
from schemathesis.core.failures import Failure
from schemathesis.engine import Status, StopReason, events
from schemathesis.engine.recorder import CheckNode, Interaction, ScenarioRecorder
from schemathesis.openapi.checks import JsonSchemaError

from ..context import RunContext
from ..http.masking import MASK
from ..http.network_errors import describe_no_response
from ..http.rate_limit import NotSent
from ..lifecycles import is_marked_deleted, list_lifecycles
from ..objects.cleanup import parse_object
from ..results import ERROR, FAILED, MUST, PASSED, SHOULD, SKIPPED, Result, ResultStatus
from .engine import AUTHORIZATION, check_id
from .serialization import serialize_case
from .signed_transport import as_response

PHASE: Final = "schema"
_COMPLETED = "completed"
_CLAUSES = {
    "not_a_server_error": "responses (none is a server error)",
    "status_code_conformance": "responses",
    "content_type_conformance": "responses.content",
    "response_headers_conformance": "responses.headers",
    "response_schema_conformance": "responses.content.schema",
    "positive_data_acceptance": "parameters, requestBody",
    "negative_data_rejection": "parameters, requestBody",
    "use_after_free": "delete",
    "ensure_resource_availability": "responses.success",
    "properly_signed_request_is_accepted": "x-signing",
    "ignored_auth": "security",
    "object_level_authorization": "x-tenant",
}
_CAUSES = {
    "not_a_server_error": "a value or a combination of values is not checked before it is used",
    "status_code_conformance": "a case has a status that the description does not have",
    "content_type_conformance": "a response is written otherwise than described, or not by the API",
    "response_headers_conformance": "a header of the response is missing or is of another form",
    "response_schema_conformance": "the response is written by another version than the description says",
    "positive_data_acceptance": "a check is stricter than the description, or a rule is not described",
    "negative_data_rejection": "a rule of the schema is not checked",
    "use_after_free": "what was deleted is only marked, or a cache still has it",
    "ensure_resource_availability": "a new object is stored only after the response, or is looked up elsewhere",
    "properly_signed_request_is_accepted": "some value is read or signed otherwise than the scheme says",
    "ignored_auth": "the token is not looked at before the request is carried out",
    "object_level_authorization": "the object is looked up by its id alone, without asking whose it is",
    "completed": "the server is slow, hung up, or broke down at this request",
}
# A body of white space is invalid JSON to the engine, and an empty body to many servers.
_OF_BODIES = frozenset(("negative_data_rejection",))
# A server may know more than the description says, or be lenient.
_SHOULD = frozenset(("positive_data_acceptance", "negative_data_rejection"))
# These always pass for a single request.
_OF_SEQUENCES = frozenset(("use_after_free", "ensure_resource_availability"))
# The engine reports 404 as a missing path object; a body may have named another one, or a file may not exist yet.
_OF_OBJECTS = frozenset(("ensure_resource_availability",))
_USE_AFTER_FREE = "use_after_free"
_MOST_PER_CHECK = 5
_CHANGING = ("PUT", "PATCH", "DELETE")


@dataclass(slots=True)
class _Tally:
    """One check on one operation so far; failures by their key."""

    count: int = 0
    failures: dict[str, Result] = field(default_factory=dict)


class ResultCollector:
    """Gathers the results of one run of the engine."""

    def __init__(self, context: RunContext, *, in_sequence: bool) -> None:
        self._in_sequence = in_sequence
        self._plan = context.plan
        self._api = context.plan.api
        self._masker = context.masker
        self._recipes = context.recipes
        self._objects = context.objects
        self._with_doubts = context.with_doubts
        self._tallies: dict[tuple[str, str], _Tally] = {}

    def add_event(self, event: events.EngineEvent) -> None:
        """Add the results of an event; most have none."""
        if isinstance(event, events.ScenarioFinished):
            self._add_scenario(event.recorder)
        elif isinstance(event, events.NonFatalError):
            reason = _network_error(event.value)
            status: ResultStatus = SKIPPED if isinstance(reason, NotSent) else FAILED if reason is not None else ERROR
            message = f"{event.info.title}: {event.info.message}"
            self._add_error(
                event.label, status, message if reason is None or status == SKIPPED else describe_no_response(reason)
            )
        elif isinstance(event, events.EngineFinished) and event.stop_reason is StopReason.SERVER_UNAVAILABLE:
            self._add_error("the server", FAILED, "it stopped answering during the run")

    def results(self) -> Iterator[Result]:
        """All results so far."""
        for (label, check), tally in self._tallies.items():
            yield from sorted(tally.failures.values(), key=lambda one: one.level != MUST)[:_MOST_PER_CHECK]
            if not tally.failures:
                yield self._result(label, check, PASSED, count=tally.count)

    def _add_scenario(self, recorder: ScenarioRecorder) -> None:
        for case_id, nodes in recorder.checks.items():
            label = recorder.cases[case_id].value.operation.label
            for node in nodes:
                if node.name in _OF_SEQUENCES and not self._in_sequence:
                    continue
                if node.name in _OF_OBJECTS and not _names_an_object(recorder.cases[case_id].value):
                    continue
                if node.name in _OF_BODIES and _is_blank(recorder.interactions.get(case_id)):
                    continue
                if node.name == _USE_AFTER_FREE and self._shows_deleted(label, recorder.interactions.get(case_id)):
                    continue
                tally = self._tallies.setdefault((label, node.name), _Tally())
                tally.count += 1
                self._add_failure(tally, label, case_id, node, recorder)

    def _shows_deleted(self, label: str, interaction: Interaction | None) -> bool:
        """Whether the object in the response is marked as deleted."""
        if interaction is None or interaction.response is None:
            return False
        response = as_response(interaction.response)
        shown = ((one, one.shower) for one in list_lifecycles(self._api) if one.shower and one.shower.label == label)
        return any(is_marked_deleted(self._plan, one, parse_object(response, by.wrapper)) for one, by in shown)

    def _add_failure(
        self, tally: _Tally, label: str, case_id: str, node: CheckNode, recorder: ScenarioRecorder
    ) -> None:
        if node.status is not Status.FAILURE or node.failure_info is None:
            return
        failure = node.failure_info.failure
        key = f"{type(failure).__name__} {failure._unique_key}"
        place = failure.case_id or case_id
        interaction = recorder.interactions.get(place)
        before = list(_changes_before(recorder, place)) if self._in_sequence else []
        result = replace(self._describe_failure(label, node.name, failure, interaction, before), detail=key)
        if key not in tally.failures or len(result.request) < len(tally.failures[key].request):
            case = recorder.cases[case_id].value
            tally.failures[key] = result if self._in_sequence else replace(result, case=self._case(label, case))

    def _case(self, label: str, case: Case[Any]) -> Mapping[str, object] | None:
        operation = self._api.by_label(label)
        ids = case.path_parameters or {}
        placeholders = operation.placeholders if operation else ()
        own = [p.name for p in placeholders if p.name in ids and self._objects.owns(p, ids[p.name])]
        return serialize_case(case, own)

    def _describe_failure(
        self,
        label: str,
        check: str,
        failure: Failure,
        interaction: Interaction | None,
        before: Sequence[PreparedRequest],
    ) -> Result:
        expected, observed = self._describe(failure)
        request = response = ""
        if interaction is not None:
            hidden = self._api.pii if self._in_sequence else frozenset()
            request = self._recipes.write([*before, _build_request(interaction)], hidden=hidden)
            if interaction.response is not None:
                got = as_response(interaction.response)
                observed = f"{got.status} {got.media_type}: {observed}"
                response = self._masker.response(got)
        result = self._result(
            label, check, FAILED, expected=expected, observed=observed, request=request, response=response
        )
        return replace(result, level=SHOULD) if self._is_left_open(label, check, interaction) else result

    def _is_left_open(self, label: str, check: str, interaction: Interaction | None) -> bool:
        """Not described: every status of an error, and what happens to the children of a deleted object."""
        if check == "status_code_conformance":
            status = interaction.response.status_code if interaction and interaction.response else 0
            return 400 <= status < 500
        paths = {one.destroyer.path for one in list_lifecycles(self._api) if one.destroyer}
        return check == _USE_AFTER_FREE and label.partition(" ")[2] not in paths

    def _describe(self, failure: Failure) -> tuple[str, str]:
        """What was expected and observed; no value of the response that is secret or personal is shown."""
        if not isinstance(failure, JsonSchemaError):
            return f"no failure “{failure.title}”", " ".join((failure.message or failure.title).split())
        place = "/" + "/".join(map(str, failure.instance_path))
        keyword = str(failure.schema_path[-1]) if failure.schema_path else "schema"
        rule = json.dumps(failure.schema.get(keyword), ensure_ascii=False, default=str)[:300]
        hidden = (self._api.secret | self._api.pii).intersection(map(str, failure.instance_path))
        value = MASK if hidden else self._masker.json(failure.instance)
        return f"{place or '/'} keeps {keyword}: {rule}", f"{failure.title}: {value[:300]}"

    def _add_error(self, label: str, status: ResultStatus, message: str) -> None:
        tally = self._tallies.setdefault((label, _COMPLETED), _Tally())
        text = " ".join(message.split())
        tally.failures[text] = self._result(
            label, _COMPLETED, status, expected="every request gets a response", observed=text
        )

    def _result(
        self,
        label: str,
        check: str,
        status: ResultStatus,
        *,
        count: int = 1,
        expected: str = "",
        observed: str = "",
        request: str = "",
        response: str = "",
    ) -> Result:
        operation = self._api.by_label(label)
        return Result(
            id=f"{check_id(check)} {operation.id if operation else label}",
            layer=PHASE,
            check=check.replace("_", " "),
            operation=label,
            level=SHOULD if check in _SHOULD else MUST,
            clause=_CLAUSES.get(check, "responses"),
            status=status,
            count=count,
            expected=expected,
            observed=observed,
            request=request,
            answer=response,
            cause=self._cause(check) if status == FAILED else "",
        )

    def _cause(self, check: str) -> str:
        cause = _CAUSES.get(check, "")
        return self._with_doubts(cause) if check == AUTHORIZATION else cause


def _is_blank(interaction: Interaction | None) -> bool:
    """Whether a blank body was sent."""
    body = interaction.request.body if interaction else None
    return body is not None and not body.strip()


def _names_an_object(case: Case[Any]) -> bool:
    """Whether only the object of the path can be missing."""
    return case.operation.path.endswith("}") and case.body is NOT_SET


def _network_error(error: BaseException | None) -> RequestException | None:
    """The network error, if the engine wrapped one into an error of its own."""
    while error is not None and not isinstance(error, RequestException):
        error = error.__cause__ or error.__context__
    return error


def _changes_before(recorder: ScenarioRecorder, place: str) -> Iterator[PreparedRequest]:
    """Earlier requests of this sequence that changed something; those that create are sent again by the recipe."""
    for case_id, interaction in recorder.interactions.items():
        if case_id == place:
            return
        response = interaction.response
        if interaction.request.method in _CHANGING and response is not None and response.status_code < 300:
            yield _build_request(interaction)


def _build_request(interaction: Interaction) -> PreparedRequest:
    """The recorded request as a prepared one."""
    recorded = interaction.request
    request = PreparedRequest()
    request.method, request.url, request.body = recorded.method, recorded.uri, recorded.body
    request.headers = CaseInsensitiveDict({name: values[0] for name, values in recorded.headers.items()})
    return request
