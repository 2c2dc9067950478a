"""Storms of creates that are cut short, and what has to be there afterwards."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from procwise_sandbox import running
from tests.sandbox.sandbox_calls import Caller, Reply, send

CLIENTS = 6
ENOUGH = 40
JSON = {"Content-Type": "application/json"}


@dataclass
class Command:
    """The running command, in a process group of its own; its log goes to a file."""

    process: subprocess.Popen[str]
    info: dict[str, Any]
    log: Path

    @property
    def demo(self) -> Caller:
        return Caller(self.info["base_url"], self.info["token"], self.info["secret_key"])

    def until_logged(self, words: str, times: int = 1) -> list[str]:
        """The lines with these words, once there are so many."""
        for _ in range(500):
            lines = [line for line in self.log.read_text().splitlines() if words in line]
            if len(lines) >= times:
                return lines
            time.sleep(0.02)
        raise AssertionError(self.log.read_text())


@contextmanager
def command(folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[Command]:
    """The command, once its first line is there; all its processes are gone at the end."""
    call = [sys.executable, "-m", "procwise_sandbox", "--port", "0", *arguments]
    log = folder / "log"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            call, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True, start_new_session=True
        )
    with process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, log.read_text()
            yield Command(process, json.loads(line), log)
        finally:
            signal_all(process, 9)


def signal_all(process: subprocess.Popen[str], number: int) -> None:
    """To the process and to the workers that it has."""
    if process.poll() is None:
        os.killpg(process.pid, number)


@dataclass
class Storm:
    """What was sent, and what was acknowledged, by name."""

    sent: dict[str, bytes] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)

    def rage(self, demo: Caller, stop: Callable[[], None]) -> None:
        """Creates exams from several clients until nobody answers; `stop` is called in the middle of it."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(self._create, demo, number) for number in range(CLIENTS)]
            while len(self.acknowledged) < ENOUGH:
                assert not wait(clients, 0.01).done, "the storm ended by itself"
            stop()
        assert all(client.result() for client in clients)

    def finish(self, demo: Caller, between: Callable[[], None]) -> None:
        """One more create, of which the second half is sent after `between`."""
        body = self._next(demo, "half an exam")
        address = urlsplit(demo.base_url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        connection.putrequest("POST", "/api/v3/exams")
        for name, value in {**demo.authorization, **JSON, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body[:20])
        time.sleep(0.2)  # the server has read the first half
        between()
        time.sleep(0.2)
        connection.send(body[20:])
        assert connection.getresponse().status == 200
        connection.close()
        self.acknowledged.add("half an exam")

    def _next(self, demo: Caller, name: str) -> bytes:
        self.sent[name] = json.dumps(demo.sign({**demo.stamp(), "name": name, "type": "demo"})).encode()
        return self.sent[name]

    def _create(self, demo: Caller, client: int) -> bool:
        for number in range(10_000):
            name = f"exam {client}.{number}"
            try:
                reply = post(demo, self._next(demo, name))
            except (OSError, http.client.HTTPException):
                return True
            assert reply.status == 200, reply.content
            self.acknowledged.add(name)
        return False

    def check(self, database: str, *, graceful: bool = False, files: Path | None = None) -> None:
        """All that was acknowledged is there once; what was not can be sent again, and then is there once too.

        After a graceful end nothing is there that was not acknowledged.
        """
        with running(database=database, files=files, seed="empty") as sandbox:
            demo = Caller(sandbox.base_url, sandbox.token, sandbox.secret_key)
            result = sorted(list_names(demo))
            assert self.acknowledged <= set(result), "an acknowledged create is lost"
            assert len(result) == len(set(result)), "a create is doubled"
            assert not graceful or self.acknowledged == set(result), "a create was carried out and not acknowledged"
            for name in self.sent.keys() - self.acknowledged:
                repeated = post(demo, self.sent[name])
                assert (repeated.status == 200) is (name not in result), "the nonce and the exam are kept together"
            assert sorted(list_names(demo)) == sorted(self.sent)


def post(demo: Caller, body: bytes) -> Reply:
    return send(demo.base_url, "POST", "/api/v3/exams", {**demo.authorization, **JSON}, body)


def list_names(demo: Caller) -> list[str]:
    """The names of all exams."""
    first = demo.call("GET", "/exams", query={"limit": 300})
    pages = range(2, int(first.headers["x-pagination-page-count"]) + 1)
    more = [demo.call("GET", "/exams", query={"limit": 300, "page": page}) for page in pages]
    return [exam["name"] for reply in (first, *more) for exam in reply.json["exams"]]
