"""Builds single requests, signs them, and sends them with a time limit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from urllib.parse import SplitResult, quote, urlsplit
from weakref import WeakKeyDictionary

import requests
from requests import PreparedRequest, RequestException

from ..api import Api, Credentials, Json, Operation
from ..errors import CannotRun
from .rate_limit import RateLimit
from .signer import CORRECT, Signer, SigningSteps
from .transport import CONNECT_SECONDS, session_for
from .unknown_ids import replace_named_ids
from .wire import FORM, MULTIPART, is_json, media_type

_PROBE_SECONDS = 5.0
T = TypeVar("T")
# How to build a request again for a retry; once it has a response, sending it again is meant to be a replay.
_RENEWALS: WeakKeyDictionary[PreparedRequest, Callable[[], PreparedRequest]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file in a request body."""

    name: str
    content: bytes
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response; `headers` by their names in lower case, `content` is the body in bytes."""

    status: int
    media_type: str
    date: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def json(self) -> Json:
        """The body as JSON data, None if it is not JSON."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


def address(url: str) -> SplitResult:
    """The parts of a server's URL; raises CannotRun with a sentence if it is none."""
    shown = "what was given" if "@" in url else repr(url)
    wrong = CannotRun(f"{shown} is no http URL of a server: give one such as http://127.0.0.1:8080.")
    try:
        parts = urlsplit(requests.Request("GET", url).prepare().url or "")
        known = urlsplit(url).scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except (requests.RequestException, ValueError):
        raise wrong from None
    if not known:
        raise wrong
    if parts.username is not None or parts.password is not None:
        raise CannotRun("a URL with a user or password in it would be shown in the reports: give it without them.")
    if "?" in url or "#" in url:
        raise CannotRun(f"{shown} has more than the address of a server: leave out what begins at `?` or `#`.")
    return parts


def base_url(url: str, api: Api) -> str:
    """The URL that paths are appended to: the base path is added unless it is there already."""
    address(url)
    stem = url.rstrip("/")
    return stem if stem.endswith(api.base_path.rstrip("/")) else stem + api.base_path.rstrip("/")


