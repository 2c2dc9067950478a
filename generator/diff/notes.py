"""What is said about values, parameters and members, beside what they may be."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.change import Finding
from generator.diff.texts import json_text
from generator.diff.where import Where
from generator.ir import Example, Parameter, Property, Schema, Source


def value_notes(where: Where, old: Schema, new: Schema) -> Iterator[Finding]:
    """Default, description and examples of a value."""
    yield from _default(where, old.default, new.default)
    yield from description_changes(where, old.description, new.description)
    if json_text(old.examples) != json_text(new.examples):
        yield where.build_finding("example-changed", "the examples differ")


def member_notes(where: Where, old: Property | Parameter, new: Property | Parameter) -> Iterator[Finding]:
    """What a member or parameter says of itself: deprecation, redaction, source."""
    if old.deprecated != new.deprecated:
        yield deprecation(where, new.deprecated)
    if (old.secret, old.pii) != (new.secret, new.pii):
        yield where.build_finding("redaction-changed", f"the client {'hides' if new.secret or new.pii else 'shows'} it")
    yield from source_changes(where, old.source, new.source)


def deprecation(where: Where, deprecated: bool) -> Finding:
    """It is, or is no longer, deprecated."""
    if deprecated:
        return where.build_finding("deprecated", "it is deprecated")
    return where.build_finding("reactivated", "it is no longer deprecated")


def description_changes(where: Where, old: str, new: str) -> Iterator[Finding]:
    """The description."""
    if old != new:
        yield where.build_finding("description-changed", "the description differs")


def source_changes(where: Where, old: Source | None, new: Source | None) -> Iterator[Finding]:
    """The source."""
    if old != new:
        yield where.build_finding("source-changed", "the source differs")


def example_changes(where: Where, old: tuple[Example, ...], new: tuple[Example, ...]) -> Iterator[Finding]:
    """Named examples."""
    before, after = ([(one.name, one.summary, json_text(one.value)) for one in side] for side in (old, new))
    if before != after:
        yield where.build_finding("example-changed", "the examples differ")


def _default(where: Where, old: str, new: str) -> Iterator[Finding]:
    if old != new:
        way = "changed" if old and new else "added" if new else "removed"
        yield where.build_value_finding(
            f"default-{way}", f"the default is {new or 'not given'}, was {old or 'not given'}"
        )
