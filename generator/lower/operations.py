"""Paths of the document to operations: their parameters, bodies, responses and extensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus

from generator.errors import SpecError
from generator.ir import (
    COLUMN_TYPES,
    LOCATIONS,
    OPERATORS,
    RETRY_POLICIES,
    Body,
    Column,
    Content,
    Example,
    Filter,
    Job,
    Location,
    Method,
    Operation,
    Pagination,
    Parameter,
    Response,
    Retry,
    Schema,
    freeze,
)
from generator.load import Node
from generator.lower.closed_sets import word, words
from generator.lower.filled_parameters import is_signed
from generator.lower.former_names import check_former_names
from generator.lower.paths import documented_responses, name_segment, path_items, ranges
from generator.lower.schemas import schema, source
from generator.lower.security import scopes
from generator.lower.servers import own_servers
from generator.lower.signing import request_signers
from generator.names import is_json, snake


def operations(root: Node, faults: list[SpecError]) -> tuple[Operation, ...]:
    """All operations in the order of the description; their client names are checked."""
    result: list[Operation] = []
    places: dict[tuple[str, str], Node] = {}
    for path, item, method, node in path_items(root.get("paths")):
        one = operation(root, path, item, method, node, faults)
        other = places.setdefault((one.resource, one.name), node)
        if other is not node:
            message = f"{one.id} and {other.text('operationId')} are both {one.resource}.{one.name}"
            faults.append(node.fault(message, "give one of them another x-client"))
        result.append(one)
    faults += check_former_names(result, places)
    return tuple(result)


def operation(root: Node, path: str, item: Node, method: Method, node: Node, faults: list[SpecError]) -> Operation:
    """One operation of a path item."""
    place = node.document.position(node.pointer)
    resource, name = _client(path, node, faults)
    return Operation(
        id=node.text("operationId"),
        method=method,
        path=path,
        tag=next(iter(node.texts("tags")), ""),
        resource=resource,
        name=name,
        summary=node.text("summary"),
        description=node.text("description"),
        deprecated=node.flag("deprecated"),
        replaced_by=node.text("x-replaced-by"),
        role=node.text("x-role"),
        signed=_is_signed(root, node),
        security=_security(root, node),
        parameters=_parameters(item, node),
        body=_body(node),
        responses=tuple(_response(status, response) for status, response in documented_responses(node)),
        pagination=_pagination(node),
        filter=_filter(node),
        job=_job(node),
        retry=_retry(node),
        source=source(node),
        file=place.file,
        line=place.line,
        kind="action",
        item="",
        parents=(),
        references=(),
        toggles="",
        clears=False,
        scopes=scopes(root, node),
        servers=own_servers(item, node),
        ranges=tuple((key, _response(0, response)) for key, response in ranges(node)),
        callbacks=tuple(_callbacks(root, node)),
        formerly=node["x-client"].texts("formerly") if node.has("x-client") else (),
    )


def _callbacks(root: Node, node: Node) -> Iterator[Operation]:
    for name, callback in node.fields("callbacks"):
        for path, item, method, sent in path_items(callback.resolve()):
            yield replace(operation(root, path, item, method, sent, []), name=name)


def _client(path: str, node: Node, faults: list[SpecError]) -> tuple[str, str]:
    """Resource and method: `x-client`, or else the first tag or path segment and the operationId."""
    extension = node.get("x-client")
    if extension is not None:
        return extension.text("resource"), extension.text("method")
    try:
        return snake(next(iter(node.texts("tags")), name_segment(path))), snake(node.text("operationId"))
    except ValueError as error:
        faults.append(node.fault(f"the operation's name {error}", "give it an x-client with resource and method"))
        return "", ""


def _is_signed(root: Node, node: Node) -> bool:
    return is_signed(root, node, request_signers(root))


def _security(root: Node, node: Node) -> tuple[tuple[str, ...], ...]:
    place = node if node.has("security") else root
    return tuple(tuple(name for name, _ in alternative.members()) for alternative in place.each("security"))


def _parameters(item: Node, node: Node) -> tuple[Parameter, ...]:
    by_place: dict[tuple[str, str], Parameter] = {}
    for declared in (*item.each("parameters"), *node.each("parameters")):
        target = declared.resolve()
        location = word(target, "in", LOCATIONS)
        by_place[(location, target.text("name"))] = _parameter(target.text("name"), location, target)
    return tuple(by_place.values())


def _parameter(name: str, location: Location, node: Node) -> Parameter:
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


def _body(node: Node) -> Body | None:
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


def _response(status: int, node: Node) -> Response:
    name = node.reference().rpartition("/")[2] or _phrase(status)
    target = node.resolve()
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


def _pagination(node: Node) -> Pagination | None:
    extension = node.get("x-pagination")
    if extension is None or extension.value == "none":
        return None
    headers = extension["headers"]
    return Pagination(
        page=extension.text("page"),
        limit=extension.text("limit"),
        items=extension.text("items"),
        max_limit=int(extension.text("max_limit")),
        item_count=headers.text("item_count"),
        page_count=headers.text("page_count"),
        page_header=headers.text("page"),
        limit_header=headers.text("limit"),
    )


def _filter(node: Node) -> Filter | None:
    extension = node.get("x-filter")
    if extension is None:
        return None
    columns = tuple(
        Column(
            name=column.text("name"),
            type=word(column, "type", COLUMN_TYPES),
            operators=words(column, "operators", OPERATORS),
        )
        for column in extension.each("columns")
    )
    return Filter(
        filter=extension.text("filter"),
        sort=extension.text("sort"),
        columns=columns,
        sortable=extension.texts("sortable"),
    )


def _job(node: Node) -> Job | None:
    extension = node.get("x-job")
    if extension is None:
        return None
    return Job(
        status_operation=extension.text("status_operation"),
        download_operation=extension.text("download_operation"),
        field=extension.text("field"),
        success=extension.texts("success"),
        failure=extension.texts("failure"),
        pending=extension.texts("pending"),
        idle=extension.texts("idle"),
    )


def _retry(node: Node) -> Retry:
    extension = node.get("x-retry")
    if extension is None:
        return Retry(policy="never", lookup="", match=(), created="")
    return Retry(
        policy=word(extension, "policy", RETRY_POLICIES),
        lookup=extension.text("lookup"),
        match=extension.texts("match"),
        created=extension.text("created"),
    )
