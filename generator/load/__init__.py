"""YAML files to one bundled document that still knows the file and line of every value.

References to other files are lifted into `components` of the bundle, so it stands alone.
All faults of a description are collected and raised together as `SpecErrors`.
"""

from collections.abc import Iterable
from pathlib import Path

from generator.errors import SpecError, SpecErrors
from generator.load.bundling import bundle
from generator.load.checking import check
from generator.load.document import Document, Node, Pointer, Position
from generator.load.outlining import outlines
from generator.load.reading import ROOT_NAMES, descriptions

__all__ = [
    "ROOT_NAMES",
    "Document",
    "Node",
    "Pointer",
    "Position",
    "bundle",
    "check",
    "descriptions",
    "load",
    "outlines",
]


def load(paths: Iterable[Path]) -> tuple[Document, ...]:
    """The bundled descriptions under the paths, by name; raises SpecErrors with every fault."""
    roots = [root for path in paths for root in descriptions(path)]
    documents: dict[str, Document] = {}
    faults: list[SpecError] = []
    for root in roots:
        document, found = bundle(root)
        faults += [*found, *check(document, whole=not found)]
        if document.name in documents:
            faults.append(document.fault((), f"two descriptions are called {document.name}", "rename one folder"))
        documents[document.name] = document
    if faults:
        raise SpecErrors(faults)
    return tuple(documents[name] for name in sorted(documents))
