"""Ignores offers to switch to another protocol, as a server may (RFC 9110, 7.8): clients offer HTTP/2 by themselves."""

from __future__ import annotations

from typing import Any

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OFFER_HEADERS = (b"upgrade", b"http2-settings")
_TUNNEL = b"CONNECT"


class NoUpgrades(HttpToolsProtocol):
    """A connection that stays HTTP/1.1.

    httptools takes what follows the headers of an offer for the other protocol. So its headers are parsed once more,
    without the offer, and the body after them.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._is_offer = False

    def feed(self, data: bytes) -> None:
        """Parses what was received."""
        self._unset_keepalive_if_required()
        while data:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as upgrade:
                data = self._without_offer() + data[upgrade.args[0] :] if self._is_offer else b""
            except HttpParserError as error:
                self.send_400_response(str(error))
                return
            else:
                return

    def on_headers_complete(self) -> None:
        method = self.parser.get_method()
        self._is_offer = self.parser.should_upgrade() and method != _TUNNEL
        if not self._is_offer:
            super().on_headers_complete()
        if method == _TUNNEL:
            self.cycle.keep_alive = False  # what follows is for whoever is at the other end of a tunnel

    def on_message_complete(self) -> None:
        if not self._is_offer:
            super().on_message_complete()

    def _without_offer(self) -> bytes:
        """The request line and headers without the offer, and a new parser for them."""
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            kept = _without_tokens(value) if name == b"connection" else value
            lines += [] if name in _OFFER_HEADERS else [b"%s: %s" % (name, kept)]
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        self._is_offer = False
        return b"\r\n".join([*lines, b"", b""])


def _without_tokens(value: bytes) -> bytes:
    tokens = (token.strip() for token in value.split(b","))
    return b", ".join(token for token in tokens if token.lower() not in _OFFER_HEADERS)
