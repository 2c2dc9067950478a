"""The schema layer: Schemathesis' engine over every operation, each request signed rightly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
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

from .aiming import Aim
from .caller import ANSWER_SECONDS, Answer, CannotRun
from .description import Api, Credentials
from .objects import Objects
from .signer import Signer
from .wire import media_type, read

SIGNED = "properly_signed_request_is_accepted"
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
)
# 401 and 403 are left to the check of the signature; a value may break a rule that no schema can say.
_ACCEPTING = ["2xx", "404", "409", "422"]


class RefusedSignature(Failure):
    """A properly signed request was refused as if it were not."""

    kind_title = "Properly signed request refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzzing:
    """One run of the engine. `writes` is false where nothing may be changed on the server."""

    api: Api
    url: str
    credentials: Credentials
    seed: int
    max_examples: int
    writes: bool

    def stream(self, objects: Objects) -> Iterator[events.EngineEvent]:
        """The engine's events. Its hooks are global, so one run at a time."""
        signer, aim = Signer(self.api, self.credentials), Aim(self.api, objects)

        def before_call(_: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
            aim(case)
            kwargs["auth"] = signer

        def after_call(_: HookContext, case: Case[Any], response: Response) -> None:
            operation = self.api.labelled(case.operation.label)
            if operation is not None and case.method == operation.method:
                objects.record(operation, case.path_parameters, answer_to(response))

        with _registered(before_call, after_call), _checked(_signature_check(self.api)):
            yield from self._unhooked()

    def _unhooked(self) -> Iterator[events.EngineEvent]:
        for event in from_schema(self._schema()).execute():
            if isinstance(event, events.FatalError):
                raise CannotRun(f"the fuzzing engine failed: {event.exception}") from event.exception
            yield event

    def _schema(self) -> BaseSchema:
        config = schemathesis.Config.from_dict(settings(self.seed, self.max_examples, self.url, self.writes))
        schema = schemathesis.openapi.from_dict(unsigned(self.api.document), config=config)
        return schema if self.writes else schema.include(method=["GET", "HEAD"])


def answer_to(response: Response) -> Answer:
    """The engine's response as an answer."""
    headers = {name: values[0] for name, values in response.headers.items()}
    return Answer(
        status=response.status_code,
        media_type=media_type(headers.get("content-type", "")),
        date=headers.get("date", ""),
        text=response.content.decode("utf-8", "replace"),
    )


def unsigned(document: Mapping[str, Any]) -> dict[str, Any]:
    """The description without its security: signing parameters must not be fuzzed as ordinary ones."""
    copy = json.loads(json.dumps(document))
    copy.pop("security", None)
    copy.get("components", {}).pop("securitySchemes", None)
    for item in copy.get("paths", {}).values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return dict(copy)


def settings(seed: int, max_examples: int, url: str, writes: bool) -> dict[str, Any]:
    """Everything that learns from earlier runs or answers is off: the same seed makes the same requests."""
    checks: dict[str, Any] = {name: {"enabled": True} for name in CHECK_NAMES if name != SIGNED}
    checks["positive_data_acceptance"]["expected-statuses"] = _ACCEPTING
    quiet = {"extra-data-sources": {"responses": False}}
    return {
        "seed": seed,
        "base-url": url,
        "workers": 1,
        "continue-on-failure": True,
        "request-timeout": ANSWER_SECONDS,
        "max-redirects": 0,
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "generation": {"max-examples": max_examples, "no-shrink": True, "database": "none"},
        "checks": {"enabled": False, SIGNED: {"enabled": True}, **checks},
        "phases": {
            "examples": quiet,
            "coverage": {**quiet, "unexpected-methods": []},
            "fuzzing": {**quiet, "error-feedback": {"enabled": False}},
            "stateful": {"enabled": writes},
        },
    }


@contextmanager
def _registered(*hooks: Callable[..., None]) -> Iterator[None]:
    for hook in hooks:
        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(hook, hook.__name__)
    try:
        yield
    finally:
        for hook in hooks:
            GLOBAL_HOOK_DISPATCHER.unregister(hook)


@contextmanager
def _checked(check: Callable[[CheckContext, Response, Case[Any]], bool | None]) -> Iterator[None]:
    CHECKS.register(check)
    try:
        yield
    finally:
        CHECKS.unregister(check.__name__)


def _signature_check(api: Api) -> Callable[[CheckContext, Response, Case[Any]], bool | None]:
    def properly_signed_request_is_accepted(_: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        parts = read(response.request, api)
        if response.status_code not in (401, 403) or parts.doubt or parts.operation is None:
            return None
        if response.status_code == 403 and parts.operation.restricted:
            return None
        message = f"answered {response.status_code} to a request that was signed as the description says"
        raise RefusedSignature(operation=case.operation.label, message=message, severity=Severity.CRITICAL)

    return properly_signed_request_is_accepted
