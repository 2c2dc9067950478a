"""Pages of other origins, such as the signing workbench, as a browser asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from procwise_sandbox import Running, SandboxError, app, running
from tests.sandbox.sandbox_calls import Caller, Reply, send

PAGE = "https://docs.example"


@pytest.fixture(scope="module")
def with_origins() -> Iterator[Running]:
    with running(cors=[PAGE, "http://other.example:8000"]) as result:
        yield result


def preflight(
    sandbox: Running, origin: str, method: str = "POST", headers: str = "authorization,content-type"
) -> Reply:
    query = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return send(sandbox.base_url, "OPTIONS", "/api/v3/exams", query)


def allowed_origin(reply: Reply) -> str | None:
    return reply.headers.get("access-control-allow-origin")


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8000", "http://localhost:3000", "http://localhost", "http://[::1]:8000"]
)
def test_pages_of_this_machine_may_call(sandbox: Running, demo: Caller, origin: str) -> None:
    content = preflight(sandbox, origin)
    assert (content.status, content.json, allowed_origin(content)) == (200, {}, origin)
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= set(content.headers["access-control-allow-methods"].split(", "))
    assert "access-control-allow-credentials" not in content.headers


@pytest.mark.parametrize(
    "origin", [PAGE, "http://localhost.evil.example", "http://127.0.0.1.evil.example", "https://localhost", "null"]
)
def test_other_pages_may_not(sandbox: Running, origin: str) -> None:
    content = preflight(sandbox, origin)
    assert (content.status, content.code, allowed_origin(content)) == (400, "origin_refused", None)
    assert allowed_origin(send(sandbox.base_url, "GET", "/api/v3/exams", {"Origin": origin})) is None


@pytest.mark.parametrize(
    ("method", "headers", "said"),
    [
        ("POST", "authorization,x-secret", "Pages may not send the header x-secret; they may send Accept, "),
        (
            "BREW",
            "authorization",
            "Pages may not use the method BREW; they may use DELETE, GET, HEAD, PATCH, POST, PUT.",
        ),
    ],
)
def test_a_preflight_names_what_it_may_not_do(sandbox: Running, method: str, headers: str, said: str) -> None:
    content = preflight(sandbox, "http://127.0.0.1:8000", method, headers)
    assert (content.status, content.code) == (400, "preflight_refused")
    assert content.json["error"].startswith(said)


def test_an_response_shows_its_pages_to_the_page(sandbox: Running, demo: Caller) -> None:
    query = "&".join(f"{name}={value}" for name, value in demo.sign(demo.stamp()).items())
    headers = {**demo.authorization, "Origin": "http://127.0.0.1:8000"}
    content = send(sandbox.base_url, "GET", f"/api/v3/exams?{query}", headers)
    assert (content.status, allowed_origin(content)) == (200, "http://127.0.0.1:8000")
    displayed = {name.lower() for name in content.headers["access-control-expose-headers"].split(", ")}
    assert {name for name in content.headers if name.startswith("x-pagination-")} <= displayed
    assert "origin" in content.headers["vary"].lower()


def test_a_error_can_be_read_by_the_page_too(sandbox: Running) -> None:
    content = send(sandbox.base_url, "GET", "/api/v3/exams", {"Origin": "http://127.0.0.1:8000"})
    assert (content.status, allowed_origin(content)) == (401, "http://127.0.0.1:8000")


def test_named_origins_take_the_place_of_this_machine(with_origins: Running) -> None:
    assert allowed_origin(preflight(with_origins, PAGE)) == PAGE
    assert allowed_origin(preflight(with_origins, "http://other.example:8000")) == "http://other.example:8000"
    assert allowed_origin(preflight(with_origins, "http://127.0.0.1:8000")) is None


def test_nobody_may_where_that_is_asked_for() -> None:
    with running(cors=["none"]) as sandbox:
        content = preflight(sandbox, "http://127.0.0.1:8000")
        assert (content.status, content.code, allowed_origin(content)) == (405, "method_not_allowed", None)


def test_pages_from_files_may_where_that_is_asked_for(with_origins: Running, caplog: pytest.LogCaptureFixture) -> None:
    assert allowed_origin(preflight(with_origins, "null")) is None
    with running(cors=["null"]) as sandbox:
        assert allowed_origin(preflight(sandbox, "null")) == "null"
        assert allowed_origin(preflight(sandbox, "http://127.0.0.1:8000")) is None
    assert "any site from a sandboxed frame" in caplog.text


def test_without_a_browser_nothing_is_added(demo: Caller) -> None:
    headers = demo.call("GET", "/exams").headers
    assert not [name for name in headers if name.startswith("access-control-") or name == "vary"]
    assert send(demo.base_url, "OPTIONS", "/api/v3/exams").code == "method_not_allowed"


@pytest.mark.parametrize("origin", ["docs.example", "https://docs.example/page", "ftp://docs.example", ""])
def test_what_is_no_origin_is_rejected(origin: str) -> None:
    with pytest.raises(SandboxError, match="is no origin of a web page"):
        app(cors=[origin])
