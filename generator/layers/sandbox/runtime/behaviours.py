"""Which behaviour each resource has, and what carries out each operation."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Index

from .crud import Crud, Handler
from .exams import Exams
from .jobs import Jobs
from .model import Description, Resource
from .refusals import SandboxError
from .student_sessions import StudentSessions

_SPECIAL: Mapping[str, type[Crud]] = {"exams": Exams, "student_sessions": StudentSessions}


def behaviours(description: Description, jobs: Jobs) -> dict[str, Crud]:
    """The behaviour of each resource."""
    resources = {resource.name: resource for resource in description.resources}
    return {name: _kind(resource)(resource, resources, jobs) for name, resource in resources.items()}


def constrain(description: Description) -> None:
    """Adds the unique groups of the behaviours to the described tables, once."""
    for resource in description.resources:
        table = resource.table
        for group in _kind(resource).unique:
            name = f"unique_{table.name}_{'_'.join(group)}"
            if name not in {index.name for index in table.indexes}:
                Index(name, *(table.c[column] for column in group), unique=True)


def handlers(description: Description, by_resource: Mapping[str, Crud]) -> dict[tuple[str, str], Handler]:
    """What carries out each operation, by version and operation id; an error where there is nothing."""
    found: dict[tuple[str, str], Handler] = {}
    lacking: list[str] = []
    for api in description.apis:
        for operation in api.operations:
            crud = by_resource.get(operation.resource)
            handler = crud.handler(operation) if crud else None
            if handler is None:
                lacking.append(
                    f"{api.name} {operation.method} {operation.path} ({operation.resource}.{operation.name})"
                )
            else:
                found[api.name, operation.id] = handler
    if lacking:
        raise SandboxError("no behaviour for described operations: " + "; ".join(lacking))
    return found


def _kind(resource: Resource) -> type[Crud]:
    """The special behaviour where the resource has what it works on, the usual one otherwise."""
    special = _SPECIAL.get(resource.name, Crud)
    return special if special.needs <= {column.key for column in resource.table.c} else Crud
