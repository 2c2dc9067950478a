"""The site, built once, and the descriptions it is written from."""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from generator.load import Document
from generator.site.files import write_machine_files
from tests.docs.built_site import Serve, build, keep_pages
from tests.spec import read_documents


@pytest.fixture(scope="session")
def site(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site, which the workers of a run share."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    built = folder / "site"
    with (folder / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            unfinished = build(root / "mkdocs.yml", folder / "unfinished")
            write_machine_files(root, unfinished)
            unfinished.rename(built)
            keep_pages(built)
    return built


@pytest.fixture(scope="session")
def documents() -> tuple[Document, ...]:
    """The descriptions as they are written, bundled."""
    return read_documents()


class _Host(SimpleHTTPRequestHandler):
    """The server of the site; its list of pages is of this server, as it is where the site is published."""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        listed = Path(self.directory, "sitemap.xml")
        if self.path == "/sitemap.xml" and listed.is_file():
            self._send_sitemap(listed.read_text(encoding="utf-8"))
        else:
            super().do_GET()

    def _send_sitemap(self, text: str) -> None:
        own = f"<loc>http://{self.headers['Host']}/"
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.end_headers()
        self.wfile.write(re.sub("<loc>https?://[^/]+/", own, text).encode())


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serve a folder; the address it is found at."""
    with ExitStack() as servers:

        def serve_folder(folder: Path) -> str:
            handler = partial(_Host, directory=str(folder))
            server = servers.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            servers.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"http://127.0.0.1:{server.server_port}/"

        yield serve_folder


@pytest.fixture(scope="session")
def address(serve: Serve, site: Path) -> str:
    """Where the built site is found."""
    return serve(site)


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab on a desk, whose pages must not fail."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    failures: list[str] = []
    tab.on("pageerror", lambda error: failures.append(str(error)))
    yield tab
    assert failures == []
    context.close()
