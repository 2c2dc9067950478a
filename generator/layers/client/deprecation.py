"""What to use in place of a deprecated operation."""

from __future__ import annotations

from generator.ir import Api, Operation, Project
from generator.names import snake


def remedy(project: Project, api: Api, operation: Operation) -> str:
    """What a caller should use in place of a deprecated operation; empty for one that is not deprecated.

    `replaced_by` is an operation id, preceded by a version if it is of another one, or says why there is none.
    """
    if not operation.deprecated:
        return ""
    wanted = [api.name, *operation.replaced_by.split()][-2:]
    for other in project.apis:
        for successor in other.operations:
            if [other.name, successor.id] == wanted:
                return f"use {method_name(successor)}{'' if other is api else f' of {project.client}.{other.name}'}"
    reason = " ".join(operation.replaced_by.removeprefix("none").removeprefix(":").split())
    return f"there is no successor: {reason}" if reason else "there is no successor"


def method_name(operation: Operation) -> str:
    """The method of an operation as a caller writes it, such as `exams.list`."""
    return f"{snake(operation.resource)}.{snake(operation.name)}"
