"""Single requests to the server under test: prepared, sent with a time limit, answered."""

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

from ..description import Api, Credentials, Json, Operation
from ..errors import CannotRun
from .rate_limit import Pace
from .signer import RIGHT, Forgery, Signer
from .transport import CONNECT_SECONDS, session_for
from .unknown_ids import harmless
from .wire import FORM, JSON, MULTIPART, media_type

_PROBE_SECONDS = 5.0
Given = TypeVar("Given")
# How a request is made once more, until it is answered: what is sent again after that is meant to be the same.
_RENEWALS: WeakKeyDictionary[PreparedRequest, Callable[[], PreparedRequest]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file in a request body."""

    name: str
    content: bytes
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `headers` by their names in lower case, `content` the body as it came."""

    status: int
    media_type: str
    date: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def json(self) -> Json:
        """The body as JSON data, or None where it is none."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


def address(url: str) -> SplitResult:
    """The parts of a URL that requests can be sent to; CannotRun with a sentence where it is none."""
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
    """Makes signed requests as one user, or as the superuser where an operation asks for one."""

    def __init__(
        self,
        api: Api,
        url: str,
        credentials: Credentials,
        *,
        superuser: Credentials | None = None,
        pace: Pace | None = None,
        seen: Callable[[PreparedRequest, int], None] | None = None,
    ) -> None:
        """`seen` is told every request that was answered, and with which status."""
        self.api = api
        self.pace = pace or Pace(0.0)
        self._seen = seen
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
        forgery: Forgery = RIGHT,
        *,
        query: Mapping[str, object] | None = None,
    ) -> PreparedRequest:
        """The signed request of an operation; `body` takes the place of the description's example.

        A body that is sent as a form may hold an `Upload`; `query` comes on top of the required parameters.
        """
        renewal = partial(self._prepared, operation, ids, body, forgery, query or {})
        request = renewal()
        _RENEWALS[request] = renewal
        return request

    def send(self, request: PreparedRequest, *, patient: bool = True) -> Answer:
        """Send a prepared request as it is; network errors are those of `requests`.

        A server that asks for it is given time, and then the request is made afresh, with another stamp where it had
        one of now; Throttled where that does not help. With `patient` off the first answer counts.
        """
        tries = 0
        while True:
            answer = self._answer(request)
            if not patient or not self.pace.sends_again(answer.status, answer.headers.get("retry-after", ""), tries):
                _RENEWALS.pop(request, None)
                return answer
            tries += 1
            if request in _RENEWALS:
                vars(request).update(vars(_RENEWALS[request]()))

    def watched(self, send: Callable[[tuple[float, float]], Given]) -> Given:
        """What `send` gives, which is handed the time limits; TimeIsUp or Gone where nothing may be sent any more."""
        timeout = self.pace.turn()
        try:
            response = send(timeout)
        except RequestException as error:
            self.pace.unanswered(error, self._is_there)
            raise
        self.pace.answered()
        return response

    def first(self) -> Operation | None:
        """A list that anybody may read."""
        reading = (o for o in self.api.operations if o.safe and not o.placeholders and not o.restricted)
        return next(reading, None)

    def _answer(self, request: PreparedRequest) -> Answer:
        response = self.watched(lambda limits: self._session.send(request, timeout=limits, allow_redirects=False))
        if self._seen is not None:
            self._seen(request, response.status_code)
        return Answer(
            status=response.status_code,
            media_type=media_type(response.headers.get("Content-Type", "")),
            date=response.headers.get("Date", ""),
            text=response.content.decode("utf-8", "replace"),
            headers={name.lower(): value for name, value in response.headers.items()},
            content=response.content,
        )

    def _is_there(self) -> bool:
        operation = self.first()
        if operation is None:
            return True
        request = self._prepared(operation, {}, None, RIGHT, {})
        try:
            session_for(self.url).send(request, timeout=(CONNECT_SECONDS, _PROBE_SECONDS), allow_redirects=False)
        except RequestException:
            return False
        return True

    def _prepared(
        self,
        operation: Operation,
        ids: Mapping[str, object],
        body: Json,
        forgery: Forgery,
        query: Mapping[str, object],
    ) -> PreparedRequest:
        offset_ms = self.pace.offset_ms
        signer = Signer(self.api, self.credentials, forgery, superuser=self._superuser, offset_ms=offset_ms)
        request = requests.Request(operation.method, self.address(operation, ids), auth=signer)
        asked = {**harmless(operation, dict(operation.query)), **query}
        request.params = {name: str(value) for name, value in asked.items()}
        example = harmless(operation, operation.body) if isinstance(operation.body, dict) else operation.body
        _fill(request, operation, example if body is None else body)
        return self._session.prepare_request(request)

    def call(self, operation: Operation, ids: Mapping[str, object], body: Json = None) -> Answer:
        """Sign rightly, send, and return the answer."""
        return self.send(self.prepare(operation, ids, body))


def _fill(request: requests.Request, operation: Operation, body: Json) -> None:
    """Put the body in as its media type asks."""
    if body is None:
        return
    kind = operation.media_types[0] if operation.media_types else ""
    if kind == MULTIPART and isinstance(body, dict):
        files = operation.files
        request.files = {name: _part(name, value, as_file=name in files) for name, value in body.items()}
    elif kind == FORM and isinstance(body, dict):
        request.data = body
    else:
        request.data = json.dumps(body) if kind == JSON else str(body)
        request.headers = {"Content-Type": kind}


def _part(name: str, value: Json, *, as_file: bool) -> tuple[str | None, bytes | str, str] | tuple[None, str]:
    """A part of a form; the text of an example becomes a file where a file is asked for."""
    if isinstance(value, Upload):
        return value.name, value.content, value.media_type
    return (f"{name}.txt", str(value), "text/plain") if as_file else (None, str(value))
