"""The rules about values: what it means that a value changed, wherever it is sent or comes back."""

from __future__ import annotations

from typing import Any

import pytest

from generator.diff import VALUE_RULES
from tests.changes.shelf import changes, kinds, report

VALUE = """\
openapi: 3.1.0
info: {title: Values, version: 1.0.0}
paths:
  /members:
    post:
      operationId: members
      parameters: [{name: value, in: query, schema: SCHEMA}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {value: SCHEMA}}}}}
      responses:
        "200":
          description: The same.
          headers: {X-Value: {schema: SCHEMA}}
          content: {application/json: {schema: {type: object, properties: {value: SCHEMA}}}}
  /bodies:
    post:
      operationId: bodies
      requestBody: {content: {application/json: {schema: SCHEMA}}}
      responses: {"200": {description: The same., content: {application/json: {schema: SCHEMA}}}}
components:
  schemas:
    One: {type: object, properties: {a: {type: string}}}
    Two: {type: object, properties: {b: {type: string}}}
"""
REQUEST = ("request-parameter", "request-property", "request-body")
RESPONSE = ("response-header", "response-property", "response-body")
SEVERITIES = {"B": "breaking", "A": "addition", "N": "note"}
ONE, TWO = "{$ref: '#/components/schemas/One'}", "{$ref: '#/components/schemas/Two'}"

