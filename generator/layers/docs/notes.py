"""What a reader must know besides the tables: paging, filtering, jobs and repeats, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.ir import Filter, Job, Operation, Pagination, Retry
from generator.layers.docs.prose import Line, Link, list_values, literal

Linked = Callable[[str], Link]  # an operation's id to a link to its page


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A headed explanation; `items` are printed as a list after the text."""

    heading: str
    text: Line
    items: tuple[Line, ...] = ()


def notes(operation: Operation, linked: Linked) -> Iterator[Note]:
    """The explanations that apply to the operation."""
    if operation.pagination:
        yield _explain_pages(operation.pagination)
    if operation.filter:
        yield _explain_filter(operation.filter, _own_filters(operation))
    if operation.job:
        yield _job(operation.job, linked)
    yield Note(heading="Retrying a lost request", text=_explain_retry(operation.retry, linked))


def _explain_pages(paging: Pagination) -> Note:
    text = (
        f"The list comes a page at a time: {literal(paging.page)} says which page, counted from 1, and "
        f"{literal(paging.limit)} how many items it holds, {paging.max_limit} at the most. The client turns the pages "
        "while you go through the list. "
        f"The items stand under {literal(paging.items)}; four headers of the response say where you are:"
    )
    headers = (
        (paging.item_count, "how many items there are on all pages together"),
        (paging.page_count, "how many pages there are"),
        (paging.page_header, "the number of this page"),
        (paging.limit_header, "how many items a page holds"),
    )
    items = tuple(Line(f"{literal(name)}: {meaning}") for name, meaning in headers)
    return Note(heading="Pages", text=Line(text), items=items)


def _own_filters(operation: Operation) -> list[str]:
    """The parameters that choose items by a name of their own."""
    known = [operation.filter.filter, operation.filter.sort] if operation.filter else []
    known += [operation.pagination.page, operation.pagination.limit] if operation.pagination else []
    return [parameter.name for parameter in operation.in_("query") if parameter.name not in known]


def _explain_filter(filtering: Filter, own: list[str]) -> Note:
    text = (
        f"{literal(filtering.filter)} is JSON text: an object of columns, each with an object of operators and values. "
        f"{literal(filtering.sort)} is JSON text too: a list of one-column objects with `asc` or `desc`, the most "
        "important first. Both are signed as the text you send. The list can be sorted by "
        f"{list_values(filtering.sortable)}, and filtered by:"
    )
    columns = tuple(
        Line(f"{literal(column.name)}, {column.type}: {list_values(column.operators)}") for column in filtering.columns
    )
    heading = f"Filter by {', '.join(own)} or columns, and sort" if own else "Filter and sort"
    return Note(heading=heading, text=Line(text), items=columns)


def _job(job: Job, linked: Linked) -> Note:
    steps = (
        Line(f"Read {literal(job.field)} now and then:", linked(job.status_operation)),
        Line(f"{list_values(job.pending)}: the job is still at work, so ask again."),
        Line(f"{list_values(job.failure)}: there will be no result; start the job again."),
        Line(f"{list_values(job.success)}: the result is ready:", linked(job.download_operation)),
    )
    return Note(heading="The job", text=Line("This call only starts a job in the background."), items=steps)


def _explain_retry(retry: Retry, linked: Linked) -> Line:
    if not retry.lookup:
        return Line(_REPEATING[retry.policy])
    text = (
        "Look before you repeat: the first try may have taken effect. Send the request again only if there is no "
        f"object with the same {' and '.join(literal(name) for name in retry.match)} in the list:"
    )
    return Line(text, linked(retry.lookup))


_REPEATING = {
    "safe": "Send it again: a second try does no harm. It needs a fresh timestamp, nonce and signature.",
    "verify": "Look before you repeat: the first try may have taken effect.",
    "never": "Do not send it again, unless you know that the first request never left your machine.",
}
