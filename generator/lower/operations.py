"""Paths of the document to operations: parameters, bodies, answers and the extensions on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus

from generator.errors import SpecError
from generator.ir import (
    Body,
    Column,
    Content,
    Example,
    Filter,
    Job,
    Operation,
    Pagination,
    Parameter,
    Response,
    Retry,
    Schema,
    freeze,
)
from generator.load import Node
from generator.load.places import HTTP_METHODS
from generator.lower.schemas import schema, source
from generator.lower.security import scopes
from generator.lower.servers import own_servers
from generator.names import snake


def operations(root: Node, faults: list[SpecError]) -> tuple[Operation, ...]:
    """All operations in the order of the description; their client names are checked."""
    found: list[Operation] = []
    places: dict[tuple[str, str], Node] = {}
    for path, item, method, node in path_items(root.get("paths")):
        one = operation(root, path, item, method, node, faults)
        other = places.setdefault((one.resource, one.name), node)
        if other is not node:
            message = f"{one.id} and {other.text('operationId')} are both {one.resource}.{one.name}"
            faults.append(node.fault(message, "give one of them another x-client"))
        found.append(one)
    return tuple(found)


def path_items(paths: Node | None) -> Iterator[tuple[str, Node, str, Node]]:
    """Each operation of a map of path items: its key, its path item, its method and itself."""
    for path, item in paths.members() if paths is not None else ():
        target = item.resolved()
        yield from ((path, target, method, node) for method, node in target.members() if method in HTTP_METHODS)


def operation(root: Node, path: str, item: Node, method: str, node: Node, faults: list[SpecError]) -> Operation:
    """One operation of a path item."""
    place = node.document.position(node.pointer)
    resource, name = _client(path, node, faults)
    return Operation(
        id=node.text("operationId"),
        method=method.upper(),
        path=path,
        tag=next(iter(node.texts("tags")), ""),
        resource=resource,
        name=name,
        summary=node.text("summary"),
        description=node.text("description"),
        deprecated=node.flag("deprecated"),
        replaced_by=node.text("x-replaced-by"),
        role=node.text("x-role"),
        signed=_signed(root, node),
        security=_security(root, node),
        parameters=_parameters(item, node),
        body=_body(node),
        responses=tuple(_response(status, response) for status, response in _answers(node)),
        pagination=_pagination(node),
        filter=_filter(node),
        job=_job(node),
        retry=_retry(node),
        source=source(node),
        file=place.file,
        line=place.line,
        scopes=scopes(root, node),
        servers=own_servers(item, node),
        ranges=tuple((key, _response(0, response)) for key, response in _ranges(node)),
        callbacks=tuple(_callbacks(root, node)),
    )


def _callbacks(root: Node, node: Node) -> Iterator[Operation]:
    for name, callback in node.fields("callbacks"):
        for path, item, method, sent in path_items(callback.resolved()):
            yield replace(operation(root, path, item, method, sent, []), name=name)


def _client(path: str, node: Node, faults: list[SpecError]) -> tuple[str, str]:
    """Resource and method: `x-client`, or else the first tag or path segment and the operationId."""
    said = node.get("x-client")
    if said is not None:
        return said.text("resource"), said.text("method")
    segment = next((part for part in path.split("/") if part and "{" not in part), "root")
    try:
        return snake(next(iter(node.texts("tags")), segment)), snake(node.text("operationId"))
    except ValueError as error:
        faults.append(node.fault(f"the operation's name {error}", "give it an x-client with resource and method"))
        return "", ""


def _signed(root: Node, node: Node) -> bool:
    place = node if node.has("security") else root
    components = root.get("components")
    signers = (
        {name for name, s in components.fields("securitySchemes") if s.resolved().has("x-signing")}
        if components
        else set()
    )
    return any(
        signers & set(requirement.value)
        for requirement in place.each("security")
        if isinstance(requirement.value, dict)
    )


def _security(root: Node, node: Node) -> tuple[tuple[str, ...], ...]:
    place = node if node.has("security") else root
    return tuple(tuple(name for name, _ in alternative.members()) for alternative in place.each("security"))


def _parameters(item: Node, node: Node) -> tuple[Parameter, ...]:
    found: dict[tuple[str, str], Parameter] = {}
    for declared in (*item.each("parameters"), *node.each("parameters")):
        target = declared.resolved()
        found[(target.text("in"), target.text("name"))] = _parameter(target.text("name"), target.text("in"), target)
    return tuple(found.values())


def _parameter(name: str, location: str, node: Node) -> Parameter:
    inner = node.get("schema")
    content = node.get("content")
    media = next((value for _, value in node.fields("content")), None) if content is not None else None
    described = inner if inner is not None else (media["schema"] if media is not None and media.has("schema") else node)
    return Parameter(
        name=name,
        location=location,
        style=_style(location, node),
        schema=schema(described),
        required=node.flag("required"),
        description=node.text("description"),
        deprecated=node.flag("deprecated"),
        secret=node.flag("x-secret"),
        pii=node.flag("x-pii"),
        examples=_examples(node),
        source=source(node),
    )


_STYLES = {"query": "form", "cookie": "form"}


def _style(location: str, node: Node) -> str:
    for media_type, _ in node.fields("content"):
        return media_type
    style = node.text("style", _STYLES.get(location, "simple"))
    exploded = node.flag("explode") if node.has("explode") else style == "form"
    return f"{style} exploded" if exploded else style


def _examples(node: Node) -> tuple[Example, ...]:
    found = [
        Example(name=name, summary=example.resolved().text("summary"), value=freeze(example.resolved()["value"].value))
        for name, example in node.fields("examples")
        if example.resolved().has("value")
    ]
    if node.has("example"):
        found.append(Example(name="example", summary="", value=freeze(node["example"].value)))
    return tuple(found)


def _body(node: Node) -> Body | None:
    said = node.get("requestBody")
    if said is None:
        return None
    said = said.resolved()
    media = list(said.fields("content"))
    first = media[0][1] if media else said
    return Body(
        media_types=tuple(name for name, _ in media),
        contents=_contents(said),
        schema=_media_schema(first),
        required=said.flag("required"),
        envelope=said.text("x-envelope"),
        description=said.text("description"),
        examples=_examples(first),
    )


def _contents(node: Node) -> tuple[Content, ...]:
    return tuple(Content(media_type=name, schema=_media_schema(media)) for name, media in node.fields("content"))


def _media_schema(media: Node) -> Schema:
    inner = media.get("schema")
    return schema(inner if inner is not None else media)


def _answers(node: Node) -> Iterator[tuple[int, Node]]:
    for status, response in node.fields("responses"):
        if status.isdecimal():  # `default` and ranges name no status that could be relied upon
            yield int(status), response


def _ranges(node: Node) -> Iterator[tuple[str, Node]]:
    for key, response in node.fields("responses"):
        if not key.isdecimal() and not key.startswith("x-"):
            yield key.upper() if key != "default" else key, response


def _response(status: int, node: Node) -> Response:
    name = node.reference().rpartition("/")[2] or _phrase(status)
    target = node.resolved()
    media = next(iter(target.fields("content")), None)
    return Response(
        status=status,
        name=name,
        description=target.text("description"),
        media_type=media[0] if media else "",
        schema=_media_schema(media[1]) if media else None,
        contents=_contents(target),
        envelope=target.text("x-envelope"),
        headers=tuple(_parameter(key, "header", header.resolved()) for key, header in target.fields("headers")),
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
    said = node.get("x-pagination")
    if said is None or said.value == "none":
        return None
    headers = said["headers"]
    return Pagination(
        page=said.text("page"),
        limit=said.text("limit"),
        items=said.text("items"),
        max_limit=int(said.text("max_limit")),
        item_count=headers.text("item_count"),
        page_count=headers.text("page_count"),
        page_header=headers.text("page"),
        limit_header=headers.text("limit"),
    )


def _filter(node: Node) -> Filter | None:
    said = node.get("x-filter")
    if said is None:
        return None
    columns = tuple(
        Column(name=column.text("name"), type=column.text("type"), operators=column.texts("operators"))
        for column in said.each("columns")
    )
    return Filter(filter=said.text("filter"), sort=said.text("sort"), columns=columns, sortable=said.texts("sortable"))


def _job(node: Node) -> Job | None:
    said = node.get("x-job")
    if said is None:
        return None
    return Job(
        status_operation=said.text("status_operation"),
        download_operation=said.text("download_operation"),
        field=said.text("field"),
        success=said.texts("success"),
        failure=said.texts("failure"),
        pending=said.texts("pending"),
        idle=said.texts("idle"),
    )


def _retry(node: Node) -> Retry:
    said = node.get("x-retry")
    if said is None:
        return Retry(policy="never", lookup="", match=())
    return Retry(policy=said.text("policy"), lookup=said.text("lookup"), match=said.texts("match"))
