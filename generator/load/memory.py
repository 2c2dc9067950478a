"""What was read before, for a process that reads the same descriptions again and again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.errors import SpecError
from generator.load.bundling import bundle
from generator.load.checking import check
from generator.load.document import Document
from generator.load.filling import fill
from generator.load.reading import digest, record_reads

Checked = tuple[Document, list[SpecError]]
Reads = dict[Path, str]  # each file with the digest of its content


class Memory:
    """Descriptions without faults, each kept until the content of one of its files is another."""

    def __init__(self) -> None:
        self._bundled: dict[Path, tuple[Document, Reads]] = {}
        self._checked: dict[Document, Checked] = {}
        self._asked: Reads = {}

    @property
    def files(self) -> Mapping[Path, str]:
        """The files that were asked for in the last run, with the digests of what was read; empty if nothing."""
        return self._asked

    def bundle(self, roots: Iterable[Path]) -> list[tuple[Document, list[SpecError]]]:
        """The description of each root, bundled, and the faults met on the way."""
        self._asked = {}
        found = [self._bundle(root) for root in roots]
        kept = {document for document, _ in found}
        self._checked = {document: one for document, one in self._checked.items() if document in kept}
        return found

    def check(self, bundled: Document, changed: Document | None, *, whole: bool) -> Checked:
        """The description with what it leaves out filled in, and its faults; `changed` is what overlays made of it."""
        if bundled in self._checked and changed is None:
            return self._checked[bundled]
        document = fill(changed or bundled)
        faults = check(document, whole=whole)
        if changed is None and whole and not faults:
            self._checked[bundled] = (document, faults)
        return document, faults

    def _bundle(self, root: Path) -> tuple[Document, list[SpecError]]:
        kept = self._bundled.get(root)
        if kept is not None and all(digest(path) == said for path, said in kept[1].items()):
            self._asked |= kept[1]
            return kept[0], []
        with record_reads() as reads:
            document, faults = bundle(root)
        self._asked |= reads
        if faults:
            self._bundled.pop(root, None)
        else:
            self._bundled[root] = (document, dict(reads))
        return document, faults
