"""Bundled documents to the `Project`: the only place that knows OpenAPI keywords and our extensions."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from generator import __version__
from generator.errors import SpecError, SpecErrors
from generator.ir import Api, Operation, Project, freeze
from generator.load import Document, Node
from generator.lower.deliveries import webhooks
from generator.lower.errors import errors
from generator.lower.operations import operations, path_items
from generator.lower.schemas import component_schemas
from generator.lower.security import security_schemes, signing, token
from generator.lower.servers import servers
from generator.names import snake


def lower(documents: Iterable[Document]) -> Project:
    """The model of all versions of the API; raises SpecErrors with every fault."""
    faults: list[SpecError] = []
    project = _project(documents, faults)
    if faults:
        raise SpecErrors(faults)
    return project


def outline(documents: Iterable[Document]) -> tuple[Project, tuple[SpecError, ...]]:
    """The model for a comparison, and why no client can be made of it: names of methods may be missing."""
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


def _api(document: Document, faults: list[SpecError]) -> Api:
    root = document.node()
    info = root["info"]
    found = operations(root, faults)
    faults += _links(document, found)
    listed = servers(root)
    frozen = freeze(document.content)
    return Api(
        name=_name(root, faults),
        file=document.position(()).file,
        title=info.text("title"),
        version=info.text("version"),
        description=info.text("description"),
        accept=root.text("x-accept", "application/json"),
        deprecated=bool(found) and all(operation.deprecated for operation in found),
        servers=listed,
        base_path=urlsplit(listed[0].url).path.rstrip("/") if listed else "",
        token=token(root),
        signing=signing(root, faults),
        security_schemes=security_schemes(root),
        operations=found,
        schemas=component_schemas(root),
        errors=errors(root, faults),
        document=frozen,  # type: ignore[arg-type]  # a mapping stays a mapping
        webhooks=webhooks(root),
    )


def _name(root: Node, faults: list[SpecError]) -> str:
    try:
        return snake(root.document.name).replace("_", "")
    except ValueError as error:
        faults.append(root.fault(str(error), "rename the folder of the description, for instance to v1"))
        return "api"


def _links(document: Document, found: tuple[Operation, ...]) -> Iterable[SpecError]:
    """Operations named by x-job and x-retry must exist."""
    nodes = {node.text("operationId"): node for _, _, _, node in path_items(document.node().get("paths"))}
    for operation in found:
        named = [operation.retry.lookup] if operation.retry.lookup else []
        if operation.job:
            named += [operation.job.status_operation, operation.job.download_operation]
        for name in named:
            if name not in nodes:
                message = f"{operation.id} names the operation {name!r}, which is not there"
                yield nodes[operation.id].fault(message, "check its operationId")
