"""Rules about signing schemes: every clause has an effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.errors import SpecError
from generator.lint.description import Description
from generator.lint.rule import Rule
from generator.load import Node
from generator.signing.language import inspect_scheme, is_short, unused_clauses


def _without_effect(description: Description) -> Iterator[SpecError]:
    for node in description.find_all("securityScheme"):
        value = node.get("x-signing")
        if value is not None and isinstance(value.value, dict) and not is_short(value.value):
            yield from _check_unused(value)


def _check_unused(value: Node) -> Iterator[SpecError]:
    clauses: Any = value.value
    scheme, problems = inspect_scheme(clauses)
    for where in unused_clauses(scheme, clauses) if not problems else ():
        pointer = (*value.pointer, *where)
        yield value.document.fault(pointer, f"{'.'.join(map(str, where))} has no effect", "use it, or leave it out")


RULES = (Rule(name="signing-effect", asks="every clause of a signing scheme has an effect", check=_without_effect),)
