"""Media types, by what they mean: letters of either case, and a charset that is the usual one, say nothing."""

from __future__ import annotations

from collections.abc import Iterable

from generator.diff.texts import join_words
from generator.diff.values.schemas import Values
from generator.diff.where import Found, Where
from generator.ir import Content, Schema

_USUAL = ("charset=utf-8", "charset=us-ascii")
_TEXTS = ("json", "xml", "text", "form", "yaml")


def media_type(text: str) -> str:
    """The type, with the parameters that matter in one order."""
    name, *parameters = (part.strip().lower().replace('"', "") for part in text.split(";"))
    return ";".join((name, *sorted(one for one in parameters if one and one not in _USUAL)))


def content_changes(values: Values, where: Where, old: tuple[Content, ...], new: tuple[Content, ...]) -> Found:
    """What bodies of the same media type hold."""
    before = {media_type(content.media_type): content.schema for content in old}
    for content in new:
        name = media_type(content.media_type)
        if name in before and not (_is_file(name, before[name]) and _is_file(name, content.schema)):
            yield from values.compare(where, before[name], content.schema)


def media_changes(where: Where, prefix: str, old: Iterable[str], new: Iterable[str]) -> Found:
    """Media types that came or went."""
    before, after = ({media_type(one): one for one in side} for side in (old, new))
    for kind, some, others in (("removed", before, after), ("added", after, before)):
        if odd := [name for key, name in some.items() if key not in others]:
            yield where.build_finding(f"{prefix}-media-type-{kind}", f"{kind}: {join_words(odd)}")


def _is_file(name: str, schema: Schema) -> bool:
    """A body without a schema, or a binary one, of a type that is no text: bytes either way."""
    bare = not (schema.types or schema.variants or schema.reference or schema.enum)
    return not any(word in name for word in _TEXTS) and (bare or schema.format == "binary")
