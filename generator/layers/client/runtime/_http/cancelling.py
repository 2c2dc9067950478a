"""Ends what an async call waits for when somebody cancels it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from .._files.cancel import LOOK, check_heeded, is_heeding

if TYPE_CHECKING:
    from anyio import CancelScope

T = TypeVar("T")


async def run_cancellable(work: Callable[[], Awaitable[T]]) -> T:
    """The result of the work; raises Cancelled soon after that is wanted."""
    if not is_heeding():
        return await work()
    from anyio import create_task_group

    done: list[T] = []
    failed: list[Exception] = []
    async with create_task_group() as group:
        group.start_soon(_watch_cancel, group.cancel_scope, failed)
        try:
            done.append(await work())
        except Exception as error:  # noqa: BLE001  # raised again below, outside the group, which would wrap it
            failed.append(error)
        group.cancel_scope.cancel()
    if failed:
        raise failed[-1]
    return done[0]


async def _watch_cancel(scope: CancelScope, failed: list[Exception]) -> None:
    from anyio import sleep

    try:
        while True:
            check_heeded()
            await sleep(LOOK)
    except Exception as error:  # noqa: BLE001  # Cancelled, or an error of the user's own event
        failed.append(error)
        scope.cancel()
