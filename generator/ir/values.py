"""What a value may be, and where that is known from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .closed_sets import Confidence, JsonType
from .frozen import Frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact comes from: its pages, and whether it is `documented` or `inferred`."""

    pages: tuple[str, ...]
    confidence: Confidence
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A name that operations are grouped under, and what they are about."""

    name: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTitle:
    """What a page is called that facts come from, or every page below an address."""

    page: str
    title: str
    description: str

    def name_page(self, page: str) -> str:
        """What the title calls that page: itself, with the rest of an address; empty if it is about other pages."""
        if page == self.page:
            return self.title
        if not (is_address(self.page) and page.startswith(self.page)):
            return ""
        rest = posixpath.splitext(re.split(r"[?#]", page.removeprefix(self.page))[0])[0].strip("/")
        return f"{self.title}, {rest}" if rest else self.title


def is_address(page: str) -> bool:
    """Whether a page is named by its address, so that readers can open it."""
    return page.startswith(("http://", "https://"))


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
    Schemas that differ only in their place are equal. `target` is the component that a
    reference leads to, set by the `Api` that holds both.
    """

    name: str
    reference: str
    types: tuple[JsonType, ...]
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
    target: Schema | None = field(default=None, compare=False, repr=False)

    def resolve(self) -> Schema:
        """The schema itself, or the component that it refers to."""
        schema = self
        while schema.target is not None:
            schema = schema.target
        return schema

    @property
    def canonical(self) -> Schema:
        """The form of a value that is sent: the first of those that are accepted."""
        schema = self.resolve()
        while schema.variants:
            schema = schema.variants[0].resolve()
        return schema

    @property
    def element(self) -> Schema:
        """The item of a list, or else the schema itself."""
        return self.resolve().items or self

    def unwrap(self, key: str) -> Schema | None:
        """What lies under that key, or None; the schema itself for no key."""
        if not key:
            return self
        return next((member.schema for member in self.resolve().properties if member.name == key), None)

    def parts(self) -> Iterator[Schema]:
        """The schemas written inside this one."""
        yield from (member.schema for member in self.properties)
        yield from self.variants
        yield from (schema for schema in (self.items, self.additional) if schema is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One named member of an object schema.

    `expires_in` are the seconds that an address works, 0 if that is not known; `group` is what it is shown under;
    `replaced_by` is its name in the successor of the operation, after an operation id if it is sent to another one.
    """

    name: str
    schema: Schema
    required: bool
    description: str
    deprecated: bool
    secret: bool
    pii: bool
    source: Source | None
    expires_in: int = 0
    group: str = ""
    replaced_by: str = ""
