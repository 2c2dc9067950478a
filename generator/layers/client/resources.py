"""The resources of one version: a module each, with a sync and an async class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.errors import LayerError
from generator.ir import Api, Project
from generator.layers.client.aliases import Alias, list_aliases
from generator.layers.client.codec import Codec
from generator.layers.client.columns import column_classes
from generator.layers.client.methods import Method, method
from generator.names import distinct, pascal, snake

_ENCODERS = ("check_needed", "json_text", "omit_none", "passed", "to_id", "to_upload")
_TAKEN = ("close", "drift")
_RUNNERS = ("JobRun as _JobRun", "run_job as _run_job", "run_job_async as _run_job_async")


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupView:
    """The list in which a created object appears, whole or in part, and by which of its texts it can be filtered."""

    method: Method
    filter: str
    columns: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """The methods of a job, and the names of those that do all of it and take it up."""

    start: Method
    status: Method
    download: Method
    whole: str
    resume: str

    @property
    def place_names(self) -> tuple[str, ...]:
        """The names of the values in the path."""
        return tuple(argument.name for argument in self.start.path)

    @property
    def places(self) -> str:
        """The values in the path as a tuple."""
        return f"({self.names})"

    @property
    def names(self) -> str:
        """The values in the path, with a comma after each."""
        return "".join(f"{argument.name}, " for argument in self.start.path)

    @property
    def arguments(self) -> str:
        """The arguments with which the job is started."""
        return self.names + "".join(f"{argument.name}={argument.name}, " for argument in self.start.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource: its attribute of the client, its class, its methods and their imports."""

    name: str
    pascal: str
    methods: tuple[Method, ...]
    aliases: tuple[Alias, ...]
    jobs: dict[str, JobView]
    lookups: dict[str, LookupView]
    words: frozenset[str]  # of the code that the template is filled with

    @property
    def lists_first(self) -> tuple[Method, ...]:
        """The methods, those that others look up before them."""
        looked_up = [view.method for view in self.lookups.values()]
        return tuple(sorted(self.methods, key=lambda one: one not in looked_up))

    @property
    def single(self) -> tuple[Method, ...]:
        """The methods that make one call, and return its value."""
        return tuple(one for one in self.methods if one.kind != "pages")

    @property
    def deprecated_single(self) -> tuple[Method, ...]:
        """Those of them that type checkers report; a download is only warned of when it is called."""
        return tuple(one for one in self.single if one.notice and one.kind != "file")

    @property
    def described(self) -> tuple[str, ...]:
        """The classes by which operations are described."""
        paged = any(one.kind == "pages" for one in self.methods)
        return (*(("Layout",) if paged else ()), *(("Lookup",) if self.lookups else ()), "Operation", "Retry")

    @property
    def modules(self) -> list[tuple[str, str]]:
        """The codec modules, with their tags."""
        return sorted({(one.tag, one.module) for one in self.methods})

    @property
    def standard(self) -> tuple[str, ...]:
        """The import lines of the standard library."""
        wanted = {
            "builtins": "import builtins",
            "datetime": "import datetime",
            "Mapping": "from collections.abc import Mapping",
            "Sequence": "from collections.abc import Sequence",
            "PathLike": "from os import PathLike",
            "Path": "from pathlib import Path",
        }
        wanted_of_typing = {
            "TYPE_CHECKING": self.has_deprecated,
            "Any": "Any" in self.words,
            "Literal": "Literal" in self.words,
        }
        wanted_of_typing["Unpack"] = True
        typing = [name for name, is_used in wanted_of_typing.items() if is_used]
        lines = [line for name, line in wanted.items() if name in self.words]
        return (*lines, f"from typing import {', '.join(typing)}")

    @property
    def runtime(self) -> tuple[str, ...]:
        """The import lines of the runtime."""
        kinds = {one.kind for one in self.methods}
        encoders = [f"{name} as _{name}" for name in _ENCODERS if f"_{name}" in self.words]
        wanted = {
            f"_codec.encoding import {', '.join(encoders)}": bool(encoders),
            "_codec.unset import UNSET, Unset": "Unset" in self.words,
            "_files.upload import Uploadable": "Uploadable" in self.words,
            "_calls.deprecation import warn_deprecated as _warn_deprecated": self.has_deprecated,
            "_calls.messages import Response as _Response": bool(self.deprecated_single or self.aliases),
            "_files.cancel import Cancel": "file" in kinds,
            "_files.progress import OnProgress, Transfer as _Transfer": "file" in kinds,
            "_calls.options import join_options as _join_options": "job" in kinds,
            "_jobs.handle import JobKind as _JobKind": "job" in kinds,
            "_jobs.job import AsyncJob, Job": "job" in kinds,
            "_jobs.polling import States as _States": "job" in kinds,
            f"_jobs.job_run import {', '.join(_RUNNERS)}": "job" in kinds,
            "_calls.operation import Layout": "pages" in kinds,
            "_lists.columns import filter_json as _filter_json": "_filter_json" in self.words,
            "_lists.columns import sort_json as _sort_json": "_sort_json" in self.words,
            "_lists.items import AsyncItems, ItemList, read_items as _read_items": "items" in kinds,
            "_lists.pager import AsyncPager, Pager": "pages" in kinds,
        }
        return tuple(f"from ...{line}" for line, is_used in wanted.items() if is_used)

    @property
    def has_deprecated(self) -> bool:
        """Whether one of the methods is deprecated, or an earlier name of one."""
        return bool(self.aliases) or any(one.notice for one in self.methods)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names that are taken of the module of columns."""
        return tuple(
            sorted(name[1:] for name in self.words if re.fullmatch(r"_(Condition|Order|[A-Z]\w*Columns\w*)", name))
        )

    @property
    def uses_models(self) -> bool:
        """Whether a signature or a body names a model."""
        return "models" in self.words


def resources(project: Project, api: Api, codec: Codec) -> tuple[Resource, ...]:
    """The resources in the order of the description."""
    grouped: dict[str, list[Method]] = {}
    classes = column_classes(api)
    for operation in api.operations:
        columns = classes[operation.id].name if operation.filter else ""
        grouped.setdefault(operation.resource, []).append(method(project, api, operation, codec, columns))
    names = distinct((*_TAKEN, *(snake(name) for name in grouped)))[len(_TAKEN) :]
    package = f"{project.client}.{api.name}"
    return tuple(_resource(name, package, methods) for name, methods in zip(names, grouped.values(), strict=True))


def _resource(name: str, package: str, methods: list[Method]) -> Resource:
    return Resource(
        name=name,
        pascal=pascal(name),
        methods=tuple(methods),
        aliases=tuple(list_aliases(name, package, methods)),
        jobs=dict(_jobs(methods)),
        lookups=dict(_lookups(methods)),
        words=frozenset(word for one in methods for part in _list_code(one) for word in re.findall(r"\w+", part)),
    )


def _list_code(one: Method) -> Iterator[str]:
    """The code that a method puts into the template."""
    if one.kind in ("items", "pages"):
        yield one.item
    yield from (one.result, one.body, *(f"{a.annotation} {a.value}" for a in (*one.path, *one.others)))
    if one.others:
        yield "_passed"
    if not all(a.required for a in one.others):
        yield "Unset"
    if one.kind == "file":
        yield "PathLike Path"
    if one.kind == "job":
        yield "Any"


def _lookups(methods: list[Method]) -> Iterator[tuple[str, LookupView]]:
    """For each method that creates an object, the list of the same resource that shows such objects."""
    by_id = {one.operation.id: one for one in methods}
    for one in methods:
        listed = by_id.get(one.retry.lookup)
        if one.retry.policy != "verify" or listed is None or not _has_same_path(listed, one):
            continue
        filters = listed.operation.filter
        sent = {argument.wire for argument in one.members}
        columns = [column.name for column in filters.columns if column.type == "string"] if filters else []
        named = tuple(name for name in columns if name in sent)
        yield (
            one.name,
            LookupView(
                method=listed,
                filter=filters.filter if filters else "",
                columns=named,
                is_whole=listed.result == f"builtins.list[{one.result}]",
            ),
        )


def _has_same_path(listed: Method, creator: Method) -> bool:
    """Whether the list has objects below the parents of those that the other method creates."""
    return len(listed.path) == len(creator.path) and not listed.joined and listed.result.startswith("builtins.list[")


def _jobs(methods: list[Method]) -> Iterator[tuple[str, JobView]]:
    """For each method that starts a job, the methods that watch it, and the names of those that are made of them."""
    by_id = {one.operation.id: one for one in methods}
    for one in methods:
        if one.kind != "job":
            continue
        status, download = (by_id.get(id_) for id_ in (one.job.status_operation, one.job.download_operation))
        places = [argument.wire for argument in one.path]
        if status is None or download is None or download.kind != "file":
            raise _fault(one, "the status and the download of a job must be methods of the same resource")
        if any([argument.wire for argument in other.path] != places for other in (status, download)):
            raise _fault(one, "the status and the download of a job must have its path parameters")
        whole = _name_whole(one, status, download)
        taken = tuple(name for other in methods for name in (other.name, *other.formerly))
        whole, resume = distinct((*taken, whole, f"resume_{whole}"))[-2:]
        yield one.name, JobView(start=one, status=status, download=download, whole=whole, resume=resume)


def _name_whole(start: Method, status: Method, download: Method) -> str:
    """The words that the names of the three methods share, in the order of the first; else a name of its own."""
    others = {*status.name.split("_")} & {*download.name.split("_")}
    return "_".join(word for word in start.name.split("_") if word in others) or f"run_{start.name}"


def _fault(one: Method, message: str) -> LayerError:
    return LayerError(f"{one.operation.file}:{one.operation.line}: x-job of {one.operation.id}: {message}")
