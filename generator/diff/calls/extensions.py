"""What the extensions say of an operation: paging, filtering, jobs, retries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from generator.diff.change import Finding
from generator.diff.texts import join_words, json_text, was
from generator.ir import Column, Filter, Job, Operation, Pagination, Retry

_PATIENCE = ("never", "verify", "safe")  # how much a program may do of itself


def extension_changes(old: Operation, new: Operation) -> Iterator[Finding]:
    """All four; operations that they name are named by what stays the same."""
    yield from _pagination(old.pagination, new.pagination)
    yield from _filter(old.filter, new.filter)
    yield from _retry(old.retry, new.retry)
    yield from _job(old.job, new.job)


def _job(old: Job | None, new: Job | None) -> Iterator[Finding]:
    if old is None or new is None:
        yield from _came_or_went("job", old, new, "a background job")
        return
    for field in fields(new):
        before, after = json_text(getattr(old, field.name)), json_text(getattr(new, field.name))
        if before != after:
            yield _build_finding("job-changed", f"job {field.name}", f"it is {after}, was {before}")


def _pagination(old: Pagination | None, new: Pagination | None) -> Iterator[Finding]:
    if old is None or new is None:
        yield from _came_or_went("pagination", old, new, "paging")
        return
    for field in fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            rule = "pagination-changed"
            if field.name == "max_limit":
                rule = f"page-limit-{'raised' if after > before else 'lowered'}"
            yield _build_finding(rule, f"pagination {field.name}", f"it is {json_text(after)}, was {json_text(before)}")


def _filter(old: Filter | None, new: Filter | None) -> Iterator[Finding]:
    if old is None or new is None:
        yield from _came_or_went("filter", old, new, "filtering and sorting")
        return
    for what in ("filter", "sort"):
        before, after = getattr(old, what), getattr(new, what)
        if before != after:
            yield _build_finding("filter-changed", f"filter {what}", f"the parameter is {was(before, after)}")
    yield from _columns(old.columns, new.columns)
    yield from _list_changes("sort-column", "sort", old.sortable, new.sortable)


def _columns(old: tuple[Column, ...], new: tuple[Column, ...]) -> Iterator[Finding]:
    before, after = ({column.name: column for column in side} for side in (old, new))
    yield from _list_changes("filter-column", "filter", before, after)
    for name in (name for name in after if name in before):
        one, other = before[name], after[name]
        if one.type != other.type:
            yield _build_finding(
                "filter-column-type-changed", f"filter {name}", f"the type is {was(one.type, other.type)}"
            )
        yield from _list_changes("filter-operator", f"filter {name}", one.operators, other.operators)


def _list_changes(rule: str, path: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Finding]:
    before, after = list(old), list(new)
    for kind, words, others in (("removed", before, after), ("added", after, before)):
        for word in dict.fromkeys(words):
            if word not in others:
                yield _build_finding(f"{rule}-{kind}", f"{path} {word}", f"the {rule.partition('-')[2]} is {kind}")


def _retry(old: Retry, new: Retry) -> Iterator[Finding]:
    if old.policy != new.policy:
        less = _PATIENCE.index(new.policy) < _PATIENCE.index(old.policy)
        sentence = f"a lost call is {was(old.policy, new.policy)}"
        yield _build_finding("retry-restricted" if less else "retry-relaxed", "retry", sentence)
    elif (old.lookup, old.match) != (new.lookup, new.match):
        sentence = f"what took effect is looked up in {new.lookup or 'nothing'} by {join_words(new.match)}"
        yield _build_finding("retry-lookup-changed", "retry", sentence)


def _came_or_went(rule: str, old: object, new: object, what: str) -> Iterator[Finding]:
    if old or new:
        kind = "added" if new else "removed"
        yield _build_finding(f"{rule}-{kind}", rule, f"{what} {'came' if new else 'went'}")


def _build_finding(rule: str, path: str, sentence: str) -> Finding:
    return Finding(rule=rule, path=path, sentence=sentence)
