"""What a method is called, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.change import Finding
from generator.diff.python.surface import Method


def name_changes(old: Method, new: Method) -> Iterator[Finding]:
    """A method that is renamed, with its old name as an alias or without, and aliases that come and go."""
    if old.name != new.name and old.name in new.aliases:
        sentence = f"the client's method is {new.name}, with {old.name} as a deprecated alias"
        yield Finding(rule="client-method-aliased", path="", sentence=sentence)
    elif old.name != new.name:
        sentence = f"the client's method is {new.name}, was {old.name}"
        yield Finding(rule="client-method-renamed", path="", sentence=sentence)
    for name in old.aliases:
        if name not in (new.name, *new.aliases):
            yield Finding.of("client-alias-removed", "", "earlier names of the method that are gone:", name)
    for name in new.aliases:
        if name not in (old.name, *old.aliases):
            yield Finding.of("client-alias-added", "", "names of the method that are new, and deprecated:", name)
