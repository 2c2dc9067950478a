"""What is sent and what comes back: parameters, bodies, responses."""

from __future__ import annotations

from dataclasses import dataclass

from .closed_sets import Location
from .values import Example, Property, Schema, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A path, query or header parameter; also used for response headers.

    `style` is how lists and objects are written: OpenAPI's word, with `exploded` behind it
    where each item stands alone, or the media type of a text.
    """

    name: str
    location: Location
    style: str
    schema: Schema
    required: bool
    description: str
    deprecated: bool
    secret: bool
    pii: bool
    examples: tuple[Example, ...]
    source: Source | None
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One form of a body or a response: its media type and what it holds."""

    media_type: str
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body; its contents of JSON come first, and the first one is sent."""

    contents: tuple[Content, ...]
    required: bool
    envelope: str
    description: str
    examples: tuple[Example, ...]

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types that are accepted, the one that is sent first."""
        return tuple(content.media_type for content in self.contents)

    @property
    def schema(self) -> Schema:
        """What is sent."""
        return self.contents[0].schema

    @property
    def members(self) -> tuple[Property, ...]:
        """What can be set, out of its wrapper."""
        inside = self.schema.unwrap(self.envelope)
        return inside.resolve().properties if inside is not None else ()

    @property
    def files(self) -> frozenset[str]:
        """The members that are uploaded as files."""
        return frozenset(member.name for member in self.members if member.schema.resolve().format == "binary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One documented response. `name` is the component's name, or the status' phrase.

    `envelope` is the wrapper key; no `contents` are a response without a body.
    """

    status: int
    name: str
    description: str
    contents: tuple[Content, ...]
    envelope: str
    headers: tuple[Parameter, ...]
    examples: tuple[Example, ...]
    source: Source | None

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """The first media type, empty for a response without a body."""
        return self.contents[0].media_type if self.contents else ""

    @property
    def schema(self) -> Schema | None:
        """The schema of the first media type, None for a response without a body."""
        return self.contents[0].schema if self.contents else None
