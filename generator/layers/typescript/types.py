"""The types of TypeScript: what responses hold, and what may be sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.ir import Api, Property, Schema, thaw
from generator.names import distinct, pascal

_TYPES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "object": "{ [name: string]: unknown }",
    "array": "unknown[]",
}
_SENT = {
    "string": ("string",),
    "integer": ("number", "bigint"),
    "number": ("number", "Decimal"),
    "boolean": ("boolean",),
    "object": ("{ readonly [name: string]: Json }",),
    "array": ("readonly Json[]",),
}
_LARGE = ("int64", "uint64")
_DEEPEST = 3  # references that are written out within another; a name stands for what is below
_MOMENTS = ("date-time", "date")
_TAKEN = ("Decimal", "Json", "Uploadable", "Date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of an interface: its key as it is written there, its type, and what is known of it."""

    key: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A component schema: an interface with members, or another name for a type."""

    name: str
    about: str
    members: tuple[Member, ...]
    type: str


class Types:
    """The types of one version. A component is referred to by its name below `prefix`."""

    def __init__(self, api: Api, prefix: str = "") -> None:
        names = distinct((*_TAKEN, *(pascal(schema.name) for schema in api.schemas)))[len(_TAKEN) :]
        self._names: Mapping[str, str] = dict(zip((schema.name for schema in api.schemas), names, strict=True))
        self._api = api
        self._prefix = prefix
        self._open = 0  # references that are being written out

    def models(self) -> Iterator[Model]:
        """The components in the order of the description."""
        for schema in self._api.schemas:
            yield Model(
                name=self._names[schema.name],
                about=_describe(schema.description, schema),
                members=tuple(map(self._member, schema.properties)),
                type="" if schema.properties else self._read(schema),
            )

    def write_read_type(self, schema: Schema) -> str:
        """What a response holds."""
        return _join(self._forms(schema, is_sent=False))

    def write_sent_type(self, schema: Schema) -> str:
        """What may be sent: every form, a `Date` for a moment, a file for bytes."""
        return _join(self._forms(schema, is_sent=True))

    def _member(self, member: Property) -> Member:
        return Member(
            key=write_key(member.name),
            type=self.write_read_type(member.schema),
            required=member.required,
            about=_describe(member.description, member.schema) + ("\n@deprecated" if member.deprecated else ""),
        )

    def _read(self, schema: Schema) -> str:
        return _join(self._own_forms(schema, is_sent=False))

    def _forms(self, schema: Schema, *, is_sent: bool) -> Iterator[str]:
        if schema.reference and (not is_sent or self._is_named(schema) or self._open >= _DEEPEST):
            yield self._prefix + self._names[schema.reference]
        elif schema.target is not None:
            self._open += 1
            forms = tuple(self._forms(schema.target, is_sent=is_sent))
            self._open -= 1
            yield from forms
        else:
            yield from self._own_forms(schema, is_sent=is_sent)
        if schema.nullable:
            yield "null"

    def _is_named(self, schema: Schema) -> bool:
        """Whether what is sent has the type of what is read: an object, which may lead to itself, or an enum."""
        target = schema.resolve()
        return bool(target.properties or target.enum)

    def _own_forms(self, schema: Schema, *, is_sent: bool) -> Iterator[str]:
        if schema.variants:
            for variant in schema.variants:
                yield from self._forms(variant, is_sent=is_sent)
        elif schema.enum:
            yield from (write_literal(thaw(value)) for value in schema.enum)
        elif schema.items is not None:
            inner = self.write_sent_type(schema.items) if is_sent else self.write_read_type(schema.items)
            yield f"{'readonly ' * is_sent}{_group(inner)}[]"
        elif schema.properties:
            yield self._write_object(schema, is_sent=is_sent)
        elif schema.additional is not None:
            inner = self.write_sent_type(schema.additional) if is_sent else self.write_read_type(schema.additional)
            yield f"{{ {'readonly ' * is_sent}[name: string]: {inner} }}"
        else:
            yield from self._plain(schema, is_sent=is_sent)
        if schema.nullable and not schema.variants:
            yield "null"

    def _write_object(self, schema: Schema, *, is_sent: bool) -> str:
        members = []
        for one in schema.properties:
            about = self.write_sent_type(one.schema) if is_sent else self.write_read_type(one.schema)
            about += " | undefined" if is_sent and not one.required else ""
            members.append(f"{write_key(one.name)}{'' if one.required else '?'}: {about}")
        return "{ " + "; ".join(members) + " }"

    def _plain(self, schema: Schema, *, is_sent: bool) -> Iterator[str]:
        if schema.format == "binary" and is_sent:
            yield "Uploadable"
            return
        if not schema.types:
            yield "Json" if is_sent else "unknown"
        for kind in schema.types:
            yield from _SENT[kind] if is_sent else (_TYPES[kind],)
            if kind == "string" and is_sent and schema.format in _MOMENTS:
                yield "Date"
            if kind == "integer" and schema.format in _LARGE:
                yield "bigint"


def write_key(name: str) -> str:
    """A member's name as an interface has it."""
    return name if re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", name) else write_literal(name)


def write_literal(value: object) -> str:
    """A JSON value as a type; objects and lists have none of their own."""
    if isinstance(value, str):
        text = json.dumps(value)
        return re.sub(r"[<>&]", lambda found: f"\\u{ord(found[0]):04x}", text)
    if isinstance(value, float):
        return "number"
    return json.dumps(value) if value is None or isinstance(value, bool | int) else "unknown"


def _describe(description: str, schema: Schema) -> str:
    form = {"date-time": "A moment as ISO 8601 text.", "date": "A day as ISO 8601 text."}.get(schema.resolve().format)
    return " ".join(filter(None, (" ".join(description.split()), form)))


def _group(text: str) -> str:
    return f"({text})" if "|" in text or text.startswith("readonly") else text


def _join(forms: Iterator[str]) -> str:
    parts = tuple(dict.fromkeys(forms))
    return "unknown" if "unknown" in parts else " | ".join(parts)
