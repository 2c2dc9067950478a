"""Sends the engine's requests: each is signed last, its probes as other users as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import requests
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import Case, Response as EngineResponse
from schemathesis.auths import AuthContext
from schemathesis.schemas import BaseSchema
from schemathesis.transport.requests import REQUESTS_TRANSPORT
from schemathesis.wfc.escalation import EscalatingAuthProvider

from ..api import Api, Credentials
from ..context import RunContext
from ..errors import CannotSign
from ..http.caller import Response
from ..http.signer import Signer, SigningSteps, user_header
from ..http.transport import limit_responses
from ..http.wire import media_type
from ..interruption import INTERRUPTION
from ..plan import Plan

OWNER, PEER = "user", "second"
_MARK = "X-Signed-As"  # where no header has a token; it is taken off before the request is signed


class ByToken(AuthBase):
    """Signs as the user whose token the request has.

    With an unknown token, or none, the request keeps it and is signed with the key of the run's user.
    """

    def __init__(self, plan: Plan) -> None:
        self._api = plan.api
        self._users = {_mark(plan.api, user): user for user in (plan.credentials, plan.second) if user}
        self._plan = plan

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        plan, header = self._plan, request.headers.get(self._api.token_header or _MARK)
        carried = header.decode("latin-1") if isinstance(header, bytes) else header
        user = self._users.get(carried)
        superuser = plan.superuser if user == plan.credentials else None
        signer = Signer(self._api, user, superuser=superuser) if user else self._sign_for_nobody(carried)
        try:
            return signer(request)
        except CannotSign:  # a generated body that holds no fields: sent as it is, and refused
            return request

    def _sign_for_nobody(self, carried: str | None) -> Signer:
        return Signer(self._api, self._plan.credentials, SigningSteps(token_header=lambda *_: carried))


@dataclass(frozen=True, slots=True)
class _Token:
    """Gives the engine a user's token, so that its probes can remove or replace it."""

    api: Api
    user: Credentials

    def get(self, _case: Case[Any], _context: AuthContext) -> str | None:
        return _mark(self.api, self.user)

    def set(self, case: Case[Any], data: str, _context: AuthContext) -> None:
        case.headers[self.api.token_header or _MARK] = data


def _mark(api: Api, user: Credentials) -> str | None:
    """What says in a header of the engine's request whose it is."""
    return user_header(api, user) if api.token_header else user.token


def set_users(schema: BaseSchema, plan: Plan) -> None:
    """Let the engine send as the user of the run, and as the user of another institute, if there is one."""
    users = {name: user for name, user in ((OWNER, plan.credentials), (PEER, plan.second)) if user}
    tokens: list[Any] = [_Token(plan.api, user) for user in users.values()]
    peers = tuple(users) if plan.second else ()
    schema.auth.providers.append(EscalatingAuthProvider(tokens, list(users), peers=peers, pinned=OWNER))


@contextmanager
def signed_sending(context: RunContext) -> Iterator[None]:
    """Sign, limit and record whatever the engine sends: its probes bypass every other hook."""
    plan, send, auth = context.plan, REQUESTS_TRANSPORT.send, ByToken(context.plan)

    def send_once(case: Case[Any], own: requests.Session, **kwargs: Any) -> EngineResponse:
        operation = plan.api.by_label(case.operation.label)
        is_own = operation is not None and case.method == operation.method
        asking = (
            context.objects.record_creation(operation, case.path_parameters, None)
            if operation and is_own
            else nullcontext()
        )
        with INTERRUPTION.hold_back(), asking:
            response = context.caller.send_within_limits(
                lambda limits: send(case, session=own, **{**kwargs, "auth": auth, "timeout": limits})
            )
            context.coverage.note(response.request, response.status_code)
            if operation and is_own:
                context.objects.record_response(
                    operation, case.path_parameters, as_response(response), response.request
                )
        return response

    def send_until_accepted(
        case: Case[Any], *, session: requests.Session | None = None, **kwargs: Any
    ) -> EngineResponse:
        own, tries = limit_responses(session or requests.Session()), 0
        while True:
            response = send_once(case, own, **kwargs)
            retry_after = as_response(response).headers.get("retry-after", "")
            if not context.rate_limit.must_retry(response.status_code, retry_after, tries):
                return response
            tries += 1

    REQUESTS_TRANSPORT.send = send_until_accepted  # type: ignore[method-assign]  # the engine knows no other place
    try:
        yield
    finally:
        del REQUESTS_TRANSPORT.send


def as_response(response: EngineResponse) -> Response:
    """The engine's response as one of the suite's."""
    headers = {name: values[0] for name, values in response.headers.items()}
    return Response(
        status=response.status_code,
        media_type=media_type(headers.get("content-type", "")),
        date=headers.get("date", ""),
        text=response.content.decode("utf-8", "replace"),
        headers=headers,
    )