# before, after, the rule with what it means in a request and in a response, and the same for the way back
ROWS = [
    ("{type: integer}", "{type: string}", "type-changed B B", "type-changed B B"),
    ("{type: integer}", "{type: number}", "type-generalized A B", "type-specialized B A"),
    (
        "{type: [string, integer], enum: [1, a]}",
        "{enum: [1, a], type: string}",
        "type-specialized B A",
        "type-generalized A B",
    ),
    ("{type: string}", "{}", "type-generalized A B", "type-specialized B A"),
    ("{type: [string, 'null']}", "{}", "type-generalized A B", "type-specialized B A"),
    ("{type: string}", "{type: [string, integer]}", "one-of-added A B", "one-of-removed B A"),
    ("{type: [string, integer]}", "{type: [string, boolean, integer]}", "one-of-added A B", "one-of-removed B A"),
    (ONE, f"{{oneOf: [{ONE}, {TWO}]}}", "one-of-added A B", "one-of-removed B A"),
    (
        f"{{anyOf: [{ONE}, {{type: string}}]}}",
        f"{{anyOf: [{TWO}, {ONE}, {{type: string}}]}}",
        "one-of-added A B",
        "one-of-removed B A",
    ),
    (
        "{oneOf: [{type: integer}, {type: string}]}",
        "{oneOf: [{type: string}, {type: number}]}",
        "type-generalized A B",
        "type-specialized B A",
    ),
    ("{type: string}", "{type: [string, 'null']}", "became-nullable A B", "became-not-nullable B A"),
    (ONE, f"{{oneOf: [{ONE}, {{type: 'null'}}]}}", "became-nullable A B", "became-not-nullable B A"),
    (
        "{type: [string, integer]}",
        "{type: [string, integer, 'null']}",
        "became-nullable A B",
        "became-not-nullable B A",
    ),
    ("{type: string}", "{type: string, format: date-time}", "format-added B A", "format-removed A B"),
    ("{type: string, format: email}", "{type: string, format: uri}", "format-changed B B", "format-changed B B"),
    ("{type: string}", "{type: string, format: email}", "format-added B A", "format-removed A B"),
    ("{type: string, enum: [a, b]}", "{type: string, enum: [b]}", "enum-value-removed B A", "enum-value-added A B"),
    (
        "{type: integer, enum: [1, 2]}",
        "{type: integer, enum: [1, 2, 3]}",
        "enum-value-added A B",
        "enum-value-removed B A",
    ),
    ("{type: string}", "{type: string, const: a}", "enum-set B A", "enum-unset A B"),
    ("{type: number}", "{type: number, minimum: 1}", "min-set B A", "min-unset A B"),
    ("{type: number, minimum: 1}", "{type: number, minimum: 2}", "min-increased B A", "min-decreased A B"),
    ("{type: number, minimum: 1}", "{type: number, exclusiveMinimum: 1}", "min-increased B A", "min-decreased A B"),
    ("{type: number}", "{type: number, exclusiveMaximum: 9.5}", "max-set B A", "max-unset A B"),
    ("{type: number, maximum: 9}", "{type: number, maximum: 8}", "max-decreased B A", "max-increased A B"),
    ("{type: string}", "{type: string, minLength: 1}", "min-length-set B A", "min-length-unset A B"),
    (
        "{type: string, minLength: 1}",
        "{type: string, minLength: 2}",
        "min-length-increased B A",
        "min-length-decreased A B",
    ),
    ("{type: string}", "{type: string, maxLength: 9}", "max-length-set B A", "max-length-unset A B"),
    (
        "{type: string, maxLength: 9}",
        "{type: string, maxLength: 8}",
        "max-length-decreased B A",
        "max-length-increased A B",
    ),
    ("{type: array}", "{type: array, minItems: 1}", "min-items-set B A", "min-items-unset A B"),
    ("{type: array, minItems: 1}", "{type: array, minItems: 2}", "min-items-increased B A", "min-items-decreased A B"),
    ("{type: array}", "{type: array, maxItems: 9}", "max-items-set B A", "max-items-unset A B"),
    ("{type: array, maxItems: 9}", "{type: array, maxItems: 8}", "max-items-decreased B A", "max-items-increased A B"),
    ("{type: array}", "{type: array, uniqueItems: true}", "unique-items-set B A", "unique-items-unset A B"),
    ("{type: object}", "{type: object, minProperties: 1}", "min-properties-set B A", "min-properties-unset A B"),
    (
        "{type: object, minProperties: 1}",
        "{type: object, minProperties: 2}",
        "min-properties-increased B A",
        "min-properties-decreased A B",
    ),
    ("{type: object}", "{type: object, maxProperties: 9}", "max-properties-set B A", "max-properties-unset A B"),
    (
        "{type: object, maxProperties: 9}",
        "{type: object, maxProperties: 8}",
        "max-properties-decreased B A",
        "max-properties-increased A B",
    ),
    ("{type: number}", "{type: number, multipleOf: 5}", "multiple-of-set B A", "multiple-of-unset A B"),
    (
        "{type: number, multipleOf: 0.1}",
        "{type: number, multipleOf: 0.3}",
        "multiple-of-increased B A",
        "multiple-of-decreased A B",
    ),
    (
        "{type: number, multipleOf: 5}",
        "{type: number, multipleOf: 7}",
        "multiple-of-changed B B",
        "multiple-of-changed B B",
    ),
    ("{type: string}", "{type: string, pattern: a}", "pattern-set B A", "pattern-unset A B"),
    ("{type: string, pattern: a}", "{type: string, pattern: b}", "pattern-changed B B", "pattern-changed B B"),
    ("{type: object}", "{type: object, additionalProperties: false}", "closed B A", "opened A B"),
    ("{type: string}", "{type: string, readOnly: true}", "became-read-only B N", "became-not-read-only A N"),
    ("{type: string}", "{type: string, writeOnly: true}", "became-write-only N B", "became-not-write-only N A"),
    ("{type: string}", "{type: string, not: {pattern: a}}", "keyword-changed B B", "keyword-changed B B"),
    ("{type: object}", "{type: object, required: [a]}", "keyword-changed B B", "keyword-changed B B"),
    ("{type: integer, default: 1}", "{type: integer, default: 2}", "default-changed B N", "default-changed B N"),
    ("{type: integer}", "{type: integer, default: 2}", "default-added A N", "default-removed B N"),
]


@pytest.mark.parametrize("case", ROWS, ids=lambda case: f"{case[0]} to {case[1]}")
def test_a_value_by_whom_it_is_sent(case: tuple[str, ...]) -> None:
    before, after, found, undone = case
    texts = [VALUE.replace("SCHEMA", schema) for schema in (before, after)]
    assert kinds(_over_http(report(*texts))) == _six(found)
    assert kinds(_over_http(report(*reversed(texts)))) == _six(undone)


