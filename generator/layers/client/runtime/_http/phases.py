"""How far an async attempt came before its time was over."""

from __future__ import annotations

_BEGINS_REQUEST = ".send_request_headers.started"


class Phase:
    """What the HTTP library traced of one attempt."""

    def __init__(self) -> None:
        self._is_traced = False
        self._is_sent = False

    async def note(self, event: str, _info: object) -> None:
        """Take an event of the library, such as `connection.connect_tcp.started`."""
        self._is_traced = True
        self._is_sent = self._is_sent or event.endswith(_BEGINS_REQUEST)

    def is_before_request(self, *, is_own: bool) -> bool:
        """Whether surely nothing of the request left; a client of the user may have a transport that traces nothing."""
        return not self._is_sent and (self._is_traced or is_own)
