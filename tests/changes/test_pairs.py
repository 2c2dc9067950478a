"""Every rule of `procwise-toolkit diff`: an edit of a description, and exactly what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.diff import RULES, VALUE_RULES
from generator.diff.rules import ValueRule
from tests.changes import messages, operations
from tests.changes.near import NEAR
from tests.changes.rows import Row
from tests.changes.shelf import SHELF, Edit, changes, edit_text, kinds, report, write_description
from tests.changes.whole import PAIRS
from tests.proofs import mark_most_slow

ROWS = {**operations.ROWS, **messages.ROWS}


@pytest.mark.parametrize("case", mark_most_slow(ROWS.values(), 2), ids=ROWS)
def test_an_edit_and_what_is_said_of_it(case: Row) -> None:
    after = edit_text(SHELF, *case.edits)
    assert kinds(changes(report(SHELF, after))) == _words(case.found)
    undone = case.found if case.undone is None else case.undone
    assert kinds(changes(report(after, SHELF))) == _words(undone)


@pytest.mark.parametrize("case", mark_most_slow(NEAR.values(), 2), ids=NEAR)
def test_an_edit_that_nearly_is_one(case: Row) -> None:
    assert kinds(changes(report(SHELF, edit_text(SHELF, *case.edits)))) == _words(case.found)


def test_every_edit_has_a_near_miss() -> None:
    assert NEAR.keys() == ROWS.keys()


def test_the_rules_are_listed_in_the_guide(root: Path) -> None:
    page = (root / "docs/guides/changes.md").read_text(encoding="utf-8")
    tables = page.partition("## The rules\n")[2].splitlines()
    rows = [tuple(line.strip("| ").split(" | ")) for line in tables if line.startswith("| `")]
    plain = [(_code_list(rule.names), rule.severity, rule.why) for rules in RULES.values() for rule in rules]
    values = [(_code_list(rule.names), rule.request, _response(rule), rule.why) for rule in VALUE_RULES]
    assert rows == [*plain, *values]


def test_every_rule_has_a_pair() -> None:
    met = {word for one in ROWS.values() for text in (one.found, one.undone or "") for word in _words(text)}
    met |= {word for pair in PAIRS for text in (pair.found, pair.undone) for word in _words(text)}
    elsewhere = {"api-added", "api-removed", "response-property-added-to-closed"}
    known = {name for rules in RULES.values() for rule in rules for name in rule.names}
    assert known - elsewhere <= {word.partition(" ")[2] for word in met}


CLOSED = "Tag: {type: object, additionalProperties: false}"


def test_a_member_that_a_closed_answer_gains() -> None:
    before = edit_text(
        SHELF,
        (
            "{description: The state.}",
            '{description: The state., content: {application/json: {schema: {$ref: "#/components/schemas/Tag"}}}}',
        ),
    )
    after = edit_text(
        before, (CLOSED, "Tag: {type: object, additionalProperties: false, properties: {word: {type: string}}}")
    )
    assert kinds(changes(report(before, after))) == {"breaking response-property-added-to-closed"}
    assert kinds(changes(report(after, before))) == {"breaking response-optional-property-removed"}


def test_a_placeholder_of_an_unsigned_operation_is_an_argument_all_the_same() -> None:
    comparison = report(SHELF, edit_text(SHELF, *ROWS["a placeholder"].edits))
    why = {change["place"]: change["sentence"].rpartition(", ")[2] for change in changes(comparison)}
    assert why == {
        "POST /books/{book}/scan": "and the name is signed",
        "GET /books/{book}/scan": "and the name is signed",
        "GET /books/{book}/scan.zip": "and is an argument of the client",
    }


def test_a_change_has_the_line_of_its_operation() -> None:
    after = edit_text(SHELF, ("    get:\n      operationId: fetchScan\n", "    post:\n      operationId: fetchScan\n"))
    by_rule = {change["rule"]: change for change in changes(report(SHELF, after))}
    line = SHELF[: SHELF.index("      operationId: fetchScan")].count("\n")
    for rule, place, file in (
        ("operation-removed", "GET /books/{id}/scan.zip", write_description(SHELF)),
        ("operation-added", "POST /books/{id}/scan.zip", write_description(after)),
    ):
        change = by_rule[rule]
        assert (change["place"], Path(change["file"]), change["line"]) == (place, file, line)


def test_a_change_of_a_named_schema_is_reported_once_with_its_operations() -> None:
    (change,) = changes(report(SHELF, edit_text(SHELF, ("isbn: {type: string,", "isbn: {type: integer,"))))
    assert (change["place"], change["path"]) == ("schema Book", "isbn")
    assert change["operations"] == ["GET /books", "POST /books"]


@pytest.mark.parametrize(
    ("version", "edit", "next_"),
    [
        ("1.2.3", ("digest: hex-lower", "digest: base64"), "2.0.0"),
        ("0.9.9", ("deprecated: true\n      x-rep", "x-rep"), "0.10.0"),
        ("1.2.3", ("title: Shelf", "title: Shelves"), "1.2.4"),
        ("1.2.3", ("title: Shelf", "title: Shelf"), "1.2.3"),
        ("2026-11", ("title: Shelf", "title: Shelves"), None),
        ("01.2.3", ("title: Shelf", "title: Shelves"), None),
    ],
)
def test_the_version_to_publish(version: str, edit: Edit, next_: str | None) -> None:
    before = edit_text(SHELF, ("version: 1.2.3", f'version: "{version}"'))
    (api,) = report(before, edit_text(before, edit))["apis"]
    assert api["version"] == {"old": version, "new": version, "next": next_}


def _response(rule: ValueRule) -> str:
    """What a value of a response means; under the tolerant policy, if that is another, it stands behind."""
    return f"{rule.response} ({rule.tolerant} if tolerant)" if rule.tolerant else rule.response


def _code_list(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _words(text: str) -> set[str]:
    return {*text.split(", ")} - {""}
