"""The words that the formats share."""

from __future__ import annotations

from collections.abc import Iterable

from generator.diff import Difference, Group, Severity, Spot, Vocabulary

HEADINGS = {
    Vocabulary.HTTP: "HTTP",
    Vocabulary.PYTHON: "Python client",
    Vocabulary.SIGNING: "Signing and credentials",
}


def headline(difference: Difference) -> str:
    """The version of the API, the versions of its descriptions, and how many changes there are."""
    versions = " to ".join(dict.fromkeys(filter(None, (difference.old, difference.new))))
    return f"{difference.api} {versions}: {_counts(difference)}"


def verdict(difference: Difference) -> str:
    """What to publish."""
    bump = difference.description_bump
    next_ = f", next {difference.next}" if difference.next and bump != "none" else ""
    return f"description: {bump}{next_}; Python client: {difference.client_bump}"


def title(group: Group) -> str:
    """The change with its place; where it is met several times, with their number."""
    said = f"{group.beginning} {some(group.items, 8)}".strip()
    names = some(group.names, 8)
    if len(group.objects) > 1:
        return f"{names}{': ' if names else ''}{said}, in {len(group.objects)} places"
    return f"{where(group.objects[0])}{f' {names}' if len(group.names) > 1 else ''}: {said}"


def where(spot: Spot) -> str:
    """The place and the path in it."""
    return f"{spot.place} {spot.path}".strip()


def reach(group: Group) -> str:
    """Whom the change breaks, and where it is met."""
    who = f"breaks {' and '.join(group.breaks)}" if group.breaks else ""
    if len(group.objects) > 1:
        return f"{who}: ".removeprefix(": ") + some(map(where, group.objects))
    users = [call for call in group.operations if call != group.spots[0].place]
    return ", ".join(filter(None, (who, f"used by {some(users)}" if users else "")))


def some(words: Iterable[str], shown: int = 3) -> str:
    """The first of them, and how many more there are."""
    listed = list(words)
    more = len(listed) - shown
    return ", ".join(listed[:shown]) + (f" and {more} more" if more > 0 else "")


def by_vocabulary(difference: Difference) -> list[tuple[str, list[Group]]]:
    """The groups under the heading of whom they concern."""
    groups = difference.groups
    parts = ((heading, [one for one in groups if one.vocabulary is word]) for word, heading in HEADINGS.items())
    return [(heading, members) for heading, members in parts if members]


def _counts(difference: Difference) -> str:
    """The number of groups of each severity."""
    words = {Severity.BREAKING: "breaking", Severity.ADDITION: "addition(s)", Severity.NOTE: "note(s)"}
    found = [group.severity for group in difference.groups]
    return ", ".join(f"{found.count(one)} {word}" for one, word in words.items() if one in found) or "no changes"
