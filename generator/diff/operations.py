"""Operations before and after: which belong together, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.diff.extensions import extension_changes
from generator.diff.notes import deprecation, described, sourced
from generator.diff.requests import PLACEHOLDER, body_changes, parameter_changes
from generator.diff.responses import response_changes
from generator.diff.schemas import Values
from generator.diff.security import Requirements
from generator.diff.texts import was
from generator.diff.where import Found, Where
from generator.ir import Api, Operation

_HERE = Where("operation")
_SUMMARY = Where("operation", "summary")


def call(operation: Operation) -> str:
    """Method and path."""
    return f"{operation.method} {operation.path}"


def matched(old: Api, new: Api) -> Iterator[tuple[Operation | None, Operation | None]]:
    """The operations before and after, by method and path; names of placeholders do not part them."""
    left, right = list(old.operations), list(new.operations)
    for likeness in (call, _template):
        others = {likeness(operation): operation for operation in reversed(right)}
        for operation in tuple(left):
            if other := others.pop(likeness(operation), None):
                left.remove(operation)
                right.remove(other)
                yield operation, other
    yield from ((operation, None) for operation in left)
    yield from ((None, operation) for operation in right)


def operation_changes(values: Values, requirements: Requirements, old: Operation, new: Operation) -> Found:
    """What differs between the two states of an operation."""
    before, after = _self_contained(values.old, old), _self_contained(values.new, new)
    yield from requirements.changes(old, new)
    yield from _identity(old, new)
    yield from _role(old.role, new.role)
    yield from extension_changes(before, after)
    yield from parameter_changes(values, old, new)
    yield from body_changes(values, old.body, new.body)
    yield from response_changes(values, old, new)
    yield from _words(old, new)


def _template(operation: Operation) -> str:
    return PLACEHOLDER.sub("{}", call(operation))


def _self_contained(api: Api, operation: Operation) -> Operation:
    """The operation with others named by method and path, as their ids may change."""
    job, retry = operation.job, operation.retry
    if job:
        status, download = (api.operation(id_) for id_ in (job.status_operation, job.download_operation))
        job = replace(job, status_operation=_template(status), download_operation=_template(download))
    if retry.lookup:
        retry = replace(retry, lookup=_template(api.operation(retry.lookup)))
    return replace(operation, job=job, retry=retry)


def _identity(old: Operation, new: Operation) -> Found:
    before, after = (f"{one.resource}.{one.name}" for one in (old, new))
    if before != after:
        yield _HERE.plain("client-method-renamed", f"the client's method is {after}, was {before}")
    if old.id != new.id:
        yield _HERE.plain("operation-id-changed", f"the id is {was(old.id, new.id)}")
    if old.tag != new.tag:
        yield _HERE.plain("tag-changed", f"the tag is {was(old.tag, new.tag)}")


def _role(old: str, new: str) -> Found:
    if old != new:
        kind = "changed" if old and new else "restricted" if new else "lifted"
        yield _HERE.plain(f"role-{kind}", f"the role that may call it is {was(old, new)}")


def _words(old: Operation, new: Operation) -> Found:
    if old.deprecated != new.deprecated:
        yield deprecation(_HERE, new.deprecated)
    if old.replaced_by != new.replaced_by:
        yield _HERE.plain("successor-changed", f"the successor is {was(old.replaced_by, new.replaced_by)}")
    yield from described(_SUMMARY, old.summary, new.summary)
    yield from described(_HERE, old.description, new.description)
    yield from sourced(_HERE, old.source, new.source)
