"""Pairs of small descriptions, there and back, and a near miss of each."""

from __future__ import annotations

import pytest

from tests.changes.shelf import changes, kinds, report
from tests.changes.small import Pair
from tests.changes.whole import PAIRS


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.what)
def test_a_change_its_undoing_and_a_near_miss(pair: Pair) -> None:
    for old, new, words in (
        (pair.old, pair.new, pair.found),
        (pair.new, pair.old, pair.undone),
        (pair.old, pair.near, pair.nearly),
    ):
        assert kinds(changes(report(old, new))) == {*words.split(", ")} - {""}


def test_no_two_pairs_are_the_same() -> None:
    assert len({pair.what for pair in PAIRS}) == len(PAIRS)
