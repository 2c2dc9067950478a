"""YAML files to one bundled document that still knows the file and line of every value.

References to other files are lifted into `components` of the bundle, so it stands alone.
All faults of a description are collected and raised together as `SpecErrors`.
"""

from collections.abc import Iterable
from pathlib import Path

from generator.errors import SpecErrors
from generator.load.bundling import bundle
from generator.load.checking import EXTENSIONS, check, forget_extensions
from generator.load.document import Document, Node, Pointer, Position
from generator.load.filling import is_derived
from generator.load.memory import Memory
from generator.load.outlining import outlines
from generator.load.overlays import apply_overlays, read_overlays
from generator.load.places import WEBHOOKS
from generator.load.reading import ROOT_NAMES, descriptions, digest

__all__ = [
    "EXTENSIONS",
    "ROOT_NAMES",
    "WEBHOOKS",
    "Document",
    "Memory",
    "Node",
    "Pointer",
    "Position",
    "bundle",
    "check",
    "descriptions",
    "digest",
    "forget_extensions",
    "is_derived",
    "load",
    "outlines",
]


def load(paths: Iterable[Path], overlays: Iterable[Path] = (), memory: Memory | None = None) -> tuple[Document, ...]:
    """The bundled descriptions under the paths, by name, after the overlays; raises SpecErrors with every fault.

    `memory` keeps what the same files gave before.
    """
    memory = memory or Memory()
    bundled = memory.bundle(root for path in paths for root in descriptions(path))
    actions, faults = read_overlays(overlays)
    changed, missed = apply_overlays([document for document, _ in bundled], actions) if actions else ([], [])
    faults += missed
    documents: dict[str, Document] = {}
    for number, (original, found) in enumerate(bundled):
        document, wrong = memory.check(original, changed[number] if changed else None, whole=not found)
        faults += [*found, *wrong]
        if document.name in documents:
            faults.append(document.fault((), f"two descriptions are called {document.name}", "rename one folder"))
        documents[document.name] = document
    if faults:
        raise SpecErrors(faults)
    return tuple(documents[name] for name in sorted(documents))
