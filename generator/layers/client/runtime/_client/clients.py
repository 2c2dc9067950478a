"""The base classes of the clients of all versions."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self

from .._calls.service import Service
from .._calls.session import Session
from .._drift.ledger import DriftMode
from .._errors.deviation import Deviation
from .._http.transport import AsyncTransport, Transport

if TYPE_CHECKING:
    import httpx2


class BaseClient:
    """A client that waits for each response.

    `token`, `secret_key` and `base_url` come from PROCWISE_TOKEN, PROCWISE_SECRET_KEY and
    PROCWISE_BASE_URL if they are not passed. `timeout` is in seconds. `http` is your own
    `httpx2.Client`, for proxies and certificates; you close it yourself. What deviates from the
    description is kept and counted in `drift()`; with `drift="warn"` it also gives a `DriftWarning`,
    with `drift="strict"` a response of another type raises `ResponseDeviates`.
    """

    _service: ClassVar[Service]

    def __init__(
        self,
        *,
        token: str | None = None,
        secret_key: str | None = None,
        base_url: str | None = None,
        drift: DriftMode = "observe",
        timeout: float = 30,
        http: httpx2.Client | None = None,
    ) -> None:
        session = Session(self._service, token=token, secret_key=secret_key, base_url=base_url, drift=drift)
        self._transport = Transport(session, timeout=timeout, http=http)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._transport.session.base_url}>"

    def drift(self) -> tuple[Deviation, ...]:
        """What deviated from the description in the responses so far."""
        return self._transport.session.drift.deviations()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncBaseClient:
    """A client whose calls are awaited, under asyncio or trio.

    `token`, `secret_key` and `base_url` come from PROCWISE_TOKEN, PROCWISE_SECRET_KEY and
    PROCWISE_BASE_URL if they are not passed. `timeout` is in seconds. `http` is your own
    `httpx2.AsyncClient`, for proxies and certificates; you close it yourself. What deviates from the
    description is kept and counted in `drift()`; with `drift="warn"` it also gives a `DriftWarning`,
    with `drift="strict"` a response of another type raises `ResponseDeviates`.
    """

    _service: ClassVar[Service]

    def __init__(
        self,
        *,
        token: str | None = None,
        secret_key: str | None = None,
        base_url: str | None = None,
        drift: DriftMode = "observe",
        timeout: float = 30,
        http: httpx2.AsyncClient | None = None,
    ) -> None:
        session = Session(self._service, token=token, secret_key=secret_key, base_url=base_url, drift=drift)
        self._transport = AsyncTransport(session, timeout=timeout, http=http)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._transport.session.base_url}>"

    def drift(self) -> tuple[Deviation, ...]:
        """What deviated from the description in the responses so far."""
        return self._transport.session.drift.deviations()

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
