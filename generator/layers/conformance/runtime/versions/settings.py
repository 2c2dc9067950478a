"""What can be set on an object, and whether the response shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from procwise_conformance.description import Operation, Property, Schema, thaw
from procwise_conformance.description.samples import sample_of

from ..api import Setting, SettingKind

_FORMATS: Mapping[str, SettingKind] = {"date-time": "moment", "binary": "file"}
_DEEPEST = 3
_TYPES: Mapping[str, SettingKind] = {"boolean": "flag", "integer": "integer", "number": "number"}


def settings(operation: Operation, members: Iterable[Property]) -> Iterator[Setting]:
    """The properties of the operation's body; `members` are those of the object that responses show."""
    shown = {m.name: _kind(m.schema) for m in members if not m.secret and not _may_be_rewritten(m.schema)}
    for one in operation.settings:
        is_shown = not one.secret and shown.get(one.name) == _kind(one.schema) != "file"
        yield _build_setting(one.name, one.schema, required=one.required, shown=is_shown)


def _build_setting(name: str, schema: Schema, *, required: bool, shown: bool = False, depth: int = 0) -> Setting:
    canonical = schema.canonical
    is_list = canonical.types == ("array",) and canonical.items is not None and depth < _DEEPEST
    return Setting(
        name=name,
        required=required,
        kind=_kind(canonical),
        words=canonical.enum,
        limits=tuple((limit, thaw(value)) for limit, value in canonical.limits),
        nullable=schema.resolve().nullable,
        shown=shown,
        default=schema.default or canonical.default,
        item=_build_setting(name, canonical.items, required=True, depth=depth + 1)
        if is_list and canonical.items
        else None,
        sample=sample_of(schema),
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
