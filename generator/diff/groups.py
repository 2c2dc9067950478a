"""Changes as a maintainer made them: one entry for one change, wherever it is met.

A change of a shared schema is met by those who write it and by those who read it, in every operation that the schema
reaches. The same change may also be written in ten places by hand, and an object may gain ten members. Each is a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from generator.diff.change import Change
from generator.diff.rules import Severity, Vocabulary

Side = Literal["writers", "readers"]

_DIRECTED = re.compile(r"(?:new-(?:required|optional)-)?(request|response)-(?:(?:required|optional)-)?(.+)")
_NAMED = re.compile(r"(?:property|parameter|header)-(?:added|removed)|(?:property|parameter)$")
_NOUN = re.compile(r"^(?:parameter|body|property|header)-")
_OF_ONE = re.compile(r"\b(member|parameter|header) is\b")
_ORDER = tuple(Severity)
_SIDES: Mapping[str, Side] = {"request": "writers", "response": "readers"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place where a group's change is met; `operations` are those that it reaches."""

    place: str
    path: str
    operations: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One change: what it says, whom it breaks, where it is met (the place that most operations reach first).

    `names` are the members or parameters that it is about, none for other changes; several come and go together.
    `breaks` are `writers` of requests and `readers` of responses; none where it breaks nobody, or everybody.
    """

    severity: Severity
    vocabulary: Vocabulary
    names: tuple[str, ...]
    stem: str
    items: tuple[str, ...]
    breaks: tuple[Side, ...]
    rules: tuple[str, ...]
    spots: tuple[Spot, ...]
    changes: tuple[Change, ...]

    @property
    def sentence(self) -> str:
        """What changed; said once of all the things that it ends with."""
        return f"{self.beginning} {', '.join(self.items)}".strip()

    @property
    def beginning(self) -> str:
        """The sentence without the things that it ends with."""
        return _OF_ONE.sub(r"\1s are", self.stem) if len(self.names) > 1 else self.stem

    @property
    def parts(self) -> tuple[Group, ...]:
        """The same for each name alone."""
        if len(self.names) < 2:
            return (self,)
        return tuple(
            replace(
                self,
                names=(name,),
                spots=tuple(spot for spot in self.spots if _leaf(spot.path) == name),
                changes=tuple(change for change in self.changes if _leaf(change.path) == name),
            )
            for name in self.names
        )

    @property
    def objects(self) -> tuple[Spot, ...]:
        """Where it is met: what has these members, if they are several."""
        if len(self.names) < 2:
            return self.spots
        return tuple(dict.fromkeys(replace(spot, path=_parent(spot.path)) for spot in self.spots))

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that the change reaches."""
        return tuple(dict.fromkeys(call for spot in self.spots for call in spot.operations))


Key = tuple[object, ...]


def group_changes(changes: Iterable[Change]) -> tuple[Group, ...]:
    """The groups, the gravest first, and of these the ones that reach most operations."""
    spots: dict[Key, list[Change]] = {}
    for change in changes:
        spots.setdefault(_spot_key(change), []).append(change)
    groups: dict[Key, list[list[Change]]] = {}
    for met in spots.values():
        groups.setdefault(_group_key(met), []).append(met)
    found = _join_names([_group(members) for members in groups.values()])
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.severity), -len(one.operations))))


def _spot_key(change: Change) -> Key:
    return change.place, change.path, change.vocabulary, _kind(change), _stem(change)


def _group_key(met: list[Change]) -> Key:
    """What has to be equal for two places to have met the same change."""
    first = met[0]
    leaf = _leaf(first.path) if _NAMED.search(_kind(first)) else ""
    sides = frozenset((_side(change), change.severity) for change in met)
    return first.vocabulary, _kind(first), _stem(first), _items(met), leaf, sides


def _group(members: list[list[Change]]) -> Group:
    spots = sorted((_spot(met) for met in members), key=lambda spot: -len(spot.operations))
    changes = tuple(change for met in members for change in met)
    gravest = min((change.severity for change in changes), key=_ORDER.index)
    sides = dict.fromkeys(_side(change) for change in changes if change.severity is Severity.BREAKING)
    first = members[0][0]
    return Group(
        severity=gravest,
        vocabulary=first.vocabulary,
        names=(_leaf(first.path),) if _NAMED.search(_kind(first)) else (),
        stem=_stem(first),
        items=_items(members[0]),
        breaks=tuple(sorted((side for side in sides if side), reverse=True)),
        rules=tuple(dict.fromkeys(change.rule for change in changes)),
        spots=tuple(spots),
        changes=changes,
    )


def _join_names(groups: list[Group]) -> list[Group]:
    """One group for what came to several names of the same objects."""
    same: dict[Key, list[Group]] = {}
    for number, group in enumerate(groups):
        same.setdefault(_object_key(group) if group.names else (number,), []).append(group)
    return [_join(several) for several in same.values()]


def _object_key(group: Group) -> Key:
    objects = frozenset((spot.place, _parent(spot.path), spot.operations) for spot in group.spots)
    return group.severity, group.vocabulary, group.stem, group.items, group.breaks, group.rules, objects


def _join(groups: list[Group]) -> Group:
    return replace(
        groups[0],
        names=tuple(name for group in groups for name in group.names),
        spots=tuple(spot for group in groups for spot in group.spots),
        changes=tuple(change for group in groups for change in group.changes),
    )


def _spot(met: list[Change]) -> Spot:
    first = met[0]
    calls = tuple(dict.fromkeys(call for change in met for call in change.operations))
    return Spot(place=first.place, path=first.path, operations=calls, file=first.file, line=first.line)


def _items(met: list[Change]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change.item for change in met if change.item))


def _stem(change: Change) -> str:
    return change.sentence.removesuffix(change.item).strip()


def _side(change: Change) -> Side | Literal[""]:
    found = _DIRECTED.fullmatch(change.rule)
    return _SIDES[found[1]] if found else ""


def _kind(change: Change) -> str:
    """The rule without who sends the value."""
    found = _DIRECTED.fullmatch(change.rule)
    if found is None:
        return change.rule
    kind = found[2].removesuffix("-added")
    return kind if _NAMED.search(kind) else _NOUN.sub("", kind)


def _leaf(path: str) -> str:
    return next(reversed(list(_parts(path))), "")


def _parent(path: str) -> str:
    return path.removesuffix(_leaf(path)).rstrip(" .")


def _parts(path: str) -> Iterator[str]:
    yield from re.split(r"[ .]", path)
