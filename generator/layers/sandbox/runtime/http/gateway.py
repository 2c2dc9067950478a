"""One request, from top to bottom: path, body, token, parameters, signature, role, handler."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from functools import partial

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from procwise.signing.messages import Request as SignedRequest

from ..api import Api, Description, Operation, Token
from ..errors import ApiError, Conflict, DatabaseBusy, SignatureInvalid, forbidden, server_stops
from ..loading.described_contents import DescribedContents
from ..storage.failures import report_failure
from ..storage.state import State, savepoint
from .accounts import User, find_asked_token
from .bodies import read_body
from .context import Handler, HandlerResult, RequestContext
from .downloads import Download
from .media_types import find_media_types
from .query_styles import find_styles
from .request_log import note_error, note_operation, note_parameters
from .request_parsing import RequestParameters, parse_request
from .responses import Json
from .roles import READS, is_allowed
from .routing import Router
from .validation import RequestValidator
from .verification import Verifier

_EMPTY = (204, 205, 304)
_OTHER_STATUSES = {422: 400, 403: 401}
_ATTEMPTS = 5  # where transactions of other requests are in the way
_THREADS = 40
_PER_HEADER = 16
_LARGE = 8192  # bytes; what takes longer than that leaves the event loop, so that others are served meanwhile


@dataclass(frozen=True, slots=True)
class _Request:
    """A request with its body and its operation."""

    api: Api
    operation: Operation
    path: Mapping[str, str]
    query: bytes
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    as_sent: SignedRequest | None  # if a scheme signs the whole request, and not one set of parameters
    parameters: RequestParameters | None = None  # where they were parsed before

    @property
    def is_large(self) -> bool:
        """Whether others would have to wait for its parsing and signature."""
        signed = self.as_sent.headers if self.as_sent else ()
        return len(self.query) + len(self.body) + sum(len(value) + _PER_HEADER for _, value in signed) >= _LARGE


class Gateway:
    """The ASGI application of all versions; every response is a JSON object, or a described file."""

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
        self._readings = {
            (api.name, one.id): (
                frozenset((*one.query, *one.settable)),
                find_styles(one.in_("query")),
                find_media_types(api, one),
            )
            for api in description.apis
            for one in api.operations
        }
        self._router = Router(description.apis)
        self._validation = {api.name: RequestValidator(api) for api in description.apis}
        self._contents = {api.name: DescribedContents(api) for api in description.apis}
        self._verifier = verifier
        self._state = state
        self._clock = clock
        self._limit = limit
        self._read_seconds = read_seconds
        self._one_at_a_time = CapacityLimiter(1)
        self._explanations = CapacityLimiter(1)
        self._large = CapacityLimiter(1)
        self._threads = CapacityLimiter(_THREADS)  # of its own, so that the page does not wait for a locked database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except ClientDisconnect:
            return
        except SignatureInvalid as refused:
            response = _error_response(await self._explain(refused))
        except ApiError as error:
            note_error(error)
            response = _error_response(error)
        except CancelledError:  # the server ends, and has waited for the request as long as it may
            response = _error_response(server_stops())
        except Exception as failure:  # noqa: BLE001  # every response is a JSON object, this one too
            response = _error_response(report_failure(request.method, failure))
        await response(scope, receive, send)

    async def _explain(self, refused: SignatureInvalid) -> ApiError:
        """The error with its causes, or that the server ends meanwhile."""
        try:
            error = await to_thread.run_sync(
                self._verifier.explain_refusal, refused, limiter=self._explanations, abandon_on_cancel=True
            )
        except CancelledError:  # the error itself may say more than this sandbox is to say
            return server_stops()
        note_error(error)
        return error

    async def _respond(self, request: Request) -> Response:
        scope = request.scope
        target = scope.get("raw_path") or scope["path"].encode()
        api, operation, path = self._router.match(scope["method"], target)
        note_operation(api.name, operation.id)
        headers = _headers(scope)
        body = await read_body(request, headers, limit=self._limit, seconds=self._read_seconds)
        base_url = f"{scope['scheme']}://{headers['host']}/" if headers.get("host") else str(request.base_url)
        is_signed_whole = operation.signed and api.request_scheme is not None
        sent = _as_sent(operation.method, scope, target, path, body) if is_signed_whole else None
        incoming = _Request(api, operation, path, scope["query_string"], headers, body, base_url, sent)
        try:
            result = self._try_at_once(incoming)
            if result is None:
                known = await self._check_early(incoming) if incoming.is_large else incoming
                result = await to_thread.run_sync(self._carry_out, known, limiter=self._threads)
            if result.confirm is not None:
                await to_thread.run_sync(result.confirm, limiter=self._one_at_a_time)
        except ApiError as error:
            error.status = _described_status(operation, error.status)
            error.fit = partial(self._contents[api.name].fit_error, operation, error.status)
            raise
        if result.file is not None:
            return Download(result.file, media_type=operation.success.media_type, filename=result.file.name)
        status = operation.success.status
        if status in _EMPTY:
            return Response(status_code=status, headers=dict(result.headers))
        if "json" not in operation.success.media_type:
            return Response(status_code=status, headers=dict(result.headers), media_type=operation.success.media_type)
        return Json(result.content, status_code=status, headers=dict(result.headers))

    def _try_at_once(self, request: _Request) -> HandlerResult | None:
        """The result, unless others would have to wait for it: in that case another thread is no slower."""
        if not self._state.is_free or request.is_large:
            return None
        with suppress(DatabaseBusy):
            return self._try(request, waits=False)
        return None

    async def _check_early(self, request: _Request) -> _Request:
        """The large request with its parameters, one at a time and while no transaction waits for it."""
        user = await to_thread.run_sync(self._identify_early, request, limiter=self._threads)
        return await to_thread.run_sync(self._parse_early, request, user, limiter=self._large, abandon_on_cancel=True)

    def _identify_early(self, request: _Request) -> User:
        with self._state.transaction(reads=True) as connection:
            return self._identify_user(connection, request)

    def _parse_early(self, request: _Request, user: User) -> _Request:
        api = request.api
        parameters = self._parse(request)
        if request.operation.signed and api.scheme is not None:
            self._verifier.refuse_early(api, api.scheme, user, parameters, api.secrets)
        return replace(request, parameters=parameters)

    def _parse(self, request: _Request) -> RequestParameters:
        names, styles, media_types = self._readings[request.api.name, request.operation.id]
        media_types.check(request.headers, request.body)
        return parse_request(request.path, request.query, request.headers, request.body, names, styles)

    def _carry_out(self, request: _Request) -> HandlerResult:
        for _ in range(_ATTEMPTS - 1):
            with suppress(Conflict):
                return self._try(request)
        return self._try(request)

    def _try(self, request: _Request, *, waits: bool = True) -> HandlerResult:
        now_ms = int(self._clock() * 1000)
        with self._state.transaction(reads=request.operation.method in READS, waits=waits) as connection:
            user = self._identify_user(connection, request)
            outcome = self._outcome(connection, user, request, now_ms)
        if isinstance(outcome, ApiError):
            raise outcome
        if outcome.after is not None:
            outcome.after()
        return outcome

    def _identify_user(self, connection: Connection, request: _Request) -> User:
        scheme = request.api.request_scheme
        signer = None
        if request.as_sent is not None and scheme is not None:
            signer = self._verifier.identify_signer(connection, scheme, request.as_sent)
        token = find_asked_token(request.api.token, request.operation, request.headers)
        return signer or self._identify(connection, token, request.headers)

    def _outcome(self, connection: Connection, user: User, request: _Request, now_ms: int) -> HandlerResult | ApiError:
        """The result, or an error that comes after the nonce was claimed: the claim is kept."""
        api, operation = request.api, request.operation
        parameters = request.parameters or self._parse(request)
        note_parameters(parameters, api.scheme.parameters if api.scheme else ())
        if operation.signed and api.scheme is not None:
            self._verifier.verify(
                connection,
                api,
                api.scheme,
                user,
                parameters,
                method=operation.method,
                now_ms=now_ms,
                masked=api.secrets,
            )
        if request.as_sent is not None and api.request_scheme is not None:
            scheme = api.request_scheme
            self._verifier.verify_request(connection, scheme, user, request.as_sent, now_ms=now_ms)
        try:
            with nullcontext() if operation.method in READS else savepoint(connection):  # nothing to undo
                _authorize(operation, user)
                context = self._build_context(connection, user, request, parameters, now_ms)
                return self._handlers[api.name, operation.id](context)
        except ApiError as error:
            return error

    def _build_context(
        self, connection: Connection, user: User, request: _Request, parameters: RequestParameters, now_ms: int
    ) -> RequestContext:
        api, operation = request.api, request.operation
        validation = self._validation[api.name]
        own = frozenset(api.scheme.parameters if api.scheme else ()) | parameters.path.keys()
        return RequestContext(
            connection=connection,
            user=user,
            operation=operation,
            path=parameters.path,
            query=validation.query(operation, parameters),
            body=validation.body(operation, parameters, own),
            files=parameters.files,
            base_url=request.base_url,
            now_ms=now_ms,
        )


def _authorize(operation: Operation, user: User) -> None:
    is_for_another = operation.role and operation.role != user.role and not user.sees_all
    if is_for_another or not is_allowed(user.role, operation):
        raise forbidden("forbidden", "You are not authorized to access this page.")


def _described_status(operation: Operation, status: int) -> int:
    """422 of an operation that describes none is the 400 that it describes, and 403 its 401."""
    described = {response.status for response in operation.responses}
    other = _OTHER_STATUSES.get(status, status)
    return other if status not in described and other in described else status


def _error_response(error: ApiError) -> Json:
    return Json(error.fit(error.content), status_code=error.status, headers=error.headers)


def _as_sent(method: str, scope: Scope, target: bytes, path: Mapping[str, str], body: bytes) -> SignedRequest:
    """The request as a verifier sees it."""
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
    return SignedRequest(
        method=method,
        scheme=scope["scheme"],
        authority=next((value for name, value in headers if name == "host"), ""),
        path=target.decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        parameters={"path": path},
    )


def _headers(scope: Scope) -> dict[str, str]:
    """The first of each name counts."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
