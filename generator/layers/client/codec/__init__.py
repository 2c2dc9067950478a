"""The codec of one version: openapi-python-client, run in this process with our own templates."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint, GeneratorData
from openapi_python_client.strings import PythonIdentifier

from generator.errors import LayerError, SpecErrors
from generator.ir import Api, Operation
from generator.layers.client.codec.copies import shallow_copies
from generator.layers.client.codec.document import document
from generator.layers.client.codec.faults import fault_at, fault_at_head, faults_of
from generator.layers.client.codec.naming import PREFIX, Naming
from generator.layers.client.codec.tags import tags_of
from generator.layers.client.codec.views import EndpointView, ModelView
from generator.layers.client.codec.words import remembered_words
from generator.templates import COMPILED, doc, py
from generator.tree import File

_TEMPLATES = Path(__file__).parents[1] / "templates" / "codec"
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
    """Run openapi-python-client on the description; raises SpecErrors for everything that it left out."""
    with tempfile.TemporaryDirectory(prefix="procwise-codec-") as folder:
        config = _config(Path(folder) / api.name)
        read = _read(api, config)
        naming, tags = read.naming, tags_of(api)
        project = Project(openapi=read.data, config=config, custom_template_path=_TEMPLATES)
        project.env.bytecode_cache = COMPILED  # it makes an environment for each version
        project.env.filters.update(
            doc=doc,
            py=py,
            model_view=lambda model: ModelView.of(model, naming, tags),
            endpoint_view=EndpointView.of,
        )
        errors = _build(api, project)
        if errors:
            raise faults_of(api, errors)
        return replace(read, files=tuple(_files(Path(folder) / api.name)))


def outline(api: Api) -> Codec:
    """The codec without its files: what openapi-python-client makes of the description before it writes."""
    return _read(api, _config(Path(api.name)))


def _read(api: Api, config: Config) -> Codec:
    data = _parse(api, config)
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


def _build(api: Api, project: Project) -> Sequence[GeneratorError]:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return project.build()
    except OSError as error:  # a name of the description is too long for a file
        raise LayerError(f"{api.name}: openapi-python-client cannot write its files: {error.strerror}") from None


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


def _files(folder: Path) -> Iterator[File]:
    """The files that were written; our empty templates leave none."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.strip():
            yield File(path.relative_to(folder).as_posix(), text)
