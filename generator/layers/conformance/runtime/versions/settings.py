"""What can be set on an object, and whether the response shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from procwise_conformance.description import Operation, Property, Schema, thaw

from ..api import Setting, SettingKind

_FORMATS: Mapping[str, SettingKind] = {"date-time": "moment", "binary": "file"}
_TYPES: Mapping[str, SettingKind] = {"boolean": "flag", "integer": "integer", "number": "number"}


def settings(operation: Operation, members: Iterable[Property]) -> Iterator[Setting]:
    """The properties of the operation's body; `members` are those of the object that responses show."""
    shown = {m.name: _kind(m.schema) for m in members if not m.secret and not _may_be_rewritten(m.schema)}
    for one in operation.settings:
        schema = one.schema.canonical
        yield Setting(
            name=one.name,
            required=one.required,
            kind=_kind(schema),
            words=schema.enum,
            limits=tuple((name, thaw(value)) for name, value in schema.limits),
            nullable=one.schema.resolve().nullable,
            shown=not one.secret and shown.get(one.name) == _kind(schema) != "file",
        )


def _kind(schema: Schema) -> SettingKind:
    """What a value is to somebody who makes one up."""
    schema = schema.canonical
    if schema.enum:
        return "word"
    if schema.types != ("string",):
        return _TYPES.get(schema.types[0], "other") if len(schema.types) == 1 else "other"
    if schema.format:
        return _FORMATS.get(schema.format, "other")
    return "other" if any(name == "pattern" for name, _ in schema.limits) else "text"


def _may_be_rewritten(schema: Schema) -> bool:
    """Whether a text may as well hold a document that is made of it, such as a list in JSON."""
    return any(dict(one.resolve().further).get("contentMediaType") for one in schema.resolve().variants)
