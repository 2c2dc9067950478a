"""Bundled documents to the `Project`: the only place that knows OpenAPI keywords and our extensions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from generator import __version__
from generator.errors import SpecError, SpecErrors
from generator.ir import Api, Operation, Project, SourceTitle, Tag, freeze
from generator.load import Document, Node
from generator.lower.deliveries import webhooks
from generator.lower.error_catalogue import errors
from generator.lower.filled_parameters import without_filled_parameters
from generator.lower.operations import operations
from generator.lower.schemas import component_schemas
from generator.lower.security import security_schemes, token
from generator.lower.servers import servers
from generator.lower.signing import read_signing, signature_schemes
from generator.names import package
from generator.resources import connect

__all__ = ["connect", "lower", "outline"]


def lower(documents: Iterable[Document]) -> Project:
    """The model of all versions of the API; raises SpecErrors with every fault."""
    faults: list[SpecError] = []
    project = _project(documents, faults)
    if faults:
        raise SpecErrors(faults)
    return replace(project, apis=tuple(map(connect, project.apis)))


def outline(documents: Iterable[Document]) -> tuple[Project, tuple[SpecError, ...]]:
    """The model without its graph of resources, and the faults that `lower` would raise."""
    faults: list[SpecError] = []
    return _project(documents, faults), tuple(faults)


def _project(documents: Iterable[Document], faults: list[SpecError]) -> Project:
    apis = tuple(_api(document, faults) for document in documents)
    return Project(
        client="procwise",
        sandbox="procwise_sandbox",
        conformance="procwise_conformance",
        version=__version__,
        apis=apis,
    )


def _accept(operations: Iterable[Operation]) -> str:
    """What fits every success that is described: its JSON, whatever that is called, and anything else after it."""
    described = dict.fromkeys(
        one.media_type for o in operations for r in o.responses if r.is_success for one in r.contents
    )
    json = [kind for kind in described if kind == "application/json" or kind.endswith("+json")]
    others = ["*/*;q=0.5"] if len(json) < len(described) else []
    return ", ".join([*(json or ["application/json"]), *others])


def _api(document: Document, faults: list[SpecError]) -> Api:
    schemes = signature_schemes(document.node(), faults)
    document = without_filled_parameters(document, schemes)
    root = document.node()
    info = root["info"]
    all_operations = operations(root, faults)
    faults += _check_links(root, all_operations)
    listed = servers(root)
    frozen = freeze(document.content)
    return Api(
        name=_name(root, faults),
        file=document.position(()).file,
        title=info.text("title"),
        version=info.text("version"),
        description=info.text("description"),
        accept=root.text("x-accept", _accept(all_operations)),
        deprecated=bool(all_operations) and all(operation.deprecated for operation in all_operations),
        servers=listed,
        base_path=urlsplit(listed[0].url).path.rstrip("/") if listed else "",
        token=token(root),
        signing=read_signing(root),
        signature_schemes=schemes,
        security_schemes=security_schemes(root),
        operations=all_operations,
        resources=(),
        schemas=component_schemas(root),
        errors=errors(root, faults),
        document=frozen,  # type: ignore[arg-type]  # a mapping stays a mapping
        webhooks=webhooks(root),
        workflow=root.texts("x-workflow"),
        source_titles=tuple(
            SourceTitle(page=entry.text("page"), title=entry.text("title"), description=entry.text("description"))
            for entry in root.each("x-source-titles")
        ),
        tags=tuple(Tag(name=tag.text("name"), description=tag.text("description")) for tag in root.each("tags")),
    )


def _name(root: Node, faults: list[SpecError]) -> str:
    try:
        return package(root.document.name)
    except ValueError as error:
        faults.append(root.fault(str(error), "rename the folder of the description, for instance to v1"))
        return "api"


def _check_links(root: Node, all_operations: tuple[Operation, ...]) -> Iterable[SpecError]:
    """Operations named by x-job and x-retry must exist."""
    known = {operation.id for operation in all_operations}
    for operation in all_operations:
        named = [operation.retry.lookup] if operation.retry.lookup else []
        if operation.job:
            named += [operation.job.status_operation, operation.job.download_operation]
        for name in (name for name in named if name not in known):
            place = root["paths"][operation.path].resolve()[operation.method.lower()]
            yield place.fault(
                f"{operation.id} names the operation {name!r}, which is not there", "check its operationId"
            )
