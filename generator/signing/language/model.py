"""A signing scheme as typed data: the long form of `x-signing`, after it was read.

A message is a part; a part is a source, a text, a moment, a set of parameters or a group of
parts, and the transforms that are applied to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..orders import Order
from ..text import ValueText
from ..transforms import HashName, Transform
from .clock import read_moment, write_moment

Place = Literal["query", "header", "body", "fields"]
# `header`, `credential` and `setting` have a name; `name` and `value` are of a pair, or a part.
SourceKind = Literal[
    "authorization",
    "authority",
    "body",
    "credential",
    "form",
    "header",
    "headers",
    "host",
    "method",
    "name",
    "nonce",
    "path",
    "port",
    "query",
    "scheme",
    "setting",
    "signature",
    "target",
    "timestamp",
    "uri",
    "url",
    "value",
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text comes from: `method`, `header` with a name, `value` with the name of a named part, ..."""

    kind: SourceKind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Text:
    """Constant text with sources in it, in order."""

    pieces: tuple[str | Source, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of the timestamp in another form, or one that is some seconds later."""

    format: str
    offset_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Pairs of name and value from several places, put in order, written and joined.

    `sources` are places of the request or, as a tuple, own pairs of a name and a part. `value_text` is
    how a value becomes text before the transforms.
    """

    sources: tuple[SourceKind | tuple[tuple[str, Part], ...], ...]
    pair: tuple[str | Source, ...]
    separator: str
    order: Order
    repeated: Literal["each", "unique", "first-source", "join"]
    joiner: str
    only: tuple[str, ...]
    exclude: tuple[str, ...]
    empty: Literal["keep", "drop", "name"]
    names: tuple[Transform, ...]
    values: tuple[Transform, ...]
    value_text: ValueText


@dataclass(frozen=True, slots=True)
class Group:
    """Parts, joined."""

    parts: tuple[Part, ...]
    joiner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: what it is made of, `before` in front of it unless it is empty, then the transforms.

    A Transform of None is `sign`. `only_without` is a header beside which the part is empty.
    """

    form: Source | Text | Clock | Parameters | Group
    transforms: tuple[Transform | None, ...] = ()
    only_with_body: bool = False
    before: str = ""
    only_without: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The key: a part, and further parts it is derived with. `form` is how a derived key is written."""

    part: Part
    derive: tuple[Part, ...] = ()
    form: tuple[Transform, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderChoice:
    """Which headers are signed. `required` are those that a verifier insists on."""

    names: tuple[str, ...]
    exclude: tuple[str, ...]
    required: tuple[str, ...]
    order: Literal["as-listed", "name-bytes"]
    joiner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """The timestamp: its format, and the seconds that it may be in the past and in the future.

    None is without a limit; `past` may be the name of a setting that is sent along. `zone_seconds` is how far
    a pattern, also that of a Clock, is ahead of UTC.
    """

    format: str
    past: int | str | None
    future: int | None
    offset_seconds: int
    zone_seconds: int = 0

    def write(self, now_ms: int) -> str:
        """The text of a moment, given in milliseconds since 1970."""
        return write_moment(self.format, now_ms, self.zone_seconds)

    def read(self, text: str) -> int | None:
        """The milliseconds since 1970 that a text says, or None if it is not written so."""
        return read_moment(self.format, text, self.zone_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce:
    """The nonce: its type, and for how long it must not be used again; 0 is without a limit."""

    type: Literal["string", "integer", "uuid", "hex", "base64", "increasing"]
    unique_for_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One named text of a placement; `signs` if the signature stands in it."""

    name: str
    part: Part
    signs: bool
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where fields are put. In `fields` they make up one header, written with `pair` and `separator`.

    `accept` are the places that a verifier takes them from, the first that has one; `several` parts
    the signatures of a header that may carry more than one.
    """

    place: Place
    fields: tuple[Field, ...]
    several: str = ""
    header: str = ""
    word: str = ""
    pair: tuple[str | Source, ...] = ()
    separator: str = ""
    values: tuple[Transform, ...] = ()
    accept: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A credential or a setting: what it is for, whether it may be missing, what it is if it is not given."""

    description: str = ""
    optional: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningScheme:
    """A whole scheme. `hash` is the hash function, `keyed` whether it is an HMAC with the key."""

    direction: Literal["request", "delivery"]
    hash: HashName
    keyed: bool
    digest: tuple[Transform, ...]
    key: Key | None
    message: Part
    headers: HeaderChoice | None
    values: Mapping[str, Part]
    timestamp: Timestamp | None
    nonce: Nonce | None
    placements: tuple[Placement, ...]
    credentials: Mapping[str, Declared]
    settings: Mapping[str, Declared]
