"""Whether the versions say at least what changed since the last release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from generator.diff import BUMPS, Bump, Difference, Policy, Version, Vocabulary, bump_of, gravest
from generator.diff.rules import severity
from generator.errors import SpecError, ToolkitError
from generator.release.changelog import ANNOUNCED
from generator.release.last_release import FOLDER
from generator.release.since import SinceRelease
from generator.release.versions import WrittenVersion
from generator.reports.wording import title
from generator.templates import comment

_SAID: dict[Bump, str] = {
    "major": "something breaks",
    "minor": "something was added",
    "patch": "the documentation changed",
}
_DESCRIBED = (Vocabulary.HTTP, Vocabulary.SIGNING)


def list_faults(since: SinceRelease) -> Iterator[SpecError]:
    """A fault for each version that is too low, for what could not be compared, and for a changelog that is silent.

    Raises ToolkitError where nothing was released yet.
    """
    if since.released is None:
        hint = "make the first one by `procwise-toolkit release --write`"
        raise ToolkitError(f"{FOLDER}: there is no release to compare with ({hint})")
    for difference in since.differences:
        if difference.new:
            yield from _description(difference, since.written[difference.api], since.floor(difference.api))
        if difference.unbuilt:
            message = f"the Python client of {difference.api} was not compared: {difference.unbuilt}"
            yield since.packages.fault(message, "mend the description, so that the version of the packages is known")
    if since.packages.version < since.packages_floor:
        why = _explain(since.differences, since.client_bump, Policy.TOLERANT, tuple(Vocabulary))
        yield _low("the packages have", since.packages, since.packages_floor, why)
    yield from _changelog(since)


def _description(difference: Difference, written: WrittenVersion, floor: Version | None) -> Iterator[SpecError]:
    if written.version < (floor or written.version):
        why = _explain([difference], difference.description_bump, Policy.STRICT, _DESCRIBED)
        yield _low(f"{difference.api} has", written, floor or written.version, why)


def _low(who: str, written: WrittenVersion, floor: Version, why: str) -> SpecError:
    hint = f"write {floor} or later, or run `procwise-toolkit release --write`"
    return written.fault(f"{who} the version {written.text}, but {why}", hint)


def _changelog(since: SinceRelease) -> Iterator[SpecError]:
    bump = gravest(*(difference.release_bump for difference in since.differences))
    if BUMPS.index(since.changelog.bump) < BUMPS.index(bump):
        why = _explain(since.differences, bump, Policy.STRICT, tuple(Vocabulary))
        hint = f"write a line below `{ANNOUNCED[bump]}` in this section"
        yield since.changelog.fault(f"{why}; nothing in this section announces it", hint)


def _explain(differences: Iterable[Difference], bump: Bump, policy: Policy, words: Collection[Vocabulary]) -> str:
    """What asks for the bump: the first change that does, and how many there are."""
    if bump == "none":
        return "a later one was released"
    groups = [group for difference in differences for group in difference.groups if group.vocabulary in words]
    asking = [group for group in groups if bump_of(severity(rule, policy) for rule in group.rules) == bump]
    more = f", and {len(asking) - 1} more" if len(asking) > 1 else ""
    return f"{_SAID[bump]} since the last release: {comment(title(asking[0]))}{more}"
