"""Something between the suite and a server: it hands requests on, keeps them, and may answer in the server's place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.sandbox.sandbox_calls import Reply, send

_OF_ONE_CONNECTION = {"connection", "content-length", "date", "server", "transfer-encoding"}


@dataclass(frozen=True)
class Passed:
    """A request and its response; the path has its query. The times are in seconds since 1970."""

    method: str
    path: str
    body: bytes
    reply: Reply
    headers: dict[str, str] = field(default_factory=dict)
    began: float = 0.0
    ended: float = 0.0


@contextmanager
def run_proxy(
    server: str,
    instead: Callable[[str, str], Reply | None] = lambda *_: None,
    altered: Callable[[Reply], Reply] = lambda reply: reply,
) -> Iterator[tuple[str, list[Passed]]]:
    """The address, and what passed; `instead` answers for the server where it returns something."""
    passed: list[Passed] = []

    class Between(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each response waits 40 ms for an acknowledgement

        def hand_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            began, headers, target = time.time(), dict(self.headers.items()), (self.command, self.path)
            reply = altered(instead(*target) or send(server, *target, headers, body or None))
            passed.append(Passed(*target, body, reply, headers, began, time.time()))
            self.send_response(reply.status)
            for name in reply.headers.keys() - _OF_ONE_CONNECTION:
                self.send_header(name, reply.headers[name])
            self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.hand_on
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", passed
        listening.shutdown()
        thread.join()
