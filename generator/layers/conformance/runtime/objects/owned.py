"""Which objects are the suite's own: those that are there, and those that it deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from requests import PreparedRequest

from .cleanup import Remover, is_child, is_deleted
from .journal import Journal, JournalledObject


class OwnedObjects:
    """The journalled objects of one user. `made` are there as far as is known, in the order in which they were made.

    `markers` are all names that were made up. What was deleted is known by the unit that did it: later its id may be
    another one's, since a server may give it out again.
    """

    def __init__(self, journal: Journal, remover: Remover) -> None:
        self.existing: list[JournalledObject] = []
        self.markers: set[str] = set()
        self.item = ""
        self._deleted: list[tuple[str, JournalledObject]] = []
        self._journal = journal
        self._remover = remover

    def load(self, left: Iterable[tuple[JournalledObject, bool]]) -> None:
        """Know what an earlier run made, and whether it deleted it."""
        for created, deleted in left:
            if deleted:
                self._deleted.append(("", created))
            else:
                self.existing.append(created)

    def add(self, created: JournalledObject) -> None:
        """One more object; one with its id that was deleted is gone for certain."""
        for one in [one for _, one in self._deleted if have_same_id(one, created)]:
            self._settle(one)
        self.existing.append(created)
        self._journal.record_creation(created)

    def note_deletion(self, request: PreparedRequest | None) -> None:
        """What a request deleted is not deleted again, unless it turns out to be there and own."""
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
        """Whether the value names an object that is there, or that this unit deleted."""
        known = [*self.existing, *(created for item, created in self._deleted if item == self.item)]
        return any(created.creator == creator and str(created.identity) == str(value) for created in known)

    def knows(self, created: JournalledObject) -> bool:
        """Whether there is an object of this id."""
        return any(have_same_id(one, created) for one in self.existing)

    def is_existing(self, creator: str, value: object) -> bool:
        """Whether the value names an object that is there."""
        return any(created.creator == creator and str(created.identity) == str(value) for created in self.existing)

    def clear_all(self) -> None:
        """Know nothing any more."""
        self.existing.clear()
        self._deleted.clear()

    def remove_all(self) -> Iterator[str]:
        """Remove everything, youngest first; a sentence for each object that stayed."""
        for created, deleted in [
            *((m, False) for m in reversed(self.existing)),
            *((m, True) for _, m in self._deleted[::-1]),
        ]:
            if not deleted and created not in self.existing:
                continue  # it was answered twice as made, and is removed by now
            not_removed = self._remover.remove(created, self.markers, deleted=deleted)
            if not_removed is not None:
                yield not_removed.reason
            if not_removed is None or not not_removed.retry:
                self._settle(created)

    def _settle(self, created: JournalledObject) -> None:
        """Nothing is left to do for an object."""
        for one in [
            one for one in (*self.existing, *(created for _, created in self._deleted)) if have_same_id(one, created)
        ]:
            self._journal.record_removal(one)
        self.existing = [one for one in self.existing if not have_same_id(one, created)]
        self._deleted = [(item, one) for item, one in self._deleted if not have_same_id(one, created)]


def have_same_id(one: JournalledObject, other: JournalledObject) -> bool:
    """Whether both have the same id."""
    return one.creator == other.creator and str(one.identity) == str(other.identity)
