"""Paths of the document to operations, with their extensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.errors import SpecError
from generator.ir import (
    COLUMN_TYPES,
    OPERATORS,
    RETRY_POLICIES,
    Column,
    Filter,
    Job,
    Method,
    Operation,
    Pagination,
    Retry,
)
from generator.load import Node
from generator.lower.closed_sets import word, words
from generator.lower.filled_parameters import is_signed
from generator.lower.former_names import check_former_names
from generator.lower.messages import read_body, read_parameters, read_response
from generator.lower.paths import documented_responses, name_segment, path_items, ranges
from generator.lower.schemas import source
from generator.lower.security import scopes
from generator.lower.servers import own_servers
from generator.lower.signing import request_signers
from generator.names import snake


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
        parameters=read_parameters(item, node),
        body=read_body(node),
        responses=tuple(read_response(status, response) for status, response in documented_responses(node)),
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
        ranges=tuple((key, read_response(0, response)) for key, response in ranges(node)),
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
