"""Operations before and after: which belong together, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.diff.calls.deliveries import callback_changes
from generator.diff.calls.extensions import extension_changes
from generator.diff.calls.requests import body_changes, parameter_changes
from generator.diff.calls.responses import response_changes
from generator.diff.calls.servers import first_address, own_server_changes, template
from generator.diff.notes import deprecation, description_changes, source_changes
from generator.diff.signing.schemes import Requirements
from generator.diff.texts import was
from generator.diff.values.schemas import Values
from generator.diff.where import Found, Where
from generator.ir import Api, Operation

_HERE = Where("operation")
_SUMMARY = Where("operation", "summary")


def call(operation: Operation) -> str:
    """Method and path."""
    return f"{operation.method} {operation.path}"


def match_operations(old: Api, new: Api) -> Iterator[tuple[Operation | None, Operation | None]]:
    """The operations before and after, by method and address, or else by path; placeholders may have other names."""
    left = {id(operation): operation for operation in old.operations}
    right = {id(operation): operation for operation in new.operations}
    for likeness in (_address_key, _located_template, _call, _call_template):
        others = {likeness(new, operation): operation for operation in reversed(right.values())}
        for operation in tuple(left.values()):
            if other := others.pop(likeness(old, operation), None):
                del left[id(operation)], right[id(other)]
                yield operation, other
    yield from ((operation, None) for operation in left.values())
    yield from ((None, operation) for operation in right.values())


def operation_changes(values: Values, requirements: Requirements, old: Operation, new: Operation) -> Found:
    """What differs between the two states of an operation."""
    before, after = _self_contained(values.old, old), _self_contained(values.new, new)
    yield from requirements.changes(old, new)
    yield from own_server_changes(values.old, values.new, old, new)
    yield from _identity(old, new)
    yield from _role(old.role, new.role)
    yield from extension_changes(before, after)
    yield from parameter_changes(values, old, new)
    yield from body_changes(values, old.body, new.body)
    yield from response_changes(values, old, new)
    yield from callback_changes(values, old, new)
    yield from _words(old, new)


def _address_key(api: Api, operation: Operation) -> str:
    return f"{operation.method} {first_address(api, operation)}"


def _located_template(api: Api, operation: Operation) -> str:
    return template(_address_key(api, operation))


def _call(_: Api, operation: Operation) -> str:
    return call(operation)


def _call_template(_: Api, operation: Operation) -> str:
    return template(call(operation))


def _call_of(api: Api, id_: str) -> str:
    """An operation that another names, by method and path; its id where there is none."""
    return next((template(call(one)) for one in api.operations if one.id == id_), id_)


def _self_contained(api: Api, operation: Operation) -> Operation:
    """The operation with others named by method and path, as their ids may change."""
    job, retry = operation.job, operation.retry
    if job:
        status, download = (_call_of(api, id_) for id_ in (job.status_operation, job.download_operation))
        job = replace(job, status_operation=status, download_operation=download)
    if retry.lookup:
        retry = replace(retry, lookup=_call_of(api, retry.lookup))
    return replace(operation, job=job, retry=retry)


def _identity(old: Operation, new: Operation) -> Found:
    if old.id != new.id and template(old.path) == template(new.path):
        yield _HERE.build_finding("operation-id-changed", f"the id is {was(old.id, new.id)}")
    if old.tag != new.tag:
        yield _HERE.build_finding("tag-changed", f"the tag is {was(old.tag, new.tag)}")


def _role(old: str, new: str) -> Found:
    if old != new:
        kind = "changed" if old and new else "restricted" if new else "lifted"
        yield _HERE.build_finding(f"role-{kind}", f"the role that may call it is {was(old, new)}")


def _words(old: Operation, new: Operation) -> Found:
    if old.deprecated != new.deprecated:
        yield deprecation(_HERE, new.deprecated)
    if old.replaced_by != new.replaced_by:
        yield _HERE.build_finding("successor-changed", f"the successor is {was(old.replaced_by, new.replaced_by)}")
    yield from description_changes(_SUMMARY, old.summary, new.summary)
    yield from description_changes(_HERE, old.description, new.description)
    yield from source_changes(_HERE, old.source, new.source)
