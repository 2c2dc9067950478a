"""The base classes of the clients of all versions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, NoReturn, Self, TypeVar, Unpack

import httpx2

from .._calls.options import CallOptions, Hooks, RetryPolicy, Settings
from .._drift.counter import DriftMode
from .._errors.deviation import Deviation
from .._errors.exceptions import InvalidArgument
from .._session.clock import ClockSkew
from .._session.service import Service
from .._session.session import Session

if TYPE_CHECKING:
    from .._http.async_transport import AsyncTransport
    from .._http.transport import Transport

_DEFAULT_POLICY = RetryPolicy()
_NO_HEADERS: Mapping[str, str] = {}
_NO_HOOKS = Hooks()
C = TypeVar("C", bound="BaseClient | AsyncBaseClient")


class Connected:
    """What holds open connections and a secret key, and therefore stays where it was made."""

    def __reduce__(self) -> NoReturn:
        raise InvalidArgument(
            f"a {type(self).__name__} holds open connections and a secret key, so it is neither pickled nor copied"
            " (pass its settings on, and make one of them there; with_options() makes one beside it)"
        )


class BaseClient(Connected):
    """A client that waits for each response.

    `token`, `secret_key` and `base_url` come from PROCWISE_TOKEN, PROCWISE_SECRET_KEY and
    PROCWISE_BASE_URL if they are not passed; `credentials` and `settings` are what else the
    signature needs, by name. `timeout` is how many seconds an attempt may take as a
    whole, `deadline` how many a call may take with its retries; None is without limit. `max_retries`
    and `retry`, a `RetryPolicy`, say how failed calls are repeated. `extra_headers` are sent with every
    request. `clock_skew` is how many seconds the server's clock is ahead; "auto" measures it if a
    request is refused, "off" does not. `hooks` are called for every attempt. `http` is your own
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
        credentials: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        drift: DriftMode = "observe",
        timeout: float | None = 30,
        deadline: float | None = None,
        max_retries: int | None = None,
        retry: RetryPolicy = _DEFAULT_POLICY,
        extra_headers: Mapping[str, str] = _NO_HEADERS,
        clock_skew: ClockSkew = "auto",
        hooks: Hooks = _NO_HOOKS,
        http: httpx2.Client | None = None,
    ) -> None:
        session = Session(
            self._service,
            token=token,
            secret_key=secret_key,
            base_url=base_url,
            credentials=credentials,
            settings=settings,
            drift=drift,
            clock_skew=clock_skew,
        )
        limits = Settings(timeout=timeout, deadline=deadline, retry=retry, extra_headers=extra_headers, hooks=hooks)
        retries: CallOptions = {} if max_retries is None else {"max_retries": max_retries}
        from .._http.connections import take_client

        self._session, self._settings = session, limits.override(retries)
        self._http, self._is_own = take_client(session, http), http is None

    @cached_property
    def _transport(self) -> Transport:
        """What makes the calls; loaded with the first of them."""
        from .._http.transport import Transport

        return Transport(self._session, self._settings, self._http, is_own=self._is_own)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session.base_url}>"

    @property
    def settings(self) -> Settings:
        """How this client makes its calls; holds no secret, and can be pickled."""
        return self._settings

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """The same client, over the same connections, with other options for its calls."""
        other = _copy(self)
        other._settings = self._settings.override(options)
        return other

    def drift(self) -> tuple[Deviation, ...]:
        """What deviated from the description in the responses so far."""
        return self._session.drift.deviations()

    def close(self) -> None:
        """Close the connections."""
        if self._is_own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncBaseClient(Connected):
    """A client whose calls are awaited, under asyncio or trio.

    `token`, `secret_key` and `base_url` come from PROCWISE_TOKEN, PROCWISE_SECRET_KEY and
    PROCWISE_BASE_URL if they are not passed; `credentials` and `settings` are what else the
    signature needs, by name. `timeout` is how many seconds an attempt may take as a
    whole, `deadline` how many a call may take with its retries; None is without limit. `max_retries`
    and `retry`, a `RetryPolicy`, say how failed calls are repeated. `extra_headers` are sent with every
    request. `clock_skew` is how many seconds the server's clock is ahead; "auto" measures it if a
    request is refused, "off" does not. `hooks` are called for every attempt. `http` is your own
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
        credentials: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        drift: DriftMode = "observe",
        timeout: float | None = 30,
        deadline: float | None = None,
        max_retries: int | None = None,
        retry: RetryPolicy = _DEFAULT_POLICY,
        extra_headers: Mapping[str, str] = _NO_HEADERS,
        clock_skew: ClockSkew = "auto",
        hooks: Hooks = _NO_HOOKS,
        http: httpx2.AsyncClient | None = None,
    ) -> None:
        session = Session(
            self._service,
            token=token,
            secret_key=secret_key,
            base_url=base_url,
            credentials=credentials,
            settings=settings,
            drift=drift,
            clock_skew=clock_skew,
        )
        limits = Settings(timeout=timeout, deadline=deadline, retry=retry, extra_headers=extra_headers, hooks=hooks)
        retries: CallOptions = {} if max_retries is None else {"max_retries": max_retries}
        from .._http.async_transport import AsyncTransport

        self._transport: AsyncTransport = AsyncTransport(session, limits.override(retries), http)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._transport.session.base_url}>"

    @property
    def settings(self) -> Settings:
        """How this client makes its calls; holds no secret, and can be pickled."""
        return self._transport.settings

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """The same client, over the same connections, with other options for its calls."""
        other = _copy(self)
        other._transport = self._transport.with_options(options)
        return other

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


def _copy(client: C) -> C:
    """The same client without what it made for its settings."""
    kind = type(client)
    other = object.__new__(kind)
    for name, value in vars(client).items():
        if not isinstance(getattr(kind, name, None), cached_property):
            setattr(other, name, value)
    return other
