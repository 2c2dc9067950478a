"""Schemathesis' engine over every operation, each request signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure, Severity
from schemathesis.engine import events, from_schema
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER
from schemathesis.schemas import BaseSchema

from ..api import Operation
from ..context import RunContext
from ..errors import CannotRun
from ..http.signer import find_signing_record
from ..http.transport import RESPONSE_SECONDS
from ..http.wire import parse_request
from ..objects.authorization import AUTHENTICATION, blames_signature, names_only_own
from ..plan import Plan
from ..target import Target
from .example_database import shared_examples
from .path_ids import PathIds
from .signed_transport import as_response, set_users, signed_sending
from .subset import describe_operations

SIGNED = "properly_signed_request_is_accepted"
AUTHORIZATION = "object_level_authorization"
CHECK_NAMES = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "positive_data_acceptance",
    "negative_data_rejection",
    "use_after_free",
    SIGNED,
    "ensure_resource_availability",
    "ignored_auth",
    AUTHORIZATION,
)


def check_id(name: str) -> str:
    """The stable id of one of these checks; number 0 for anything else."""
    return f"SCH-{CHECK_NAMES.index(name) + 1 if name in CHECK_NAMES else 0:03}"


# 401 and 403 are judged by the signature check; no schema has every rule, nor the state of an object and its version.
ACCEPTING = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "422", "423", "424", "428"]
# Any error will do: whether the body or a condition on the version is looked at first is not described.
REFUSING = ["304", "4xx", "5xx"]


# Tokens and signing parameters are not generated: requests get them when they are sent.
GENERATION = {"no-shrink": True, "with-security-parameters": False}


class RefusedSignature(Failure):
    """A correctly signed request was rejected as if it were not."""

    kind_title = "Properly signed request refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzing:
    """One run of the engine over some operations: each by itself, or in sequences as the links allow."""

    plan: Plan
    url: str
    operations: tuple[Operation, ...]
    in_sequence: bool

    def stream(self, context: RunContext) -> Iterator[events.EngineEvent]:
        """The engine's events. Its hooks are global, so one run at a time."""
        path_ids = PathIds(self.plan.api, context.objects)

        def before_call(_: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
            path_ids(case)

        sharing, sending = shared_examples(self.plan), signed_sending(context)
        with sharing, sending, _with_hooks(before_call), _with_check(signature_check(context)):
            yield from self._run_engine()

    def _run_engine(self) -> Iterator[events.EngineEvent]:
        for event in from_schema(self.schema()).execute():
            if isinstance(event, events.FatalError):
                raise CannotRun(f"the fuzzing engine failed: {event.exception}") from event.exception
            if isinstance(event, events.Interrupted):
                raise KeyboardInterrupt  # the engine only records it, and half a run would look like a whole one
            yield event

    def schema(self) -> BaseSchema:
        """The operations as a Schemathesis schema."""
        config = schemathesis.Config.from_dict(settings(self.plan, self.url, in_sequence=self.in_sequence))
        schema = schemathesis.openapi.from_dict(describe_operations(self.plan.api, self.operations), config=config)
        set_users(schema, self.plan)
        return schema


def settings(plan: Plan, url: str, *, in_sequence: bool) -> dict[str, Any]:
    """Whatever learns from earlier runs or responses is off: the same seed generates the same requests."""
    wanted = [name for name in CHECK_NAMES if plan.wants(check_id(name), name.replace("_", " "))]
    checks: dict[str, Any] = {name: {"enabled": name in wanted} for name in CHECK_NAMES}
    checks["positive_data_acceptance"]["expected-statuses"] = ACCEPTING
    checks["negative_data_rejection"]["expected-statuses"] = REFUSING
    quiet = {"extra-data-sources": {"responses": False}}
    generation = GENERATION if plan.database else {**GENERATION, "database": "none"}
    return {
        "seed": plan.seed,
        "suppress-health-check": ["too_slow"],  # a slow machine is nobody's fault
        "base-url": url,
        "workers": 1,
        "continue-on-failure": not plan.database,  # an example is kept only where it ends the search
        "request-timeout": RESPONSE_SECONDS,
        "max-redirects": 0,
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "generation": {**generation, "max-examples": plan.max_examples},
        "checks": {"enabled": False, **checks},
        "phases": {
            "examples": {**quiet, "enabled": not in_sequence},
            "coverage": {**quiet, "enabled": not in_sequence, "unexpected-methods": []},
            "fuzzing": {**quiet, "enabled": not in_sequence, "error-feedback": {"enabled": False}},
            "stateful": {"enabled": in_sequence, "inference": {"algorithms": []}, "link-calibration": False},
        },
    }


@contextmanager
def _with_hooks(*hooks: Callable[..., None]) -> Iterator[None]:
    for hook in hooks:
        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(hook, hook.__name__)
    try:
        yield
    finally:
        for hook in hooks:
            GLOBAL_HOOK_DISPATCHER.unregister(hook)


@contextmanager
def _with_check(check: Callable[[CheckContext, Response, Case[Any]], bool | None]) -> Iterator[None]:
    CHECKS.register(check)
    try:
        yield
    finally:
        CHECKS.unregister(check.__name__)


def signature_check(context: RunContext) -> Callable[[CheckContext, Response, Case[Any]], bool | None]:
    """A check for 401 and 403: a failure if the error names the signature, or if a plain request is accepted."""
    api, targets = context.plan.api, dict[str, Target]()

    def properly_signed_request_is_accepted(_: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        parts = parse_request(response.request, api)
        if response.status_code not in AUTHENTICATION or parts.doubt or parts.operation is None:
            return None
        if api.request_scheme is not None and parts.operation.signed and not find_signing_record(response.request):
            return None  # it could not be signed
        if not blames_signature(api, as_response(response)):
            members = parts.path, parts.query, parts.body
            target = targets.setdefault(parts.operation.id, Target(context, parts.operation))
            if (
                not names_only_own(context.objects, parts.operation, *members)
                or target.valid_response.status in AUTHENTICATION
            ):
                return None
        message = f"answered {response.status_code} to a request that was signed as the description says"
        raise RefusedSignature(operation=case.operation.label, message=message, severity=Severity.CRITICAL)

    return properly_signed_request_is_accepted
