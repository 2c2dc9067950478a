"""Which objects are the suite's own: those that are there, and those that it deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from requests import PreparedRequest

from .cleanup import Remover, is_below, is_deleted
from .journal import Journal, Made


class Ledger:
    """The journalled objects of one user. `made` are there as far as is known, in the order in which they were made.

    `markers` are all names that were made up. What was deleted is known by the unit that did it: later its id may be
    another one's, since a server may give it out again.
    """

    def __init__(self, journal: Journal, remover: Remover) -> None:
        self.made: list[Made] = []
        self.markers: set[str] = set()
        self.unit = ""
        self._deleted: list[tuple[str, Made]] = []
        self._journal = journal
        self._remover = remover

    def take(self, left: Iterable[tuple[Made, bool]]) -> None:
        """Know what an earlier run made, and whether it deleted it."""
        for made, deleted in left:
            if deleted:
                self._deleted.append(("", made))
            else:
                self.made.append(made)

    def note(self, made: Made) -> None:
        """One more object; one with its id that was deleted is gone for certain."""
        for one in [one for _, one in self._deleted if are_alike(one, made)]:
            self._settle(one)
        self.made.append(made)
        self._journal.made(made)

    def deleted_by(self, request: PreparedRequest | None) -> None:
        """What a request deleted is not deleted again, unless it turns out to be there and own."""
        if request is not None and request.method == "DELETE":
            for made in [made for made in self.made if is_deleted(request, made, self._remover.caller)]:
                self._deleted_with_all_below(made)

    def _deleted_with_all_below(self, made: Made) -> None:
        if made not in self.made:
            return
        self.made.remove(made)
        self._deleted.append((self.unit, made))
        self._journal.deleted(made)
        for below in [one for one in self.made if is_below(one, made)]:
            self._deleted_with_all_below(below)

    def holds(self, creator: str, value: object) -> bool:
        """Whether the value names an object that is there, or that this unit deleted."""
        known = [*self.made, *(made for unit, made in self._deleted if unit == self.unit)]
        return any(made.creator == creator and str(made.identity) == str(value) for made in known)

    def knows(self, made: Made) -> bool:
        """Whether there is an object of this id."""
        return any(are_alike(one, made) for one in self.made)

    def has(self, creator: str, value: object) -> bool:
        """Whether the value names an object that is there."""
        return any(made.creator == creator and str(made.identity) == str(value) for made in self.made)

    def forget(self) -> None:
        """Know nothing any more."""
        self.made.clear()
        self._deleted.clear()

    def swept(self) -> Iterator[str]:
        """Remove everything, youngest first; a sentence for each object that stayed."""
        for made, deleted in [*((m, False) for m in reversed(self.made)), *((m, True) for _, m in self._deleted[::-1])]:
            if not deleted and made not in self.made:
                continue  # it was answered twice as made, and is removed by now
            stay = self._remover.removed(made, self.markers, deleted=deleted)
            if stay is not None:
                yield stay.told
            if stay is None or not stay.again:
                self._settle(made)

    def _settle(self, made: Made) -> None:
        """Nothing is left to do for an object."""
        for one in [one for one in (*self.made, *(made for _, made in self._deleted)) if are_alike(one, made)]:
            self._journal.removed(one)
        self.made = [one for one in self.made if not are_alike(one, made)]
        self._deleted = [(unit, one) for unit, one in self._deleted if not are_alike(one, made)]


def are_alike(one: Made, other: Made) -> bool:
    """Whether both have the same id."""
    return one.creator == other.creator and str(one.identity) == str(other.identity)
