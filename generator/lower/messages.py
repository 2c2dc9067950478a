"""What an operation takes and sends: parameters, bodies, responses."""

from __future__ import annotations

from http import HTTPStatus
from weakref import WeakKeyDictionary

from generator.ir import LOCATIONS, Body, Content, Example, Location, Parameter, Response, Schema, freeze
from generator.load import Document, Node, Pointer
from generator.lower.closed_sets import word
from generator.lower.schemas import schema, source
from generator.names import is_json

_LOWERED: WeakKeyDictionary[Document, dict[tuple[Pointer, str, Location], Parameter]] = WeakKeyDictionary()
_RESPONSES: WeakKeyDictionary[Document, dict[tuple[Pointer, str, int], Response]] = WeakKeyDictionary()


def read_parameters(item: Node, node: Node) -> tuple[Parameter, ...]:
    """The parameters of an operation; its own come before those of its path item."""
    by_place: dict[tuple[str, str], Parameter] = {}
    for declared in (*item.each("parameters"), *node.each("parameters")):
        target = declared.resolve()
        location = word(target, "in", LOCATIONS)
        by_place[(location, target.text("name"))] = _parameter(target.text("name"), location, target)
    return tuple(by_place.values())


def _parameter(name: str, location: Location, node: Node) -> Parameter:
    """The parameter or header at a node; made once for each place, since many operations refer to one component."""
    made = _LOWERED.setdefault(node.document, {})
    key = (node.pointer, name, location)
    if key not in made:
        made[key] = _read_parameter(name, location, node)
    return made[key]


def _read_parameter(name: str, location: Location, node: Node) -> Parameter:
    media = next((value for _, value in node.fields("content")), node)  # a parameter has a schema or a content
    return Parameter(
        name=name,
        location=location,
        style=_style(location, node),
        schema=_media_schema(media),
        required=node.flag("required"),
        description=node.text("description"),
        deprecated=node.flag("deprecated"),
        secret=node.flag("x-secret"),
        pii=node.flag("x-pii"),
        examples=_examples(node),
        source=source(node),
        group=node.text("x-group"),
    )


_STYLES = {"query": "form", "cookie": "form"}


def _style(location: Location, node: Node) -> str:
    for media_type, _ in node.fields("content"):
        return media_type
    style = node.text("style", _STYLES.get(location, "simple"))
    exploded = node.flag("explode") if node.has("explode") else style == "form"
    return f"{style} exploded" if exploded else style


def _examples(node: Node) -> tuple[Example, ...]:
    examples = [
        Example(name=name, summary=example.resolve().text("summary"), value=freeze(example.resolve()["value"].value))
        for name, example in node.fields("examples")
        if example.resolve().has("value")
    ]
    if node.has("example"):
        examples.append(Example(name="example", summary="", value=freeze(node["example"].value)))
    return tuple(examples)


def read_body(node: Node) -> Body | None:
    """The body that an operation takes, if it takes one."""
    declared = node.get("requestBody")
    if declared is None:
        return None
    body = declared.resolve()
    first = next((media for _, media in _media(body)), body)
    return Body(
        contents=_contents(body),
        required=body.flag("required"),
        envelope=body.text("x-envelope"),
        description=body.text("description"),
        examples=_examples(first),
    )


def _contents(node: Node) -> tuple[Content, ...]:
    return tuple(Content(media_type=name, schema=_media_schema(media)) for name, media in _media(node))


def _media(node: Node) -> list[tuple[str, Node]]:
    """The forms of a body or a response, those of JSON first; the first one is sent, or asked for."""
    return sorted(node.fields("content"), key=lambda form: not is_json(form[0]))


def _media_schema(media: Node) -> Schema:
    inner = media.get("schema")
    return schema(inner if inner is not None else media)


def read_response(status: int, node: Node) -> Response:
    """The response at a node; made once for each place, as parameters are."""
    made = _RESPONSES.setdefault(node.document, {})
    target = node.resolve()
    key = (target.pointer, node.reference().rpartition("/")[2] or _phrase(status), status)
    if key not in made:
        made[key] = _read_response(status, key[1], target)
    return made[key]


def _read_response(status: int, name: str, target: Node) -> Response:
    media = next(iter(_media(target)), None)
    return Response(
        status=status,
        name=name,
        description=target.text("description"),
        contents=_contents(target),
        envelope=target.text("x-envelope"),
        headers=tuple(_parameter(key, "header", header.resolve()) for key, header in target.fields("headers")),
        examples=_examples(media[1]) if media else (),
        source=source(target),
    )


_PHRASES = {413: "ContentTooLarge", 422: "UnprocessableContent"}  # Python 3.13 took over RFC 9110's words


def _phrase(status: int) -> str:
    if status in _PHRASES:
        return _PHRASES[status]
    try:
        return HTTPStatus(status).phrase.title().replace(" ", "").replace("-", "").replace("'", "")
    except ValueError:
        return f"Status{status}"
