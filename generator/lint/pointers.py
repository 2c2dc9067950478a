"""Rules about references that are no `$ref`: discriminators, links, callbacks, parts of forms."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from generator.errors import SpecError
from generator.lint.description import Description, Operation, join_names, members, schemas
from generator.lint.rule import Rule
from generator.load import Node
from generator.load.document import pointer_of

_COMPONENTS = "#/components/schemas/"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXPRESSION = re.compile(r"\{(\$[^}]*)\}")
_SOURCES = re.compile(
    r"\$(?:url|method|statusCode|(?:request|response)\.(?:(?:header|query|path)\..+|body(?:#(?:/.*)?)?))"
)


def _mappings(description: Description) -> Iterator[SpecError]:
    known = {name for name, _ in description.components("schemas")}
    for schema in description.find_all("schema"):
        discriminator = schema.get("discriminator")
        if discriminator is None:
            continue
        for _, target in discriminator.fields("mapping"):
            yield from _check_mapping(target, known)
        yield from _property(schema, discriminator)


def _check_mapping(target: Node, known: set[str]) -> Iterator[SpecError]:
    text = str(target.value)
    name = text.removeprefix(_COMPONENTS)
    if name in known or not (text.startswith("#") or _NAME.fullmatch(text)):
        return  # a file, or an address: what it leads to is not in the bundle
    if not (text.startswith("#") and _leads(target, text)):
        yield target.fault(f"the mapping leads to {text!r}, which is not there", _nearest(name, known))


def _property(schema: Node, discriminator: Node) -> Iterator[SpecError]:
    """The member that tells the forms apart has to be one of each of them."""
    name = discriminator.text("propertyName")
    for form in (*schema.each("oneOf"), *schema.each("anyOf")):
        described = members(form)
        if described and name not in described:
            hint = f"it has: {join_names(described)}"
            yield form.fault(f"the form has no property {name!r}, which the discriminator names", hint)


def _links(description: Description) -> Iterator[SpecError]:
    by_id = {operation.id: operation for operation in description.operations if operation.id}
    responses = description.find_all("response")
    declared = [link for response in responses for _, link in response.fields("links")]
    for link in (*declared, *(node for _, node in description.components("links"))):
        if not link.reference():
            yield from _link(link, by_id)


def _link(link: Node, by_id: dict[str, Operation]) -> Iterator[SpecError]:
    id_, reference = link.text("operationId"), link.text("operationRef")
    if link.has("operationId") and id_ not in by_id:
        yield link["operationId"].fault(
            f"the link names the operation {id_!r}, which is not there", _nearest(id_, by_id)
        )
    if reference.startswith("#") and not _leads(link, reference):
        yield link["operationRef"].fault(f"the link leads to {reference!r}, which is not there", "check its spelling")
    operation = by_id.get(id_)
    known = {written.resolve().text("name") for written in operation.listed_parameters()} if operation else set()
    for name, value in link.fields("parameters"):
        if operation and name.rpartition(".")[2] not in known:
            message = f"the link gives the parameter {name!r}, which {id_} lacks"
            yield value.fault(message, f"it has: {join_names(known)}")
        yield from _expression(value, str(value.value))


def _callbacks(description: Description) -> Iterator[SpecError]:
    for operation in description.operations:
        for _, callback in operation.node.fields("callbacks"):
            for address, item in callback.resolve().members():
                for expression in _EXPRESSION.findall(address):
                    yield from _expression(item, expression)
                    yield from _check_given(item, operation, expression)


def _expression(place: Node, text: str) -> Iterator[SpecError]:
    if text.startswith("$") and not _SOURCES.fullmatch(text):
        hint = "write it like $request.query.url or $request.body#/url"
        yield place.fault(f"{text!r} is no runtime expression", hint)


def _check_given(place: Node, operation: Operation, expression: str) -> Iterator[SpecError]:
    """What the expression takes from the request has to be described there."""
    _, _, source = expression.partition("$request.")
    kind, _, name = source.partition(".")
    if kind in ("query", "path", "header"):
        known = {parameter.resolve().text("name") for parameter in operation.listed_parameters()}
        if name.lower() not in {one.lower() for one in known}:
            yield place.fault(f"{operation.id} has no {kind} parameter {name!r}", f"it has: {join_names(known)}")
    elif source.startswith("body#/"):
        yield from _member(place, operation, pointer_of(source.removeprefix("body#")))


def _member(place: Node, operation: Operation, pointer: tuple[str | int, ...]) -> Iterator[SpecError]:
    for schema in schemas(operation.body()):
        known = members(schema)
        if known and str(pointer[0]) not in known:
            yield place.fault(
                f"the body of {operation.id} has no member {pointer[0]!r}", f"it has: {join_names(known)}"
            )


def _encodings(description: Description) -> Iterator[SpecError]:
    for part in description.find_all("requestBody"):
        for _, media in part.fields("content"):
            schema = media.get("schema")
            known = members(schema) if schema is not None else {}
            for name, encoding in media.fields("encoding"):
                if known and name not in known:
                    yield encoding.fault(
                        f"encoding names the part {name!r}, which the body lacks", f"it has: {join_names(known)}"
                    )


def _leads(node: Node, reference: str) -> bool:
    try:
        node.document.node(*pointer_of(reference.removeprefix("#")))
    except KeyError:
        return False
    return True


def _nearest(name: str, known: dict[str, Operation] | set[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]}?" if close else "check its spelling"


RULES = (
    Rule(
        name="discriminator",
        asks="a discriminator leads to schemas that are there and have its property",
        check=_mappings,
    ),
    Rule(name="link", asks="a link names an operation that is there, and parameters of it", check=_links),
    Rule(name="callback", asks="the address of a callback is made of what the request has", check=_callbacks),
    Rule(name="encoding", asks="what `encoding` names are parts of the body", check=_encodings),
)
