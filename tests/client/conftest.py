"""A server that lives in the test: it records what arrives, and gives the responses of the test."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2
import pytest

import procwise

PLANTED = "planted"  # stands in every secret, and in personal data, of these tests
TOKEN = "planted-token-0123456789"
SECRET_KEY = "planted-secret-key-9876543210"
BASE_URL = "https://demo.example"
AT_ONCE = procwise.RetryPolicy(first_wait=0, longest_wait=0)


@dataclass
class Recorder:
    """The requests that arrived, in order, and the responses still to be given; the last one stays."""

    requests: list[httpx2.Request] = field(default_factory=list, repr=False)
    responses: list[httpx2.Response | Exception | Callable[[httpx2.Request], httpx2.Response]] = field(
        default_factory=list, repr=False
    )

    def reply(self, status: int = 200, data: object = None, **headers: str) -> None:
        """Answer the next request with JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.responses.append(httpx2.Response(status, json=data if data is not None else {}, headers=named))

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        return response(request) if callable(response) else response

    @property
    def last(self) -> httpx2.Request:
        return self.requests[-1]

    def query(self, request: httpx2.Request | None = None) -> dict[str, str]:
        """The decoded query of a request."""
        return dict(parse_qsl(urlsplit(str((request or self.last).url)).query, keep_blank_values=True))

    def body(self) -> Any:
        """The JSON body of the last request."""
        return json.loads(self.last.content) if self.last.content else {}

    def path(self) -> str:
        """The decoded path of the last request."""
        return unquote(urlsplit(str(self.last.url)).path)


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    """What the tests print and log, at every level, is searched below."""
    caplog.set_level(logging.DEBUG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test fails if what it printed or logged holds a planted secret, or planted personal data."""
    report = yield
    shown = [f"{name}:\n{text}" for name, text in report.sections if PLANTED in text.lower()]
    if shown and report.passed:
        report.outcome = "failed"
        report.longrepr = f"something planted was shown\n{shown[0]}"
    return report


@pytest.fixture
def server() -> Recorder:
    return Recorder()


@pytest.fixture
def client(server: Recorder) -> procwise.Client:
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    return procwise.Client(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=AT_ONCE)


@pytest.fixture
def async_client(server: Recorder) -> procwise.AsyncClient:
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
    return procwise.AsyncClient(token=TOKEN, secret_key=SECRET_KEY, base_url=BASE_URL, http=http, retry=AT_ONCE)


EXAM: Mapping[str, Any] = {
    "id": 17,
    "name": "Organic chemistry",
    "start_time": "2026-06-15T09:00:00.000+02:00",
    "end_time": None,
    "status": "open",
    "token": "planted-exam-token-55555",
}
