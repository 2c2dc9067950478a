"""The table of promises names checks that there are, and every check there is."""

from __future__ import annotations

import re

from generator.layers.conformance.promises import PROMISES
from procwise_conformance.attacks.catalogue import catalogue as attacks
from procwise_conformance.fuzzing.engine import CHECK_NAMES
from procwise_conformance.observe import catalogue as checks
from procwise_conformance.versions import APIS

APART = {"MOD-000", "SIG-001", "REQ-001", "SCH-009", "SCH-011"}  # what other checks need, and valid requests


def known_ids() -> set[str]:
    ids = {row.id for api in APIS.values() for row in attacks(api)} | {check.id for check in checks()}
    return ids | {f"SCH-{number + 1:03}" for number in range(len(CHECK_NAMES))}


def named_ids() -> set[str]:
    named = set()
    for text in (text for one in PROMISES for text in one.checks):
        found = re.fullmatch(r"([A-Z]{3})-(\d{3})(?:\.\.(\d{3}))?", text)
        assert found, text
        kind, first, last = found.groups()
        named |= {f"{kind}-{number:03}" for number in range(int(first), int(last or first) + 1)}
    return named


def test_every_check_holds_a_promise() -> None:
    assert known_ids() - named_ids() - APART - {id_ for id_ in known_ids() if id_.startswith("SIG-19")} == set()


def test_every_named_check_exists() -> None:
    single = {text for one in PROMISES for text in one.checks if ".." not in text and not text.startswith("REQ")}
    assert single - known_ids() == set()


def test_what_is_unchecked_has_a_reason() -> None:
    assert [one.promise for one in PROMISES if bool(one.checks) == bool(one.reason)] == []
