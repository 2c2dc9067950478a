"""Kinds of faults with their siblings: contradictions, references that are no `$ref`, and what was left in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lint.copies import ours

HEAD = """\
openapi: 3.1.0
info: {title: Things, version: "1", description: Things., contact: {name: x}, license: {name: MIT}}
servers: [{url: "https://api.things.dev"}]
"""
BODY = """\
paths:
  /things:
    parameters:
      - {name: to, in: query, description: Where to., schema: {type: string}, example: a}
    post:
      operationId: addThing
      OPERATION
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {kind: {type: string}, url: {type: string}}}
            ENCODING
      responses:
        "200":
          description: The thing.
          LINK
          content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}
components:
  schemas:
    Cat: {type: object, properties: {kind: {type: string}}}
    Thing: SCHEMA
"""


def fill_description(schema: str = "{type: string}", operation: str = "", encoding: str = "", link: str = "") -> str:
    """The description; what is tried stands on a line of its own."""
    text = BODY
    for word, value in (("OPERATION", operation), ("ENCODING", encoding), ("LINK", link)):
        text = text.replace(word, value or "x-client: {resource: t, method: t}" if word == "OPERATION" else value)
    return HEAD + text.replace("SCHEMA", schema)


def rules(text: str, folder: Path) -> dict[str, int]:
    """The rules that have findings, each with its line."""
    path = folder / "things.yaml"
    path.write_text(text, encoding="utf-8")
    return {finding.message.partition(":")[0]: finding.line for finding in ours(path)}


def line_of(text: str, part: str) -> int:
    (index,) = (number for number, line in enumerate(text.splitlines(), 1) if part in line)
    return index


CONTRADICTIONS = [
    ("{type: number, minimum: 5, exclusiveMaximum: 5}", "{type: number, minimum: 5, exclusiveMaximum: 5.1}"),
    ("{type: number, exclusiveMinimum: 5, maximum: 5}", "{type: number, exclusiveMinimum: 4, maximum: 5}"),
    ("{type: number, exclusiveMinimum: 5, exclusiveMaximum: 5}", "{type: number, minimum: 5, maximum: 5}"),
    ("{type: string, readOnly: true, writeOnly: true}", "{type: string, readOnly: true, writeOnly: false}"),
    ("{type: integer, format: date-time}", "{type: [string, 'null'], format: date-time}"),
    ("{type: string, format: int32}", "{type: integer, format: int32}"),
    ("{type: string, const: a, minLength: 2}", "{type: string, const: ab, minLength: 2}"),
    ("{type: string, enum: [abc], maxLength: 2}", "{type: string, enum: [ab], maxLength: 2}"),
    ("{type: string, enum: [abc], pattern: '^b'}", "{type: string, enum: [bc], pattern: '^b'}"),
    ("{type: integer, enum: [7], maximum: 6}", "{type: integer, enum: [6], maximum: 6}"),
    ("{type: integer, const: 7, multipleOf: 2}", "{type: integer, const: 8, multipleOf: 2}"),
    ("{oneOf: [{type: string}, {type: string}]}", "{oneOf: [{type: string}, {type: integer}]}"),
    (
        "{type: object, properties: {a: {type: string}}, additionalProperties: false, minProperties: 2}",
        "{type: object, properties: {a: {type: string}}, minProperties: 2}",
    ),
    (
        "{type: object, properties: {a: {type: string}, b: {type: string}}, required: [a, b], maxProperties: 1}",
        "{type: object, properties: {a: {type: string}, b: {type: string}}, required: [a], maxProperties: 1}",
    ),
    ("{allOf: [{type: string}, {type: integer}]}", "{allOf: [{type: number}, {type: integer}]}"),
    ('{type: string, allOf: [{$ref: "#/components/schemas/Cat"}]}', '{allOf: [{$ref: "#/components/schemas/Cat"}]}'),
]


@pytest.mark.parametrize("pair", CONTRADICTIONS, ids=lambda pair: pair[0])
def test_keywords_that_rule_each_other_out(pair: tuple[str, str], tmp_path: Path) -> None:
    wrong, right = (fill_description(schema=schema) for schema in pair)
    assert rules(wrong, tmp_path).get("contradiction") == line_of(wrong, "    Thing: ")
    assert "contradiction" not in rules(right, tmp_path)


@pytest.mark.parametrize(
    ("low", "high"),
    [("minProperties", "maxProperties"), ("minItems", "maxItems"), ("minLength", "maxLength"), ("minimum", "maximum")],
)
def test_limits_the_wrong_way_round(low: str, high: str, tmp_path: Path) -> None:
    assert "limits" in rules(fill_description(schema=f"{{{low}: 3, {high}: 2}}"), tmp_path)
    assert "limits" not in rules(fill_description(schema=f"{{{low}: 2, {high}: 2}}"), tmp_path)


@pytest.mark.parametrize(
    ("alone", "together"),
    [
        ("{then: {type: string}}", "{if: {type: string}, then: {type: string}}"),
        ("{else: {type: string}}", "{if: {type: string}, else: {type: string}}"),
        (
            "{type: array, items: {type: string}, minContains: 1}",
            "{type: array, items: {}, contains: {}, minContains: 1}",
        ),
        (
            "{type: array, items: {type: string}, maxContains: 1}",
            "{type: array, items: {}, contains: {}, maxContains: 1}",
        ),
        ("{discriminator: {propertyName: a}}", "{discriminator: {propertyName: a}, properties: {a: {type: string}}}"),
    ],
)
def test_keywords_that_need_another(alone: str, together: str, tmp_path: Path) -> None:
    wrong = fill_description(schema=alone)
    assert rules(wrong, tmp_path).get("keyword-partner") == line_of(wrong, "    Thing: ")
    assert "keyword-partner" not in rules(fill_description(schema=together), tmp_path)


CHOICE = "{oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: NAME, mapping: {a: TARGET}}}"


@pytest.mark.parametrize(
    ("name", "target", "seen"),
    [
        ("kind", "Cat", False),
        ("kind", "'#/components/schemas/Cat'", False),
        ("kind", "Dog", True),
        ("kind", "'#/components/schemas/Dog'", True),
        ("sort", "Cat", True),
    ],
)
def test_where_a_discriminator_leads(name: str, target: str, seen: bool, tmp_path: Path) -> None:
    text = fill_description(schema=CHOICE.replace("NAME", name).replace("TARGET", target))
    assert rules(text, tmp_path).get("discriminator") == (line_of(text, "    Thing: ") if seen else None)


@pytest.mark.parametrize(
    ("link", "seen"),
    [
        ("{operationId: addThing, parameters: {to: $response.body#/kind}}", False),
        ("{operationRef: '#/paths/~1things/post'}", False),
        ("{operationId: showThing}", True),
        ("{operationRef: '#/paths/~1thing/post'}", True),
        ("{operationId: addThing, parameters: {from: $response.body#/kind}}", True),
        ("{operationId: addThing, parameters: {query.to: $response.bdy#/kind}}", True),
    ],
)
def test_where_a_link_leads(link: str, seen: bool, tmp_path: Path) -> None:
    text = fill_description(link=f"links: {{next: {link}}}")
    assert rules(text, tmp_path).get("link") == (line_of(text, "links: ") if seen else None)


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://a.dev/{$request.query.to}", False),
        ("{$request.body#/url}", False),
        ("{$request.query.back}", True),
        ("{$request.body#/uri}", True),
        ("{$requests.query.to}", True),
    ],
)
def test_what_the_address_of_a_callback_is_made_of(address: str, seen: bool, tmp_path: Path) -> None:
    item = '{post: {responses: {"200": {description: Heard.}}}}'
    text = fill_description(operation=f'callbacks: {{done: {{"{address}": {item}}}}}')
    assert rules(text, tmp_path).get("callback") == (line_of(text, "callbacks: ") if seen else None)


@pytest.mark.parametrize(("name", "seen"), [("kind", False), ("sort", True)])
def test_the_parts_that_have_an_encoding(name: str, seen: bool, tmp_path: Path) -> None:
    text = fill_description(encoding=f"encoding: {{{name}: {{contentType: text/plain}}}}")
    assert rules(text, tmp_path).get("encoding") == (line_of(text, "encoding: ") if seen else None)


@pytest.mark.parametrize(
    "host",
    [
        "api.example.com",
        "example.org",
        "things.example",
        "a.test",
        "localhost",
        "127.0.0.1",
        "your-domain.com",
        "10.0.0.1",
    ],
)
def test_the_hosts_of_examples(host: str, tmp_path: Path) -> None:
    text = fill_description().replace("api.things.dev", host)
    assert rules(text, tmp_path).get("example-host") == line_of(text, "servers: ")
    mail = fill_description().replace("contact: {name: x}", f"contact: {{name: x, email: me@{host}}}")
    assert rules(mail, tmp_path).get("example-host") == line_of(mail, "contact: ")


@pytest.mark.parametrize(
    "host", ["api.things.dev", "examples.things.dev", "testing.io", "my.things.dev", "localhosts.dev"]
)
def test_the_hosts_of_no_examples(host: str, tmp_path: Path) -> None:
    assert "example-host" not in rules(fill_description().replace("api.things.dev", host), tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "TODO",
        "To be written.",
        "FIXME: say more.",
        "Lorem ipsum dolor.",
        "Coming soon.",
        "<your description>",
        "???",
        "string",
    ],
)
def test_texts_that_are_still_to_be_written(text: str, tmp_path: Path) -> None:
    found = fill_description().replace("description: The thing.", f'description: "{text}"')
    assert rules(found, tmp_path).get("unwritten-text") == line_of(found, f'description: "{text}"')
    titled = fill_description().replace("title: Things", "title: Untitled")
    assert rules(titled, tmp_path).get("unwritten-text") == line_of(titled, "Untitled")


@pytest.mark.parametrize(
    "text", ["The to-do list.", "All todos.", "A string of beads.", "It is done.", "Nothing is none."]
)
def test_texts_that_only_look_like_it(text: str, tmp_path: Path) -> None:
    assert "unwritten-text" not in rules(fill_description().replace("The thing.", text), tmp_path)


SENT = {
    "post": {"operationId": "sent", "security": [{"Signature": []}], "responses": {"200": {"description": "It came."}}}
}
PUT = {"operationId": "put", "responses": {"200": {"description": "It is done."}}}
SENDING: dict[str, dict[str, Any]] = {
    "a webhook": {"webhooks": {"sent": SENT}},
    "a named webhook": {
        "webhooks": {"sent": {"$ref": "#/components/pathItems/sent"}},
        "components": {"pathItems": {"sent": SENT}},
    },
    "a callback": {"paths": {"/things": {"put": {**PUT, "callbacks": {"sent": {"{$request.body#/to}": SENT}}}}}},
    "nothing": {"paths": {"/things": {"put": PUT}}},
}


@pytest.mark.parametrize("sender", SENDING)
def test_a_scheme_that_signs_what_the_api_sends_is_used(sender: str, tmp_path: Path) -> None:
    scheme = {"securitySchemes": {"Signature": {"type": "apiKey", "in": "header", "name": "X-Signature"}}}
    info = {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, "paths": {}}
    description = {**info, **SENDING[sender]}
    description["components"] = {**description.get("components", {}), **scheme}
    assert ("unused-component" in rules(yaml.safe_dump(description), tmp_path)) == (sender == "nothing")
