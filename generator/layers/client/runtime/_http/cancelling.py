"""Ends what a call waits for when somebody cancels it."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from .._files.cancel import LOOK, check_heeded, is_heeding

if TYPE_CHECKING:
    from concurrent.futures import Future

    from anyio import CancelScope

T = TypeVar("T")


def run_cancellable(work: Callable[[], T], drop: Callable[[T], object]) -> T:
    """The result of the work; raises Cancelled soon after that is wanted, and drops what still comes."""
    if not is_heeding():
        return work()
    from concurrent.futures import Future, wait

    future: Future[T] = Future()
    threading.Thread(target=_finish, args=(future, work), daemon=True).start()
    try:
        while not wait((future,), LOOK).done:
            check_heeded()
    except BaseException:
        future.add_done_callback(lambda done: None if done.exception() else drop(done.result()))
        raise
    return future.result()


def _finish(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001  # raised again by whoever waits for the future
        future.set_exception(error)


async def run_cancellable_async(work: Callable[[], Awaitable[T]]) -> T:
    """The same, awaited."""
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
