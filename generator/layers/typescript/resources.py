"""The resources of one version with their methods, ready to be printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from generator.errors import LayerError
from generator.ir import Api, Operation
from generator.javascript.names import camel
from generator.layers.typescript.arguments import Argument, declare, list_arguments
from generator.layers.typescript.types import Types
from generator.names import distinct, is_json, pascal


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method: what runs it in the runtime, its parameters, and the type of what it returns."""

    name: str
    runner: str
    ids: tuple[str, ...]
    about: str
    deprecated: str
    parameters: str
    path: str
    named: bool
    arguments: tuple[Argument, ...]
    result: str
    options: str
    data: dict[str, Any]

    @property
    def in_path(self) -> tuple[Argument, ...]:
        """The values of the path."""
        return tuple(one for one in self.arguments if one.place == "path")

    @property
    def others(self) -> tuple[Argument, ...]:
        """The named arguments."""
        return tuple(one for one in self.arguments if one.place != "path")

    @property
    def needs_named(self) -> bool:
        """Whether the named arguments cannot be left out."""
        return any(one.required for one in self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource: its attribute of the client, its class and its methods."""

    name: str
    pascal: str
    title: str
    methods: tuple[Method, ...]


def list_resources(api: Api) -> tuple[Resource, ...]:
    """The resources in the order of the description."""
    types = Types(api, "models.")
    grouped: dict[str, list[Operation]] = {}
    for operation in api.operations:
        grouped.setdefault(operation.resource, []).append(operation)
    names = distinct(camel(name) for name in grouped)
    classes = distinct(("Client", *(pascal(name) for name in grouped)))[1:]
    return tuple(
        Resource(name=name, pascal=kind, title=title, methods=tuple(_list_methods(api, operations, types)))
        for name, kind, (title, operations) in zip(names, classes, grouped.items(), strict=True)
    )


def _list_methods(api: Api, operations: list[Operation], types: Types) -> Iterator[Method]:
    names = distinct(camel(operation.name) for operation in operations)
    by_id: dict[str, Method] = {}
    for operation, name in zip(operations, names, strict=True):
        by_id[operation.id] = _describe_method(api, operation, name, types)
    yield from by_id.values()
    aliases = [alias for one in operations for alias in _list_aliases(one, by_id[one.id])]
    yield from aliases
    taken = [*names, *(alias.name for alias in aliases)]
    for operation in operations:
        if operation.job is not None:
            whole = _join_job(operation, by_id, taken)
            taken.append(whole.name)
            yield whole


def _describe_method(api: Api, operation: Operation, name: str, types: Types) -> Method:
    arguments = list_arguments(operation, types)
    parameters, path = declare(arguments)
    result = _write_result(operation, types)
    is_paged = operation.pagination is not None
    item = types.write_read_type(operation.object) if is_paged and operation.object is not None else "unknown"
    return Method(
        name=name,
        runner="_list" if is_paged else "_call",
        ids=(operation.id,),
        about=_describe(operation),
        deprecated=_describe_deprecation(operation),
        parameters=parameters,
        path=path,
        named=any(one.place != "path" for one in arguments),
        arguments=arguments,
        result=f"Pager<{item}>" if is_paged else f"Promise<{result}>",
        options="CallOptions",
        data=_describe_call(api, operation, arguments),
    )


def _list_aliases(operation: Operation, method: Method) -> Iterator[Method]:
    """Its earlier names, which do the same."""
    about, deprecated = f"The earlier name of `{method.name}`.", f"use `{method.name}`"
    for name in operation.formerly:
        yield replace(method, name=camel(name), about=about, deprecated=deprecated)


def _join_job(operation: Operation, by_id: dict[str, Method], taken: list[str]) -> Method:
    """The method that starts a job, waits for it, and downloads what it makes."""
    assert operation.job is not None  # noqa: S101  # the caller checked it
    start = by_id[operation.id]
    status, download = (by_id.get(id_) for id_ in (operation.job.status_operation, operation.job.download_operation))
    if status is None or download is None or [start.path] * 2 != [status.path, download.path]:
        place = f"{operation.file}:{operation.line}: x-job of {operation.id}"
        raise LayerError(f"{place}: status and download must be methods of the same resource, with the same path")
    shared = {*_words(status.name)} & {*_words(download.name)}
    name = camel("_".join(word for word in _words(start.name) if word in shared) or f"run_{start.name}")
    return replace(
        start,
        name=distinct((*taken, name))[-1],
        runner="_job",
        ids=(operation.id, operation.job.status_operation, operation.job.download_operation),
        about=f"{start.about.splitlines()[0]} Then wait for it, and return the file.",
        result=download.result,
        options="JobOptions",
        data={},
    )


def _words(name: str) -> list[str]:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).split("_")


def _write_result(operation: Operation, types: Types) -> str:
    response = operation.success
    if response.schema is None:
        return "undefined"
    if not is_json(response.media_type):
        return "Download"
    payload = operation.payload
    if payload is None:
        place = f"{operation.file}:{operation.line}: {operation.id}"
        raise LayerError(f"{place}: its response has no member {operation.wrapper!r} to unwrap")
    about = types.write_read_type(payload)
    may_be_gone = operation.method == "DELETE" and operation.retry.policy == "safe"
    return f"{about} | undefined" if may_be_gone and about != "unknown" else about


def _describe_call(api: Api, operation: Operation, arguments: tuple[Argument, ...]) -> dict[str, Any]:
    """What the runtime has to know of an operation."""
    response = operation.success
    answer = "nothing" if response.schema is None else "json" if is_json(response.media_type) else "file"
    media_type = operation.body.media_types[0] if operation.body else ""
    data: dict[str, Any] = {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "signed": operation.signed,
        "retry": operation.retry.policy,
        "arguments": [one.data for one in arguments],
        "sends": "application/octet-stream" if "*" in media_type else media_type,
        "answer": answer,
        "wrapper": operation.wrapper,
    }
    data |= {"lookup": lookup} if (lookup := _describe_lookup(api, operation)) else {}
    data |= {"paging": _describe_paging(operation)} if operation.pagination else {}
    if operation.job is not None:
        job = operation.job
        data["job"] = {"field": job.field, "success": list(job.success), "failure": list(job.failure)}
    return data


def _describe_lookup(api: Api, operation: Operation) -> dict[str, Any] | None:
    """The list in which a created object appears, below the same parents."""
    retry = operation.retry
    listed = next((one for one in api.operations if one.id == retry.lookup), None)
    if retry.policy != "verify" or listed is None or len(listed.in_("path")) != len(operation.in_("path")):
        return None
    if any(one.required for one in listed.parameters if one.location != "path"):
        return None
    whole = listed.object is not None and listed.object.resolve() == (operation.object or listed.object).resolve()
    return {"operation": listed.id, "match": list(retry.match), "created": retry.created, "whole": whole}


def _describe_paging(operation: Operation) -> dict[str, Any]:
    paging = operation.pagination
    assert paging is not None  # noqa: S101  # the caller checked it
    return {
        "page": paging.page,
        "limit": paging.limit,
        "most": paging.max_limit,
        "itemCount": paging.item_count,
        "pageCount": paging.page_count,
        "pageHeader": paging.page_header,
        "limitHeader": paging.limit_header,
    }


def _describe(operation: Operation) -> str:
    """What the operation does, and the errors that it is answered with."""
    summary = " ".join((operation.summary or operation.id).split()).rstrip(".") + "."
    errors = ", ".join(f"{error.status} {error.name}" for error in operation.errors)
    parts = (summary, " ".join(operation.description.split()), f"Errors: {errors}." if errors else "")
    return "\n\n".join(filter(None, parts))


def _describe_deprecation(operation: Operation) -> str:
    if not operation.deprecated:
        return ""
    return " ".join(operation.replaced_by.split()) or "there is no successor"
