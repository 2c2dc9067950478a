"""One operation, as the generated code describes it to the runtime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Whether a failed try may be repeated: `safe`, `never`, or `verify` by a look-up first."""

    policy: str
    lookup: str = ""
    match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[T]):
    """One operation: how its answer is decoded, and how it may be treated.

    `parse` decodes the JSON data of a successful status; `unwrap` is the attribute of the
    result that holds the value; `sends` is the media type of the body, empty where there is
    none; `accepts` is the media type of an answer that is a file.
    """

    id: str
    signed: bool
    retry: Retry
    parse: Callable[[int, Any], Any]
    unwrap: str = ""
    sends: str = ""
    accepts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a list is paged: the names of its response headers, and the largest page."""

    item_count: str
    page_count: str
    page: str
    limit: str
    max_limit: int
