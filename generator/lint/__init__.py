"""The house rules: what a description has to hold beyond being valid.

They are asked by `lint` alone; a foreign description generates without following them. A rule about one of
our extensions is asked only of a description that uses the extension somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generator.errors import SpecError
from generator.lint import (
    components,
    contradictions,
    examples,
    extensions,
    files,
    filters,
    lists,
    naming,
    operations,
    placeholders,
    pointers,
    schemas,
    signing,
    words,
)
from generator.lint.description import Description, operation_nodes
from generator.lint.rule import Rule
from generator.load import Document

__all__ = ["FILE_RULES", "RULES", "Rule", "findings"]

RULES: tuple[Rule[Description], ...] = (
    *words.RULES,
    *naming.RULES,
    *operations.RULES,
    *schemas.RULES,
    *contradictions.RULES,
    *pointers.RULES,
    *placeholders.RULES,
    *examples.RULES,
    *extensions.RULES,
    *lists.RULES,
    *filters.RULES,
    *components.RULES,
    *signing.RULES,
)
FILE_RULES: tuple[Rule[files.Sources], ...] = files.RULES


def findings(paths: list[Path], documents: tuple[Document, ...]) -> Iterator[SpecError]:
    """What does not follow the house rules in the loaded descriptions under the paths."""
    ids = {document.name: operation_nodes(document) for document in documents}
    for document in documents:
        description = Description(document, ids)
        for rule in RULES:
            yield from (_with_rule(rule.name, finding) for finding in rule.check(description))
    run = files.sources(paths, documents)
    for file_rule in FILE_RULES:
        yield from (_with_rule(file_rule.name, finding) for finding in file_rule.check(run))


def _with_rule(rule: str, finding: SpecError) -> SpecError:
    return replace(finding, message=f"{rule}: {finding.message}")
