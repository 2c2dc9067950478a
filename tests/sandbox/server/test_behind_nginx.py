"""The page to people who come through nginx, for whose connections the sandbox sees this machine's own address."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from procwise_sandbox import Running, running
from tests.sandbox.sandbox_calls import Caller, open_page, send

SETTINGS = {
    "as it comes": "",
    "with the host": "proxy_set_header Host $http_host;",
    "with another host": "proxy_set_header Host localhost;",
    "with addresses": (
        "proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr;"
        " proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;"
    ),
    "HTTP/1.1": 'proxy_http_version 1.1; proxy_set_header Connection "";',
    "upgrades": (
        "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
    ),
}
PATHS = ("/", "/page.json", "/page.json?key=guessed", "//page.json", "/%70age.json", "/log.json", "/outbox")
HEADERS = (
    {},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"},
    {"Host": "localhost", "Origin": "http://localhost"},
    {"Cookie": "sandbox-00000000=guessed", "Authorization": "Basic Og=="},
    {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": ""},
)


@pytest.fixture(scope="module")
def own() -> Iterator[Running]:
    with running() as result:
        yield result


@pytest.fixture(scope="module")
def addresses(own: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The sandbox through nginx, by its settings."""
    folder = tmp_path_factory.mktemp("nginx")
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in SETTINGS]
        ports = dict(zip(SETTINGS, (probe.getsockname()[1] for probe in probes), strict=True))
    kept = "".join(f"{kind}_temp_path {folder};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    servers = "".join(
        f"server {{ listen 127.0.0.1:{ports[name]}; location / {{ proxy_pass {own.base_url}; {settings} }} }}"
        for name, settings in SETTINGS.items()
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;"
        f" events {{}} http {{ access_log off; {kept} {servers} }}"
    )
    with subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL) as process:
        try:
            _await(f"http://127.0.0.1:{ports['upgrades']}", folder)
            yield {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        finally:
            process.terminate()


def _await(address: str, folder: Path) -> None:
    for _ in range(200):
        try:
            send(address, "GET", "/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError((folder / "error.log").read_text())


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("name", SETTINGS)
def test_who_comes_through_nginx_gets_no_credentials(own: Running, addresses: dict[str, str], name: str) -> None:
    secrets = [text.encode() for user in (own, own.second, own.superuser) for text in (user.token, user.secret_key)]
    for path in PATHS:
        for headers in HEADERS:
            reply = send(addresses[name], "GET", path, headers)
            assert (reply.status < 500, [text for text in secrets if text in reply.content]) == (True, []), headers
    assert send(addresses[name], "GET", "/page.json").json["users"] == []
    assert Caller(addresses[name], own.token, own.secret_key).call("GET", "/exams").status == 200


@pytest.mark.needs("nginx")
def test_whoever_opens_the_link_gets_them_and_nobody_after(own: Running, addresses: dict[str, str]) -> None:
    link = own.page.partition("?")[2]
    address = addresses["as it comes"]
    cookie = open_page(f"{address}/?{link}")
    assert own.secret_key.encode() in send(address, "GET", "/page.json", cookie).content
    assert send(address, "GET", f"/?{link}").code == "forbidden"
    assert send(address, "GET", "/page.json").json["users"] == []
