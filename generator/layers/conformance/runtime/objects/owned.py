"""The suite's own objects: those that exist, and those that it deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from requests import PreparedRequest

from .cleanup import Remover, is_child, is_deleted
from .journal import Journal, JournalledObject


class OwnedObjects:
    """The journalled objects of one user. `existing` are in the order in which they were created.

    `markers` are all made-up names. A deleted object is own to the work item that deleted it: later its id may be
    another one's, since a server may reuse ids.
    """

    def __init__(self, journal: Journal, remover: Remover) -> None:
        self.existing: list[JournalledObject] = []
        self.markers: set[str] = set()
        self.item = ""
        self._deleted: list[tuple[str, JournalledObject]] = []
        self._journal = journal
        self._remover = remover

    def load(self, left: Iterable[tuple[JournalledObject, bool]]) -> None:
        """Load what an earlier run created, and whether it deleted it."""
        for created, deleted in left:
            if deleted:
                self._deleted.append(("", created))
            else:
                self.existing.append(created)

    def add(self, created: JournalledObject) -> None:
        """Add an object; a deleted one with the same id is gone for certain."""
        for one in [one for _, one in self._deleted if have_same_id(one, created)]:
            self._settle(one)
        self.existing.append(created)
        self._journal.record_creation(created)

    def note_deletion(self, request: PreparedRequest | None) -> None:
        """Mark what a request deleted, so that it is deleted again only if it still exists and is own."""
        if request is not None and request.method == "DELETE":
            for created in [created for created in self.existing if is_deleted(request, created, self._remover.caller)]:
                self._mark_deleted(created)

    def _mark_deleted(self, created: JournalledObject) -> None:
        if created not in self.existing:
            return
        self.existing.remove(created)
        self._deleted.append((self.item, created))
        self._journal.record_deletion(created)
        for below in [one for one in self.existing if is_child(one, created)]:
            self._mark_deleted(below)

    def names_own(self, creator: str, value: object) -> bool:
        """Whether the value is the id of an object that exists, or that this work item deleted."""
        known = [*self.existing, *(created for item, created in self._deleted if item == self.item)]
        return any(created.creator == creator and str(created.identity) == str(value) for created in known)

    def knows(self, created: JournalledObject) -> bool:
        """Whether there is an object with this id."""
        return any(have_same_id(one, created) for one in self.existing)

    def is_existing(self, creator: str, value: object) -> bool:
        """Whether the value is the id of an object that exists."""
        return any(created.creator == creator and str(created.identity) == str(value) for created in self.existing)

    def clear_all(self) -> None:
        """Forget every object."""
        self.existing.clear()
        self._deleted.clear()

    def remove_all(self) -> Iterator[str]:
        """Remove everything, youngest first; a sentence for each object that is left."""
        for created, deleted in [
            *((m, False) for m in reversed(self.existing)),
            *((m, True) for _, m in self._deleted[::-1]),
        ]:
            if not deleted and created not in self.existing:
                continue  # two responses named it, and it is removed by now
            not_removed = self._remover.remove(created, self.markers, deleted=deleted)
            if not_removed is not None:
                yield not_removed.reason
            if not_removed is None or not not_removed.retry:
                self._settle(created)

    def _settle(self, created: JournalledObject) -> None:
        """Forget an object that needs nothing more."""
        for one in [
            one for one in (*self.existing, *(created for _, created in self._deleted)) if have_same_id(one, created)
        ]:
            self._journal.record_removal(one)
        self.existing = [one for one in self.existing if not have_same_id(one, created)]
        self._deleted = [(item, one) for item, one in self._deleted if not have_same_id(one, created)]


def have_same_id(one: JournalledObject, other: JournalledObject) -> bool:
    """Whether both have the same id."""
    return one.creator == other.creator and str(one.identity) == str(other.identity)
