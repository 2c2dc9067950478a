"""The codec of one version: what openapi-python-client reads in a description, written with our own templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint, GeneratorData
from openapi_python_client.strings import PythonIdentifier

from generator.errors import SpecErrors
from generator.ir import Api, Operation
from generator.layers.client.codec.copies import shallow_copies
from generator.layers.client.codec.document import document
from generator.layers.client.codec.faults import fault_at, fault_at_head, faults_of
from generator.layers.client.codec.modules import render_modules
from generator.layers.client.codec.naming import PREFIX, Naming
from generator.layers.client.codec.words import remembered_words
from generator.tree import File

_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """The files of the codec, relative to the version's folder, and each operation's endpoint."""

    files: tuple[File, ...]
    endpoints: Mapping[str, Endpoint]
    naming: Naming
    data: GeneratorData

    def endpoint(self, operation: Operation) -> Endpoint:
        """The endpoint of that operation."""
        return self.endpoints[operation.id]


def codec(api: Api) -> Codec:
    """Read the description with openapi-python-client; raises SpecErrors for everything that it left out."""
    read = outline(api)
    files = render_modules(api, read.data, read.naming)
    return replace(read, files=tuple(sorted(files, key=lambda file: PurePosixPath(file.path))))


def outline(api: Api) -> Codec:
    """The codec without its files."""
    data = _parse(api, _config(Path(api.name)))
    endpoints = _endpoints(api, data)
    return Codec(files=(), endpoints=endpoints, naming=Naming(api, data), data=data)


def _config(folder: Path) -> Config:
    return Config.from_sources(
        ConfigFile(post_hooks=[], field_prefix=PREFIX),
        MetaType.NONE,
        document_source=folder,  # the document is handed over in memory
        file_encoding="utf-8",
        overwrite=False,
        output_path=folder,
    )


def _parse(api: Api, config: Config) -> GeneratorData:
    content, binary = document(api)
    config.content_type_overrides = dict.fromkeys(binary, _BINARY)
    try:
        with shallow_copies(), remembered_words():
            data = GeneratorData.from_dict(content, config=config)
    except Exception as error:  # noqa: BLE001  # it raises ValueErrors and others for what it cannot read
        raise SpecErrors([fault_at_head(api, f"the description cannot be read: {error}")]) from None
    if isinstance(data, GeneratorError):
        raise faults_of(api, [data])
    errors = [error for collection in data.endpoint_collections_by_tag.values() for error in collection.parse_errors]
    if relevant := data.errors or errors:  # an operation fails if its schema did: only the schema is reported
        raise faults_of(api, relevant)
    return data


def _endpoints(api: Api, data: GeneratorData) -> dict[str, Endpoint]:
    """The endpoint of each operation; every operation must have a module of its own."""
    endpoints = {
        (endpoint.tags[0], endpoint.name): endpoint
        for collection in data.endpoint_collections_by_tag.values()
        for endpoint in collection.endpoints
    }
    by_name = {endpoint.name: endpoint for endpoint in endpoints.values()}
    matched: dict[str, Endpoint] = {}
    for operation in api.operations:
        endpoint = by_name.pop(PythonIdentifier(operation.id, PREFIX), None)
        if endpoint is not None:
            matched[operation.id] = endpoint
    missing = [o for o in api.operations if o.id not in matched]
    if missing or len(endpoints) != len(api.operations):
        hint = "openapi-python-client made no module of its own for it: change its operationId"
        lost = missing or api.operations
        raise SpecErrors(fault_at(operation, f"{operation.id} is lost", hint) for operation in lost)
    return matched
