"""What holds for any changes: no bump is less than one of its parts, and more changes never ask for less."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, strategies as st

from generator.diff import BUMPS, RULES, VALUE_RULES, Bump, Change, Difference, Policy, Version, Vocabulary, gravest
from generator.diff.rules.rule import SUBJECTS

NAMES = (
    *(name for rules in RULES.values() for rule in rules for name in rule.names),
    *(f"{one}-{name}" for value in VALUE_RULES for name in value.names for side in SUBJECTS.values() for one in side),
)
NUMBERS = st.integers(min_value=0, max_value=10**6)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS)
ANY_BUMP = st.sampled_from(BUMPS)


def build_change(rule: str) -> Change:
    blank = {"api": "v1", "place": rule, "path": "", "sentence": rule, "item": "", "file": "", "line": 0}
    return Change(**blank, rule=rule, operations=(), policy=Policy.STRICT)  # type: ignore[arg-type]  # by name


def build_difference(rules: Iterable[str]) -> Difference:
    return Difference(api="v1", old="1.2.3", new="1.2.3", changes=tuple(map(build_change, rules)))


def weigh(bump: Bump) -> int:
    return BUMPS.index(bump)


RULE_SETS = st.sets(st.sampled_from(NAMES), max_size=6)


@given(RULE_SETS)
def test_no_vocabulary_asks_for_more_than_what_includes_it(rules: set[str]) -> None:
    found = build_difference(rules)
    parts = {word: weigh(found.bump_for(word)) for word in Vocabulary}
    assert weigh(found.description_bump) == max(parts[Vocabulary.HTTP], parts[Vocabulary.SIGNING])
    assert weigh(found.client_bump) >= max(parts[Vocabulary.PYTHON], parts[Vocabulary.SIGNING])
    assert weigh(found.release_bump) == max(weigh(found.description_bump), weigh(found.client_bump))
    assert weigh(found.client_bump) <= weigh(found.bump) == max(parts.values())


@given(RULE_SETS, RULE_SETS)
def test_more_changes_never_ask_for_less(some: set[str], more: set[str]) -> None:
    few, all_of_them = build_difference(some), build_difference(some | more)
    for bump in ("description_bump", "client_bump", "release_bump"):
        assert weigh(getattr(few, bump)) <= weigh(getattr(all_of_them, bump))
    assert (Version.parse(few.next) or few) <= (Version.parse(all_of_them.next) or few)


@given(VERSIONS, ANY_BUMP, ANY_BUMP)
def test_a_graver_bump_leads_to_a_later_version(version: Version, one: Bump, other: Bump) -> None:
    raised = version.raise_by(one)
    assert (raised > version) == (one != "none")
    assert (raised < version.raise_by(other)) == (weigh(one) < weigh(other))
    assert version.raise_by(gravest(one, other)) == max(raised, version.raise_by(other))


@given(VERSIONS, ANY_BUMP)
def test_numbers_behind_the_raised_one_begin_anew(version: Version, bump: Bump) -> None:
    before, after = (version.major, version.minor, version.patch), version.raise_by(bump)
    place = {"major": 0, "minor": 1, "patch": 2}.get(bump, 3)
    numbers = (after.major, after.minor, after.patch)
    assert numbers[:place] == before[:place]
    assert numbers[place : place + 1] == tuple(number + 1 for number in before[place : place + 1])
    assert not any(numbers[place + 1 :])


@given(VERSIONS)
def test_a_version_is_read_as_it_is_written(version: Version) -> None:
    assert Version.parse(str(version)) == version


@given(st.text(alphabet="0123456789.-+v ", max_size=8))
def test_what_is_no_version_is_not_read(text: str) -> None:
    found = Version.parse(text)
    assert found is None or str(found) == text
