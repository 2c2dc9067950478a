"""What a plain value may be: null, format, words, members that are not described, rarer keywords."""

from __future__ import annotations

from generator.diff.texts import join_words, json_text
from generator.diff.values.forms import allows_anything
from generator.diff.where import Found, Where
from generator.ir import Schema

_ONE_SIDED = {"readOnly": "read-only", "writeOnly": "write-only"}


def null_change(where: Where, old: Schema, new: Schema) -> Found:
    """Null that became a value, or none."""
    if any(allows_anything(schema) and not schema.reference for schema in (old, new)):
        return  # anything includes null; what became of the type is reported instead
    if old.nullable and not new.nullable:
        yield where.build_value_finding("became-not-nullable", "null is no value any more")
    if new.nullable and not old.nullable:
        yield where.build_value_finding("became-nullable", "null is a value now")


def keyword_changes(where: Where, old: Schema, new: Schema) -> Found:
    """The rarer keywords, as text."""
    before, after = dict(old.further), dict(new.further)
    for key, word in _ONE_SIDED.items():
        if (before.pop(key, False) is True) != (is_ := after.pop(key, False) is True):
            yield where.build_value_finding(
                f"became-{'' if is_ else 'not-'}{word}", f"it is {'now' if is_ else 'no longer'} {word}"
            )
    for key in sorted({*before, *after}):
        if json_text(before.get(key)) != json_text(after.get(key)):
            yield where.build_value_finding("keyword-changed", f"the keyword {key} says something else")


def format_change(where: Where, old: str, new: str) -> Found:
    """The format."""
    sentence = f"the format is {new or 'not given'}, was {old or 'not given'}"
    if old != new:
        kind = "changed" if old and new else "added" if new else "removed"
        yield where.build_value_finding(f"format-{kind}", sentence)


def enum_changes(where: Where, old: Schema, new: Schema) -> Found:
    """Listed values."""
    before, after = ([json_text(value) for value in schema.enum if value is not None] for schema in (old, new))
    if bool(before) != bool(after):
        sentence = (
            f"only these values: {join_words(after)}" if after else f"also other values than {join_words(before)}"
        )
        yield where.build_value_finding("enum-set" if after else "enum-unset", sentence)
        return
    for value in dict.fromkeys(before):
        if value not in after:
            yield where.build_value_finding("enum-value-removed", "it is no longer", value)
    for value in dict.fromkeys(after):
        if value not in before:
            yield where.build_value_finding("enum-value-added", "it can also be", value)


def openness(where: Where, old: Schema, new: Schema) -> Found:
    """Members that are not described."""
    if old.open and not new.open:
        yield where.build_value_finding("closed", "members that are not described are ruled out")
    if new.open and not old.open:
        yield where.build_value_finding("opened", "members that are not described may stand there")
