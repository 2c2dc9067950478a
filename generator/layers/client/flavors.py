"""The sync and the async class of a resource."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavor:
    """The Python code in which the sync and the async class differ."""

    prefix: str
    define: str
    wait: str
    about: str
    list: str
    read_list: str
    run_job: str


FLAVORS = (
    Flavor(
        prefix="",
        define="def",
        wait="",
        about="",
        list="ItemList",
        read_list="_read_items",
        run_job="_run_job",
    ),
    Flavor(
        prefix="Async",
        define="async def",
        wait="await ",
        about=", awaited",
        list="AsyncItems",
        read_list="AsyncItems",
        run_job="_run_job_async",
    ),
)