class Caller:
    """Sends signed requests as one user, or as the superuser if an operation needs one."""

    def __init__(
        self,
        api: Api,
        url: str,
        credentials: Credentials,
        *,
        superuser: Credentials | None = None,
        rate_limit: RateLimit | None = None,
        note: Callable[[PreparedRequest, int], None] | None = None,
    ) -> None:
        """`note` is called with every request that got a response, and its status."""
        self.api = api
        self.rate_limit = rate_limit or RateLimit(0.0)
        self._note = note
        self.url = base_url(url, api)
        self.credentials = credentials
        self._superuser = superuser
        self._session = session_for(self.url)

    def address(self, operation: Operation, ids: Mapping[str, object]) -> str:
        """The URL of an operation with these ids, without a query."""
        path = operation.path
        for name, value in ids.items():
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        return self.url + path

    def prepare(
        self,
        operation: Operation,
        ids: Mapping[str, object],
        body: Json = None,
        steps: SigningSteps = CORRECT,
        *,
        query: Mapping[str, object] | None = None,
    ) -> PreparedRequest:
        """The signed request of an operation; `body` takes the place of the description's example.

        A body that is sent as a form may hold an `Upload`; `query` comes on top of the required parameters.
        """
        renewal = partial(self._build_request, operation, ids, body, steps, query or {})
        request = renewal()
        _RENEWALS[request] = renewal
        return request

    def send(self, request: PreparedRequest, *, retry: bool = True) -> Response:
        """Send a prepared request as it is; network errors are those of `requests`.

        If the server says 429, the request is built again after waiting, with a new timestamp and nonce if it had
        current ones; raises Throttled if that does not help. Without `retry` the first response counts.
        """
        tries = 0
        while True:
            response = self._send_once(request)
            if not retry or not self.rate_limit.must_retry(
                response.status, response.headers.get("retry-after", ""), tries
            ):
                _RENEWALS.pop(request, None)
                return response
            tries += 1
            if request in _RENEWALS:
                vars(request).update(vars(_RENEWALS[request]()))

    def send_within_limits(self, send: Callable[[tuple[float, float]], T]) -> T:
        """The result of `send(timeouts)`; raises TimeIsUp or ServerGone if nothing may be sent any more."""
        timeout = self.rate_limit.wait_turn()
        try:
            response = send(timeout)
        except RequestException as error:
            self.rate_limit.note_failure(error, self._responds)
            raise
        self.rate_limit.note_response()
        return response

    def first_public_list(self) -> Operation | None:
        """A list that anybody may read."""
        reading = (o for o in self.api.operations if o.safe and not o.placeholders and not o.restricted)
        return next(reading, None)

    def _send_once(self, request: PreparedRequest) -> Response:
        response = self.send_within_limits(
            lambda limits: self._session.send(request, timeout=limits, allow_redirects=False)
        )
        if self._note is not None:
            self._note(request, response.status_code)
        return Response(
            status=response.status_code,
            media_type=media_type(response.headers.get("Content-Type", "")),
            date=response.headers.get("Date", ""),
            text=response.content.decode("utf-8", "replace"),
            headers={name.lower(): value for name, value in response.headers.items()},
            content=response.content,
        )

    def _responds(self) -> bool:
        operation = self.first_public_list()
        if operation is None:
            return True
        request = self._build_request(operation, {}, None, CORRECT, {})
        try:
            session_for(self.url).send(request, timeout=(CONNECT_SECONDS, _PROBE_SECONDS), allow_redirects=False)
        except RequestException:
            return False
        return True

    def _build_request(
        self,
        operation: Operation,
        ids: Mapping[str, object],
        body: Json,
        steps: SigningSteps,
        query: Mapping[str, object],
    ) -> PreparedRequest:
        offset_ms = self.rate_limit.offset_ms
        signer = Signer(self.api, self.credentials, steps, superuser=self._superuser, offset_ms=offset_ms)
        request = requests.Request(operation.method, self.address(operation, ids), auth=signer)
        asked = {**replace_named_ids(operation, dict(operation.required_query)), **query}
        request.params = {name: str(value) for name, value in asked.items()}
        example = (
            replace_named_ids(operation, operation.example)
            if isinstance(operation.example, dict)
            else operation.example
        )
        _set_body(request, operation, example if body is None else body)
        return self._session.prepare_request(request)

    def call(self, operation: Operation, ids: Mapping[str, object], body: Json = None) -> Response:
        """Sign correctly, send, and return the response."""
        return self.send(self.prepare(operation, ids, body))


def _set_body(request: requests.Request, operation: Operation, body: Json) -> None:
    """Write the body in its media type."""
    if body is None:
        return
    kind = operation.media_types[0] if operation.media_types else ""
    if kind == MULTIPART and isinstance(body, dict):
        files = operation.files
        request.files = {name: _form_part(name, value, as_file=name in files) for name, value in body.items()}
    elif kind == FORM and isinstance(body, dict):
        request.data = body
    else:
        request.data = json.dumps(_wrap(operation, body)) if is_json(kind) else str(body)
        request.headers = {"Content-Type": kind}


def _wrap(operation: Operation, body: Json) -> Json:
    """The settings in the wrapper of the body, if it has one."""
    wrapper = operation.body.envelope if operation.body is not None else ""
    return {wrapper: body} if wrapper and isinstance(body, dict) else body


def _form_part(name: str, value: Json, *, as_file: bool) -> tuple[str | None, bytes | str, str] | tuple[None, str]:
    """A part of a form; the text of an example becomes a file if the field is one."""
    if isinstance(value, Upload):
        return value.name, value.content, value.media_type
    return (f"{name}.txt", str(value), "text/plain") if as_file else (None, str(value))
