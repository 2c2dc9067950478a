"""The operations of one version, with all that the suite needs to call them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from procwise_conformance.description import Api, Operation as Described, Parameter, Resource, thaw
from procwise_conformance.description.samples import sample_of

from ..api import Json, Operation, Placeholder
from .settings import settings


def operations(api: Api) -> tuple[Operation, ...]:
    """All operations of the version."""
    names = {one.reference for one in api.resources if any(api.operation(id_).role for id_ in one.creators)} - {""}
    return tuple(_extend(api, operation, names) for operation in api.operations)


def _extend(api: Api, operation: Described, restricted: set[str]) -> Operation:
    known: dict[str, Any] = {one.name: getattr(operation, one.name) for one in fields(operation) if one.init}
    resource, members = api.resource(operation.resource), operation.members
    return Operation(
        **known,
        placeholders=tuple(_placeholders(api, operation)),
        required_query=tuple((one.name, _sample(one)) for one in operation.in_("query") if one.required),
        example=_example(operation, resource) if operation.body else None,
        identity=resource.identity,
        destroyer=resource.destroyer if operation.kind == "create" else "",
        settable=tuple(settings(operation, members or resource.members)),
        named=tuple((one.name, _creator(api, one.resource)) for one in operation.references),
        tenant=next((member.name for member in members if member.name in restricted), ""),
        narrowing=tuple(_list_narrowing(operation)),
        expiring=tuple((member.name, member.expires_in) for member in members if member.expires_in),
    )


def _placeholders(api: Api, operation: Described) -> Iterator[Placeholder]:
    """What a path names, outermost first; a list is one on the path before the placeholder."""
    named = [(parent.placeholder, parent.resource) for parent in operation.parents]
    named += [(operation.item, operation.resource)] if operation.item else []
    schemas = {parameter.name: parameter.schema.resolve() for parameter in operation.in_("path")}
    for name, resource in named:
        collection = operation.path.partition(f"/{{{name}}}")[0]
        listers = api.resource(resource).listers if resource else ()
        yield Placeholder(
            name=name,
            integer=name in schemas and schemas[name].types == ("integer",),
            uuid=name in schemas and schemas[name].format == "uuid",
            creator=_creator(api, resource),
            lister=next((id_ for id_ in listers if api.operation(id_).path == collection), ""),
            reference=(api.resource(resource).reference if resource else "") or name,
        )


def _creator(api: Api, resource: str) -> str:
    return api.resource(resource).creator if resource else ""


def _example(operation: Described, resource: Resource) -> Json:
    """The first example, or else a value that the schema allows, out of its wrapper.

    If nothing is required in a change, that is what can be set of what objects show.
    """
    body = operation.body
    if body is None:
        return None
    example: Any = thaw(body.examples[0].value) if body.examples else sample_of(body.schema)
    example = example.get(body.envelope, example) if isinstance(example, dict) else example
    if example or body.examples or operation.kind not in ("update", "replace"):
        return example
    shown = {one.name for one in resource.members}
    return {one.name: thaw(sample_of(one.schema)) for one in body.members if one.name in shown}


def _sample(parameter: Parameter) -> Json:
    """A value for a required query parameter: its example, or the plainest value of its type."""
    schema = parameter.schema.resolve()
    known = [example.value for example in parameter.examples] + [*schema.examples, *schema.enum]
    return thaw(known[0]) if known else (1 if "integer" in schema.types else "1")


def _list_narrowing(operation: Described) -> Iterator[tuple[str, tuple[Json, ...]]]:
    """The query parameters that ask for one word of a member, with all its words."""
    words = {member.name: member.schema.canonical.enum for member in operation.members}
    for parameter in operation.in_("query"):
        enum = parameter.schema.canonical.enum
        if enum and enum == words.get(parameter.name):
            yield parameter.name, enum
