"""What a value may be, and where that is known from."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.ir.frozen import Frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact comes from: its pages, and whether it is `documented` or `inferred`."""

    pages: tuple[str, ...]
    confidence: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A named example; `value` is JSON data."""

    name: str
    summary: str
    value: Frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What a value may be.

    `types` are JSON types without `null`; empty means any. `variants` are the members of
    oneOf / anyOf, the first being the canonical form. `limits` are the validation keywords
    in force, such as ("maximum", 300). `default` is JSON text, or empty where none is given.
    `open` objects may hold members that are not described, of the schema `additional` if there
    is one. `further` are the keywords that no other field speaks of, without descriptions.
    `definition` is the JSON Schema as written, its references pointing into the bundle.
    Schemas that differ only in their place are equal.
    """

    name: str
    reference: str
    types: tuple[str, ...]
    nullable: bool
    format: str
    description: str
    enum: tuple[Frozen, ...]
    default: str
    limits: tuple[tuple[str, Frozen], ...]
    items: Schema | None
    properties: tuple[Property, ...]
    open: bool
    additional: Schema | None
    variants: tuple[Schema, ...]
    further: tuple[tuple[str, Frozen], ...]
    examples: tuple[Frozen, ...]
    definition: Frozen
    file: str = field(compare=False)
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One named member of an object schema; `expires_in` are the seconds that an address works, 0 if not told."""

    name: str
    schema: Schema
    required: bool
    description: str
    deprecated: bool
    secret: bool
    pii: bool
    source: Source | None
    expires_in: int = 0
