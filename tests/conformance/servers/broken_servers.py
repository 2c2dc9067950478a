"""Servers that answer every request in one wrong way, over bare sockets."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Handler = Callable[[socket.socket], None]


def response(content: bytes, status: str = "200 OK", *, kind: str = "application/json", more: str = "") -> Handler:
    """One whole response."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n{more}\r\n"
    return lambda client: client.sendall(head.encode() + content)


def raw(text: bytes) -> Handler:
    return lambda client: client.sendall(text)


def reset(client: socket.socket) -> None:
    client.close()


def drip_head(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(client)


def drip_body(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    _drip(client)


def _drip(client: socket.socket) -> None:
    while True:
        client.sendall(b" ")
        time.sleep(0.2)


def endless(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        client.sendall(b" " * 2**20)


def send_compressed(client: socket.socket) -> None:
    """A small body that is a large one when it is unpacked."""
    response(gzip.compress(b" " * 2**28), more="Content-Encoding: gzip\r\n")(client)


@contextmanager
def serve_raw(how: Handler) -> Iterator[str]:
    """Serve it on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, how), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, how: Handler) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_serve_client, args=(client, how), daemon=True).start()


def _serve_client(client: socket.socket, how: Handler) -> None:
    with client, suppress(OSError):
        client.recv(65536)
        how(client)
