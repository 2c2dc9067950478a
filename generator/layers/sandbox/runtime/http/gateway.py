"""One request, from top to bottom: path, body, token, parameters, signature, role, behaviour."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..errors import Refusal, forbidden
from ..model import Api, Description, Operation, Token
from ..storage.state import State, undone_on_error
from .accounts import User
from .bodies import read_body
from .context import Answer, Call, Handler
from .downloads import Download
from .journal import note_operation, note_refusal
from .request_parsing import Reading, read
from .responses import Json
from .roles import READS, may
from .routing import Router
from .validation import Validation
from .verification import Verifier

_EMPTY = (204, 205, 304)
_LOG = logging.getLogger("procwise_sandbox")


@dataclass(frozen=True, slots=True)
class _Request:
    """A request whose body is read and whose operation is known."""

    api: Api
    operation: Operation
    path: Mapping[str, str]
    query: bytes
    headers: Mapping[str, str]
    body: bytes
    base_url: str


class Gateway:
    """Answers the requests of all versions; every answer is a JSON object, or a described file."""

    def __init__(
        self,
        description: Description,
        state: State,
        handlers: Mapping[tuple[str, str], Handler],
        *,
        identify: Callable[[Connection, Token | None, Mapping[str, str]], User],
        verifier: Verifier,
        clock: Callable[[], float],
        limit: int,
        read_seconds: float,
    ) -> None:
        self._handlers = handlers
        self._identify = identify
        self._known = {
            (api.name, one.id): frozenset((*one.query, *one.body)) for api in description.apis for one in api.operations
        }
        self._router = Router(description.apis)
        self._validation = {api.name: Validation(api) for api in description.apis}
        self._verifier = verifier
        self._state = state
        self._clock = clock
        self._limit = limit
        self._read_seconds = read_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        except Refusal as refusal:
            note_refusal(refusal)
            response = _refused(refusal)
        except Exception:  # noqa: BLE001  # every answer is a JSON object, this one too
            _LOG.exception("%s failed", request.method)
            response = _refused(Refusal(500, "internal_error", "The sandbox failed; its log says why."))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        scope = request.scope
        api, operation, path = self._router.match(scope["method"], scope.get("raw_path") or scope["path"].encode())
        note_operation(api.name, operation.id)
        headers = _headers(scope)
        body = await read_body(request, headers, limit=self._limit, seconds=self._read_seconds)
        base_url = f"{scope['scheme']}://{headers['host']}/" if headers.get("host") else str(request.base_url)
        asked = _Request(api, operation, path, scope["query_string"], headers, body, base_url)
        if self._state.is_idle:  # another thread would only be slower
            answer = self._carry_out(asked)
        else:
            answer = await run_in_threadpool(self._carry_out, asked)
        if answer.file is not None:
            return Download(answer.file, media_type=operation.media_type, filename=answer.file.name)
        if operation.status in _EMPTY:
            return Response(status_code=operation.status, headers=dict(answer.headers))
        return Json(answer.content, status_code=operation.status, headers=dict(answer.headers))

    def _carry_out(self, request: _Request) -> Answer:
        now_ms = int(self._clock() * 1000)
        with self._state.unit() as connection:
            user = self._identify(connection, request.api.token, request.headers)
            outcome = self._outcome(connection, user, request, now_ms)
        if isinstance(outcome, Refusal):
            raise outcome
        if outcome.after is not None:
            outcome.after()
        return outcome

    def _outcome(self, connection: Connection, user: User, request: _Request, now_ms: int) -> Answer | Refusal:
        """The answer, or a refusal that comes after the nonce was claimed: the claim is kept."""
        api, operation = request.api, request.operation
        known = self._known[api.name, operation.id]
        reading = read(request.path, request.query, request.headers, request.body, known)
        if operation.signed and api.signing is not None:
            self._verifier.verify(
                connection,
                api.signing,
                user,
                reading,
                method=operation.method,
                now_ms=now_ms,
                masked=api.secrets,
            )
        try:
            with nullcontext() if operation.method in READS else undone_on_error(connection):  # nothing to undo
                _authorize(operation, user)
                call = self._call(connection, user, request, reading, now_ms)
                return self._handlers[api.name, operation.id](call)
        except Refusal as refusal:
            return refusal

    def _call(self, connection: Connection, user: User, request: _Request, reading: Reading, now_ms: int) -> Call:
        api, operation = request.api, request.operation
        validation = self._validation[api.name]
        own = frozenset(api.signing.scheme.parameters if api.signing else ()) | reading.path.keys()
        return Call(
            connection=connection,
            user=user,
            operation=operation,
            path=reading.path,
            query=validation.query(operation, reading),
            body=validation.body(operation, reading, own),
            files=reading.files,
            base_url=request.base_url,
            now_ms=now_ms,
        )


def _authorize(operation: Operation, user: User) -> None:
    is_for_another = operation.role and operation.role != user.role and not user.sees_all
    if is_for_another or not may(user.role, operation):
        raise forbidden("forbidden", "You are not authorized to access this page.")


def _refused(refusal: Refusal) -> Json:
    return Json(refusal.content, status_code=refusal.status, headers=refusal.headers)


def _headers(scope: Scope) -> dict[str, str]:
    """The first of each name counts."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
