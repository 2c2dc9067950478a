"""For programs: the groups, and every place that each of them was met at."""

from __future__ import annotations

import json

from generator.diff import Change, Difference, Group, Spot, Vocabulary, bump_of


def as_json(differences: tuple[Difference, ...]) -> str:
    """The report; all but ASCII is escaped."""
    changes = [change for difference in differences for change in difference.changes]
    bump = bump_of(change.severity for change in changes)
    return json.dumps({"bump": bump, "apis": [_api(difference) for difference in differences]}, indent=2)


def _api(difference: Difference) -> dict[str, object]:
    return {
        "name": difference.api,
        "bump": difference.bump,
        "bumps": {word.value: difference.bump_for(word) for word in Vocabulary} | {"client": difference.client_bump},
        "version": {"old": difference.old or None, "new": difference.new or None, "next": difference.next or None},
        "unbuilt": difference.unbuilt or None,
        "groups": [_group(group) for group in difference.groups],
        "changes": [_change(change) for change in difference.changes],
    }


def _group(group: Group) -> dict[str, object]:
    return {
        "severity": group.severity,
        "vocabulary": group.vocabulary,
        "name": group.names[0] if len(group.names) == 1 else None,
        "names": group.names,
        "sentence": group.sentence,
        "breaks": group.breaks,
        "rules": group.rules,
        "operations": group.operations,
        "places": [_spot(spot) for spot in group.spots],
    }


def _spot(spot: Spot) -> dict[str, object]:
    return {
        "place": spot.place,
        "path": spot.path,
        "operations": spot.operations,
        "file": spot.file or None,
        "line": spot.line or None,
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "severity": change.severity,
        "vocabulary": change.vocabulary,
        "rule": change.rule,
        "place": change.place,
        "path": change.path,
        "sentence": change.sentence,
        "operations": change.operations,
        "file": change.file or None,
        "line": change.line or None,
    }
