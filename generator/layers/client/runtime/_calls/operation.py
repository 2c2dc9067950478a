"""One operation, as the generated code describes it to the runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from .._codec.reading import Reading

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Whether a failed attempt may be repeated.

    `safe` operations may, `never` ones may not. For `verify`, the list `lookup` has to say first
    whether the attempt took effect; the members in `match` are compared, and the one called
    `created`, if there is one, says since when an object exists.
    """

    policy: Literal["safe", "never", "verify"]
    lookup: Lookup | None = None
    match: tuple[str, ...] = ()
    created: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[T]):
    """One operation: whether it is signed, how it may be retried, how its response is decoded.

    `parse` decodes the JSON text of a successful status and notes what deviates; `unwrap` is the
    attribute of the result that holds the value; `sends` is the media type of the body, empty if there is
    none; `accepts` is the media type of a response that is a file; `styles` is how lists and objects of the query are
    written, by parameter, where items do not just repeat its name.
    """

    id: str
    signed: bool
    retry: Retry
    parse: Callable[[int, bytes, Reading], Any]
    unwrap: str = ""
    sends: str = ""
    accepts: str = ""
    styles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a list is paged: the id of its operation, the names of its response headers, and the largest page."""

    operation: str
    item_count: str
    page_count: str
    page: str
    limit: str
    max_limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The list in which a created object appears.

    `arguments` makes those of the list from the values in the path of the operation that creates.
    `filter` is the query parameter of its conditions, `columns` the texts that it can be filtered
    by, `page` the query parameter of the page and `limit` that of its size, which is `most` at the most; each is
    empty if there is none. `is_whole` says that the list has objects like the one that is returned by the creation,
    and not parts of them.
    """

    operation: Operation[Any]
    arguments: Callable[..., dict[str, Any]]
    filter: str = ""
    columns: tuple[str, ...] = ()
    page: str = ""
    limit: str = ""
    most: int = 0
    layout: Layout | None = None
    is_whole: bool = True
