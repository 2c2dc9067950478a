"""The class of each resource, and the handler of each operation."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ForeignKeyConstraint, Index, func

from ..api import Description, Operation, Resource
from ..http.context import Handler
from ..http.signed_links import Links
from ..loading.described_contents import DescribedContents
from ..storage.files import Files
from ..storage.jobs import Jobs
from ..storage.sql_types import TENANT
from .crud import Crud, Shared
from .examples import ExampleHandler, lacks_members
from .exams.attachments import Attachments
from .exams.documents import Documents
from .exams.exams import Exams
from .fitting import FittingHandler
from .identity_providers import IdentityProviders
from .institutes import Institutes
from .lti_resources import LtiResources
from .sessions.student_sessions import StudentSessions
from .tool_providers import ToolProviders
from .users import Users

_LONGEST_NAME = 40  # PostgreSQL takes 63 characters
_SPECIAL: Mapping[str, type[Crud]] = {
    "attachments": Attachments,
    "documents": Documents,
    "exams": Exams,
    "identity_providers": IdentityProviders,
    "institutes": Institutes,
    "lti_resources": LtiResources,
    "student_sessions": StudentSessions,
    "tool_providers": ToolProviders,
    "users": Users,
}


def create_resources(description: Description, jobs: Jobs, files: Files, links: Links) -> dict[str, Crud]:
    """The object that handles each resource."""
    by_resource: dict[str, Crud] = {}
    shared = Shared(by_resource, jobs, files, links)
    classes = _classes(description)
    by_resource |= {resource.name: classes[resource.name](resource, shared) for resource in description.resources}
    return by_resource


def add_constraints(description: Description) -> None:
    """Adds unique indexes and foreign keys to the tables, once."""
    resources = {resource.name: resource for resource in description.resources}
    for name, resource_class in _classes(description).items():
        for group in resource_class.unique:
            _make_unique(resources[name], group, resource_class.caseless)
        for column, other in resource_class.references.items():
            if other in resources:
                _refer(resources[name], column, resources[other], cascades=column in resource_class.cascades)
    for operation in (operation for api in description.apis for operation in api.operations if operation.filter):
        lead = operation.parent_columns[-1].column if operation.parent_columns else TENANT
        for member in operation.filter.columns if operation.filter else ():
            _keep_in_order(resources[operation.resource], lead, member.name)


def handlers(description: Description, by_resource: Mapping[str, Crud]) -> dict[tuple[str, str], Handler]:
    """The handler of each operation, by version and operation id: its own, that of its kind, or its example."""
    by_operation: dict[tuple[str, str], Handler] = {}
    for api in description.apis:
        contents = DescribedContents(api)
        for operation in api.operations:
            crud = by_resource[operation.resource]
            by_operation[api.name, operation.id] = _handler(operation, crud, contents)
    return by_operation


def _handler(operation: Operation, crud: Crud, contents: DescribedContents) -> Handler:
    """What is derived alone is held to the description; of what is written by hand tests do that."""
    own = None if lacks_members(operation) else crud.handler(operation)
    if own is None:
        return ExampleHandler(operation, crud, contents)
    is_derived = type(crud) is Crud and operation.success.schema is not None
    return FittingHandler(own, operation, contents) if is_derived else own


def operations_without_handler(description: Description, by_operation: Mapping[tuple[str, str], Handler]) -> list[str]:
    """The operations that only send their example."""
    return [
        f"{api.name} {operation.method} {operation.path} ({operation.id})"
        for api in description.apis
        for operation in api.operations
        if isinstance(by_operation[api.name, operation.id], ExampleHandler)
    ]


def _classes(description: Description) -> dict[str, type[Crud]]:
    names = {resource.name for resource in description.resources}
    return {resource.name: _class_for(resource, names) for resource in description.resources}


def _class_for(resource: Resource, names: Collection[str]) -> type[Crud]:
    """The special class if the description has what it needs, Crud otherwise."""
    special = _SPECIAL.get(resource.name, Crud)
    fits = special.required_columns <= {
        column.key for column in resource.table.c
    } and special.required_resources <= set(names)
    return special if fits else Crud


def _make_unique(resource: Resource, group: tuple[str, ...], caseless: Collection[str]) -> None:
    table = resource.table
    name = f"unique_{table.name}_{'_'.join(group)}"
    if name not in {index.name for index in table.indexes} and {*group} <= {*table.c.keys()}:
        compared = (func.lower(table.c[column]) if column in caseless else table.c[column] for column in group)
        Index(name, *compared, unique=True)


def _keep_in_order(resource: Resource, lead: str, member: str) -> None:
    """An index that finds a page of a filtered and sorted list without reading other pages."""
    table = resource.table
    if member not in table.c or any([lead, member] == [*index.columns.keys()][:2] for index in table.indexes):
        return
    name = f"order_{table.name[:_LONGEST_NAME]}_{len(table.indexes)}"
    column, key = table.c[member], table.c[resource.key]
    Index(f"{name}_first", table.c[lead], column, key).ddl_if(dialect="sqlite")  # where nulls are first anyway
    Index(f"{name}_nulls", table.c[lead], column.asc().nulls_first(), key).ddl_if(dialect="postgresql")


def _refer(resource: Resource, column: str, other: Resource, *, cascades: bool) -> None:
    """A foreign key: the row is deleted with the object that it refers to, or set to null."""
    table = resource.table
    name = f"reference_{table.name}_{column}"
    if column not in table.c or table.c[column].foreign_keys:
        return
    end = "CASCADE" if cascades else "SET NULL"
    table.append_constraint(
        ForeignKeyConstraint([table.c[column]], [other.table.c[other.key]], name=name, ondelete=end)
    )
    Index(name, table.c[column])