def test_every_rule_about_values_has_a_row() -> None:
    met = {words.split()[0] for row in ROWS for words in row[2:]}
    assert met == {name for rule in VALUE_RULES for name in rule.names}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{type: integer, minimum: 1}", "{type: integer, exclusiveMinimum: 0}"),
        ("{type: string}", "{type: string, minLength: 0}"),
        ("{type: number, minimum: 1}", "{type: number, minimum: 1.0}"),
        ("{type: string, enum: [a, b]}", "{type: string, enum: [b, a]}"),
        ("{type: [string, integer]}", "{type: [integer, string]}"),
        ("{type: [string, integer]}", "{oneOf: [{type: integer}, {type: string}]}"),
        ("{type: string, minLength: 2}", "{allOf: [{type: string}, {minLength: 2}]}"),
        ("{type: [string, 'null']}", "{oneOf: [{type: string}, {type: 'null'}]}"),
        ("{type: string, enum: [a]}", "{type: string, const: a}"),
        (
            "{type: object, required: [a], properties: {a: {type: string}}}",
            "{allOf: [{required: [a]}, {type: object, properties: {a: {type: string}}}]}",
        ),
        (f"{{anyOf: [{ONE}, {TWO}]}}", f"{{anyOf: [{TWO}, {ONE}]}}"),
        ("{type: object, properties: {a: {type: string}}}", ONE),
        (f"{{oneOf: [{ONE}, {{type: 'null'}}]}}", f"{{anyOf: [{{type: 'null'}}, {ONE}]}}"),
        ("{type: object, additionalProperties: true}", "{type: object}"),
        ("{type: string, not: {pattern: a}}", "{type: string, not: {pattern: a, description: Not a.}}"),
    ],
)
def test_what_is_the_same_in_other_words(before: str, after: str) -> None:
    texts = [VALUE.replace("SCHEMA", schema) for schema in (before, after)]
    for old, new in (texts, reversed(texts)):
        assert _over_http(report(old, new)) == []


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("{type: array, items: LEAF}", {"body value[]", "body []"}),
        ("{type: object, additionalProperties: LEAF}", {"body value{}", "body {}"}),
        ("{type: [array, string], items: LEAF}", {"body value[]", "body []"}),
        ("{type: [object, string], properties: {a: LEAF}}", {"body value.a", "body a"}),
        ("{type: object, properties: {a: {type: array, items: LEAF}}}", {"body value.a[]", "body a[]"}),
        ("{oneOf: [{type: boolean}, {type: array, items: LEAF}]}", {"body value[]", "body []"}),
        ("{allOf: [{type: object, properties: {a: LEAF}}]}", {"body value.a", "body a"}),
    ],
)
def test_the_path_into_a_value(schema: str, paths: set[str]) -> None:
    leaves = ("{type: integer}", "{type: string}")
    entries = _over_http(report(*(VALUE.replace("SCHEMA", schema.replace("LEAF", leaf)) for leaf in leaves)))
    assert {change["path"] for change in entries if change["path"].startswith("body")} == paths
    assert kinds(entries) == {"breaking request-property-type-changed", "breaking response-property-type-changed"}


def test_a_second_media_type_is_compared_too() -> None:
    only, two = "content: {application/json", "content: {text/plain: {}, application/json"
    schemas = ("{type: string}", "{type: integer}")
    comparison = report(*(VALUE.replace(only, two).replace("SCHEMA", schema) for schema in schemas))
    assert kinds(_over_http(comparison)) == _six("type-changed B B")


def _over_http(comparison: dict[str, Any]) -> list[dict[str, Any]]:
    """Without what the Python client says of it, whose classes have other names where schemas have."""
    return [change for change in changes(comparison) if change["vocabulary"] == "http"]


def _six(words: str) -> set[str]:
    """The rule behind each of the six subjects, from its name and two letters."""
    rule, request, response = words.split()
    letters = [*((request, subject) for subject in REQUEST), *((response, subject) for subject in RESPONSE)]
    return {f"{SEVERITIES[letter]} {subject}-{rule}" for letter, subject in letters}
