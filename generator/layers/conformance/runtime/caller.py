"""Single requests to the server under test: prepared, sent with a time limit, answered."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import requests
from requests import PreparedRequest

from .description import Api, Credentials, Json, Operation
from .signer import RIGHT, Forgery, Signer
from .wire import FORM, JSON, MULTIPART, media_type

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0


class CannotRun(Exception):
    """The suite cannot give a verdict; the message is one sentence for the user."""


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
        except ValueError:
            return None

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


def base_url(url: str, api: Api) -> str:
    """The URL that paths are appended to: the base path is added unless it is there already."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise CannotRun(f"{url!r} is no address of a server: give one such as http://127.0.0.1:8080.")
    stem = url.split("?")[0].split("#")[0].rstrip("/")
    return stem if stem.endswith(api.base_path.rstrip("/")) else stem + api.base_path.rstrip("/")


class Pace:
    """So many requests a second and no more; 0 is no limit."""

    def __init__(self, rate: float) -> None:
        self._interval = 1 / rate if rate else 0.0
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next request may be sent."""
        now = time.monotonic()
        time.sleep(max(0.0, self._next - now))
        self._next = max(now, self._next) + self._interval


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
        self._pace = pace or Pace(0.0)
        self._seen = seen
        self.url = base_url(url, api)
        self._credentials = credentials
        self._superuser = superuser
        self._session = requests.Session()

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
        signer = Signer(self.api, self._credentials, forgery, superuser=self._superuser)
        request = requests.Request(operation.method, self.address(operation, ids), auth=signer)
        request.params = {name: str(value) for name, value in {**dict(operation.query), **(query or {})}.items()}
        _fill(request, operation, operation.body if body is None else body)
        return self._session.prepare_request(request)

    def send(self, request: PreparedRequest) -> Answer:
        """Send a prepared request as it is; network errors are those of `requests`."""
        timeout = (CONNECT_SECONDS, ANSWER_SECONDS)
        self._pace.wait()
        response = self._session.send(request, timeout=timeout, allow_redirects=False)
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

    def call(self, operation: Operation, ids: Mapping[str, object], body: Json = None) -> Answer:
        """Sign rightly, send, and return the answer."""
        return self.send(self.prepare(operation, ids, body))


def _fill(request: requests.Request, operation: Operation, body: Json) -> None:
    """Put the body in as its media type asks."""
    kind = operation.media_types[0] if operation.media_types else ""
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
