"""Creates from several clients while workers are killed and the state is reset: none is lost, none is doubled."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from tests.sandbox.sandbox_calls import Caller, Reply, send
from tests.sandbox.storms import Command, command, list_names, post, signal_all
from tests.storms.timeline import Presence, Restore, Span, expect_presence

CLIENTS = 4
ROUND = 10.0  # seconds until the sandbox is killed as a whole, or asked to end
PAUSES = 0.2, 1.0  # seconds between two disturbances
_NETWORK = (OSError, http.client.HTTPException, ValueError)  # the last one: a response that was cut short
_START = ("--seed", "empty", "--workers", "2", "--admin")


@dataclass
class Create:
    """A create as it was sent, and when."""

    body: bytes
    span: Span


@dataclass
class Journal:
    """What was created and restored, and when; `counts` says how often each thing happened."""

    creates: dict[str, Create] = field(default_factory=dict)
    restores: list[Restore] = field(default_factory=list)
    snapshots: dict[str, Span] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, name: str, reply: Reply) -> None:
        """The response to a create; one that took effect before is acknowledged when its nonce is refused."""
        self.counts[f"status {reply.status}"] += 1
        if reply.status == 200 or (reply.status == 403 and reply.code == "nonce_used"):
            create = self.creates[name]
            create.span = Span(create.span.began, time.monotonic())

    def check(self, names: list[str]) -> None:
        """The state has what it must have, once, and nothing that it must not have."""
        doubled = [name for name, times in Counter(names).items() if times > 1]
        assert not doubled, f"doubled: {doubled}"
        expected = {name: expect_presence(create.span, self.restores) for name, create in self.creates.items()}
        lost = [name for name, presence in expected.items() if presence is Presence.PRESENT and name not in names]
        assert not lost, f"acknowledged and lost: {lost}"
        kept = [name for name in names if expected[name] is Presence.ABSENT]
        assert not kept, f"there in spite of a reset: {kept}"
        self.counts["checked"] += len(names)


def rage(folder: Path, database: str, seconds: float, seed: int) -> Journal:
    """Rounds of creates and disturbances until the time is over; each ends with a check of the whole state."""
    journal, chance = Journal(), random.Random(seed)
    start = (*_START, "--database", database, "--files", str(folder / "files"))
    numbers = itertools.count()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with command(folder, *start) as server, _run_clients(journal, server.demo, numbers):
            _disturb(journal, server, chance, min(end, time.monotonic() + ROUND))
            _end(journal, server, chance)
        with command(folder, *start) as server:
            _finish_creates(journal, server.demo)
            journal.check(list_names(server.demo))
    return journal


@contextmanager
def _run_clients(journal: Journal, demo: Caller, numbers: Iterator[int]) -> Iterator[None]:
    """Clients that create for as long as the context lasts."""
    ended = Event()

    def create() -> None:
        while not ended.is_set():
            name = f"exam {next(numbers)}"
            body = json.dumps(demo.sign({**demo.stamp(), "name": name, "type": "demo"})).encode()
            journal.creates[name] = Create(body, Span(time.monotonic()))
            try:
                journal.note(name, post(demo, body))
            except _NETWORK:
                time.sleep(0.05)  # until a worker is there again, if one comes

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(create) for _ in range(CLIENTS)]
        try:
            yield
        finally:
            ended.set()
    for client in clients:
        client.result()


def _disturb(journal: Journal, server: Command, chance: random.Random, end: float) -> None:
    """Kills a worker, resets, takes a snapshot or restores one, one after the other."""
    while time.monotonic() < end:
        time.sleep(chance.uniform(*PAUSES))
        match chance.choice(("kill", "kill", "kill", "reset", "snapshot", "restore")):
            case "kill":
                pids = [int(line.split()[1]) for line in server.until_logged(" serves", 2)][-2:]
                with suppress(ProcessLookupError):  # killed before, and not replaced yet
                    os.kill(chance.choice(pids), signal.SIGKILL)
                    journal.counts["workers killed"] += 1
            case "snapshot":
                span, content = _call_admin(server, "snapshot")
                if span.is_acknowledged:
                    journal.snapshots[content["id"]] = span
                    journal.counts["snapshots"] += 1
            case "restore" if journal.snapshots:
                name = chance.choice(sorted(journal.snapshots))
                span, _ = _call_admin(server, "restore", {"id": name})
                journal.restores.append(Restore(span, journal.snapshots[name]))
                journal.counts["restores"] += 1
            case _:
                span, _ = _call_admin(server, "reset")
                journal.restores.append(Restore(span))
                journal.counts["resets"] += 1


def _call_admin(server: Command, action: str, body: object = None) -> tuple[Span, Any]:
    """When the action began and ended, and its response; without an end if the worker was killed meanwhile."""
    admin = server.info["admin"]
    sent = None if body is None else json.dumps(body).encode()
    began = time.monotonic()
    try:
        reply = send(
            server.info["base_url"], "POST", f"/admin/{action}", {"Authorization": f"Bearer {admin['key']}"}, sent
        )
    except _NETWORK:
        return Span(began), {}
    assert reply.status == 200, reply.content
    return Span(began, time.monotonic()), reply.json


def _end(journal: Journal, server: Command, chance: random.Random) -> None:
    """All processes are killed, or asked to end, while the clients go on."""
    if chance.randrange(2):
        signal_all(server.process, signal.SIGKILL)
        journal.counts["all killed"] += 1
    else:
        server.process.terminate()
        journal.counts["reloads"] += 1
    server.process.wait(timeout=60)


def _finish_creates(journal: Journal, demo: Caller) -> None:
    """What was not acknowledged is sent once more, byte for byte: it is carried out now, or it was before."""
    for name, create in journal.creates.items():
        if not create.span.is_acknowledged:
            journal.note(name, post(demo, create.body))
            journal.counts["sent again"] += 1
