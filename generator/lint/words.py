"""Rules about the words that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.errors import SpecError
from generator.lint.description import Description
from generator.lint.rule import Rule
from generator.load import Node

_MARKUP = re.compile(r"</?[a-z][^<>]*>|\beval\(", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")
_END = (".", "!", "?", ")", "`", "|")


def _info(description: Description) -> Iterator[SpecError]:
    info = description.root["info"]
    for key in ("description", "contact", "license"):
        if not info.text(key):
            yield info.fault(f"the description of the API has no {key}", f"add `{key}` to `info`")


def _tags(description: Description) -> Iterator[SpecError]:
    for tag in description.root.each("tags"):
        if not tag.text("description"):
            yield tag.fault(f"the tag {tag.text('name')!r} has no description", "say what belongs under it")


def _check_description(node: Node, what: str) -> Iterator[SpecError]:
    if not node.text("description").strip():
        blamed = node.get("description") or node
        yield blamed.fault(f"the {what} has no description", "say in plain words what it means")


def _operations(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        yield from _check_description(operation.node, f"operation {operation.id}")


def _parameters(description: Description) -> Iterator[SpecError]:
    for parameter in description.find_all("parameter"):
        yield from _check_description(parameter, f"parameter {parameter.text('name')!r}")


def _responses(description: Description) -> Iterator[SpecError]:
    for response in description.find_all("response"):
        yield from _check_description(response, "response")


def _headers(description: Description) -> Iterator[SpecError]:
    for header in description.find_all("header"):
        yield from _check_description(header, "response header")


def _bodies(description: Description) -> Iterator[SpecError]:
    for body in description.find_all("requestBody"):
        yield from _check_description(body, "request body")


def _schemas(description: Description) -> Iterator[SpecError]:
    for name, schema in description.components("schemas"):
        yield from _check_description(schema, f"schema {name}")


def _properties(description: Description) -> Iterator[SpecError]:
    for name, node in description.properties():
        yield from _check_description(node, f"property {name!r}")


def _security(description: Description) -> Iterator[SpecError]:
    for name, scheme in description.components("securitySchemes"):
        yield from _check_description(scheme, f"security scheme {name}")


def _summaries(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        summary = operation.node.text("summary")
        place = operation.node.get("summary") or operation.node
        if not summary:
            yield place.fault(f"the operation {operation.id} has no summary", "name in a few words what it does")
        elif not summary[0].isupper() or summary.endswith("."):
            yield place.fault("the summary is no heading", "begin it with a capital, and end it without a full stop")


def _sentences(description: Description) -> Iterator[SpecError]:
    for text in _texts(description):
        words = str(text.value).rstrip()
        if words and not words.endswith(_END):
            yield text.fault("the description does not end like a sentence", "write whole sentences, with a full stop")


def _markup(description: Description) -> Iterator[SpecError]:
    for text in _texts(description):
        found = _MARKUP.search(_CODE.sub("", str(text.value)))
        if found:
            yield text.fault(f"the description holds {found[0]!r}", "write Markdown, and put code between backticks")


def _texts(description: Description) -> Iterator[Node]:
    for node in description.list_keyword_objects():
        text = node.get("description")
        if text is not None and isinstance(text.value, str):
            yield text


RULES = (
    Rule(name="info", asks="the API has a description, a contact and a license", check=_info),
    Rule(name="tag-description", asks="every tag has a description", check=_tags),
    Rule(name="operation-summary", asks="every operation has a summary that is a heading", check=_summaries),
    Rule(name="operation-description", asks="every operation has a description", check=_operations),
    Rule(name="parameter-description", asks="every parameter has a description", check=_parameters),
    Rule(name="body-description", asks="every request body has a description", check=_bodies),
    Rule(name="response-description", asks="every response has a description", check=_responses),
    Rule(name="header-description", asks="every response header has a description", check=_headers),
    Rule(name="schema-description", asks="every schema under `components` has a description", check=_schemas),
    Rule(
        name="property-description",
        asks="every property has a description of its own, also where it is a reference",
        check=_properties,
    ),
    Rule(name="security-description", asks="every security scheme has a description", check=_security),
    Rule(name="sentence", asks="descriptions are whole sentences", check=_sentences),
    Rule(name="markup", asks="descriptions are Markdown without HTML and scripts", check=_markup),
)
