"""What can be set on an object, and whether the answer tells it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ir import Api, Frozen, Operation, Property, Schema, thaw

_FORMATS = {"date-time": "moment", "binary": "file"}
_TYPES = {"boolean": "flag", "integer": "integer", "number": "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """A property of a request body.

    `kind` is text, word (of a list), flag, integer, number, moment, file or other; `limits` are
    the bounds that its schema sets; `shown` says that the answer tells the value back under the same name.
    """

    name: str
    required: bool
    kind: str
    words: tuple[Frozen, ...]
    limits: tuple[tuple[str, object], ...]
    nullable: bool
    shown: bool


def settings(api: Api, operation: Operation, members: tuple[Property, ...]) -> Iterator[SettingView]:
    """The properties of the operation's body; `members` are those of the object that it answers with."""
    if operation.body is None:
        return
    told = {m.name: kind(api, m.schema) for m in members if not m.secret and not _may_be_rewritten(api, m.schema)}
    for prop in operation.settings:
        schema = canonical(api, prop.schema)
        yield SettingView(
            name=prop.name,
            required=prop.required,
            kind=kind(api, prop.schema),
            words=schema.enum,
            limits=tuple((name, thaw(value)) for name, value in schema.limits),
            nullable=api.resolve(prop.schema).nullable,
            shown=not prop.secret and told.get(prop.name) == kind(api, prop.schema) != "file",
        )


def examples(operation: Operation) -> object:
    """The first example of the operation's body; an empty object where there is none."""
    body = operation.body
    return thaw(body.examples[0].value) if body and body.examples else {}


def canonical(api: Api, schema: Schema) -> Schema:
    """The form of a value that is sent: the first of those that are taken."""
    schema = api.resolve(schema)
    while schema.variants:
        schema = api.resolve(schema.variants[0])
    return schema


def kind(api: Api, schema: Schema) -> str:
    """What a value is to somebody who makes one up."""
    schema = canonical(api, schema)
    if schema.enum:
        return "word"
    if schema.types != ("string",):
        return _TYPES.get(schema.types[0], "other") if len(schema.types) == 1 else "other"
    if schema.format:
        return _FORMATS.get(schema.format, "other")
    return "other" if any(name == "pattern" for name, _ in schema.limits) else "text"


def _may_be_rewritten(api: Api, schema: Schema) -> bool:
    """Whether a text may as well hold a document that is made of it, such as a list in JSON."""
    return any(dict(api.resolve(one).further).get("contentMediaType") for one in api.resolve(schema).variants)


def references(api: Api, operation: Operation) -> Iterator[tuple[str, str]]:
    """The settings and required query parameters that name objects, with the operation that creates such objects."""
    for one in operation.references:
        yield one.name, api.resource(one.resource).creator if one.resource else ""


def tenant(api: Api, members: tuple[Property, ...]) -> str:
    """The member that names what only some may create, such as the institute that an object belongs to; or nothing."""
    restricted = [one for one in api.resources if any(api.operation(creator).role for creator in one.creators)]
    names = {one.reference for one in restricted if one.reference}
    return next((member.name for member in members if member.name in names), "")
