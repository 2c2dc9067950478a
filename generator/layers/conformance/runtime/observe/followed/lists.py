"""Whether a response has a whole list, so that what it lacks is missing."""

from __future__ import annotations

from ...api import Operation
from ...stateful.lists.paging import infer_paging
from ..judge import Judge, Observed


def find_completeness(judge: Judge, observed: Observed) -> str:
    """Whether a response has the whole list: `certain`, `likely`, or `none` if a part of it may be elsewhere."""
    operation, query = observed.operation, dict(observed.parts.query)
    paging = infer_paging(operation)
    harmless = {paging.limit, paging.position, *(judge.api.scheme.parameters if judge.api.scheme else ())}
    harmless |= {operation.filter.sort} if operation.filter else set()
    if set(query) - harmless:
        return "none"
    position = str(query.get(paging.position, "")) if paging.position else ""
    if position not in ("", str(paging.first) if paging.style == "page" else "0" if paging.style == "offset" else ""):
        return "none"
    if operation.pagination is not None:
        count = observed.response.headers.get(operation.pagination.item_count.lower(), "")
        return "certain" if count == str(len(observed.items)) else "none"
    size = str(query.get(paging.limit, "")) or _default_of(operation, paging.limit)
    asked = {paging.limit: int(size)} if size.isdecimal() and len(size) < 10 else {}
    return "likely" if paging.is_last(asked, observed, judge.api) else "none"


def _default_of(operation: Operation, name: str) -> str:
    return next((one.schema.canonical.default for one in operation.in_("query") if one.name == name), "")
