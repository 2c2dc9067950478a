"""The command ends when it is asked to, whatever arrives meanwhile."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.benchmarks.hostile import attacks
from tests.proofs import mark_slow
from tests.sandbox.storms import command

ATTACKERS = 20
PATIENCE = 60  # for slow machines; an unfinished request would be read for ten times as long


@pytest.mark.slow
@pytest.mark.parametrize("unfinished", [0, mark_slow(1)])
def test_an_attack_does_not_keep_it_from_ending(tmp_path: Path, unfinished: int) -> None:
    """Costly requests wait in line; what is left after ten seconds, such as one that never comes whole, is cut off."""
    with command(tmp_path, "--quiet", "--read-timeout", "600") as server, ExitStack() as stack:
        address = urlsplit(server.info["base_url"])
        attack = attacks(server.info)["deep objects in a list"]
        connections = [
            stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=PATIENCE))
            for _ in range(unfinished + ATTACKERS)
        ]
        for number, connection in enumerate(connections):
            connection.sendall(attack[:-1] if number < unfinished else attack)
        assert connections[-1].recv(12) == b"HTTP/1.1 403"
        for connection in connections[unfinished:]:
            connection.sendall(attack)
        server.process.terminate()
        assert server.process.wait(timeout=PATIENCE) == 0
        for connection in connections[:unfinished]:
            assert b'"code":"server_stops"' in connection.recv(4096)
    assert "Traceback" not in server.log.read_text()
