"""How the engine's requests go out: each signed at the very last moment, its own probes of other users among them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import requests
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import Case, Response
from schemathesis.auths import AuthContext
from schemathesis.schemas import BaseSchema
from schemathesis.transport.requests import REQUESTS_TRANSPORT
from schemathesis.wfc.escalation import EscalatingAuthProvider

from ..context import Bench
from ..description import Api, Credentials
from ..http.caller import Answer
from ..http.signer import Forgery, Signer, own_header
from ..http.transport import bounded
from ..http.wire import media_type
from ..interruption import INTERRUPTION
from ..plan import Plan

OWNER, PEER = "user", "second"


class ByToken(AuthBase):
    """Signs as the user whose token the request carries.

    With no user's token, or none at all, the request keeps what it carries and is signed as the user of the run.
    """

    def __init__(self, plan: Plan) -> None:
        self._api = plan.api
        self._users = {own_header(plan.api, user): user for user in (plan.credentials, plan.second) if user}
        self._plan = plan

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        plan, told = self._plan, request.headers.get(self._api.token_header)
        carried = told.decode("latin-1") if isinstance(told, bytes) else told
        user = self._users.get(carried)
        if user is None:
            return Signer(self._api, plan.credentials, Forgery(header=lambda *_: carried))(request)
        superuser = plan.superuser if user == plan.credentials else None
        return Signer(self._api, user, superuser=superuser)(request)


@dataclass(frozen=True, slots=True)
class _Token:
    """Puts a user's token into the engine's requests, so that its probes can take it out or put another in."""

    api: Api
    user: Credentials

    def get(self, _case: Case[Any], _context: AuthContext) -> str | None:
        return own_header(self.api, self.user)

    def set(self, case: Case[Any], data: str, _context: AuthContext) -> None:
        case.headers[self.api.token_header] = data


def identify(schema: BaseSchema, plan: Plan) -> None:
    """Let the engine send as the user of the run, and know the user of another institute where there is one."""
    users = {name: user for name, user in ((OWNER, plan.credentials), (PEER, plan.second)) if user}
    tokens: list[Any] = [_Token(plan.api, user) for user in users.values()]
    peers = tuple(users) if plan.second else ()
    schema.auth.providers.append(EscalatingAuthProvider(tokens, list(users), peers=peers, pinned=OWNER))


@contextmanager
def signed_sending(bench: Bench) -> Iterator[None]:
    """Sign, pace and note whatever the engine sends: its probes pass by every hook but this one."""
    plan, send, auth = bench.plan, REQUESTS_TRANSPORT.send, ByToken(bench.plan)

    def answered(case: Case[Any], own: requests.Session, **kwargs: Any) -> Response:
        operation = plan.api.labelled(case.operation.label)
        is_own = operation is not None and case.method == operation.method
        asking = bench.objects.asking(operation, case.path_parameters, None) if operation and is_own else nullcontext()
        with INTERRUPTION.held(), asking:
            response = bench.caller.watched(
                lambda limits: send(case, session=own, **{**kwargs, "auth": auth, "timeout": limits})
            )
            bench.coverage.seen(response.request, response.status_code)
            if operation and is_own:
                bench.objects.record(operation, case.path_parameters, answer_to(response), response.request)
        return response

    def sent(case: Case[Any], *, session: requests.Session | None = None, **kwargs: Any) -> Response:
        own, tries = bounded(session or requests.Session()), 0
        while True:
            response = answered(case, own, **kwargs)
            retry_after = answer_to(response).headers.get("retry-after", "")
            if not bench.pace.sends_again(response.status_code, retry_after, tries):
                return response
            tries += 1

    REQUESTS_TRANSPORT.send = sent  # type: ignore[method-assign]  # the engine knows no other place
    try:
        yield
    finally:
        del REQUESTS_TRANSPORT.send


def answer_to(response: Response) -> Answer:
    """The engine's response as an answer."""
    headers = {name: values[0] for name, values in response.headers.items()}
    return Answer(
        status=response.status_code,
        media_type=media_type(headers.get("content-type", "")),
        date=headers.get("date", ""),
        text=response.content.decode("utf-8", "replace"),
        headers=headers,
    )
