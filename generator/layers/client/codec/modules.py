"""The modules of the codec: one for each model, each enum and each operation, from our own templates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openapi_python_client.parser.openapi import GeneratorData, import_string_from_class
from openapi_python_client.strings import PythonIdentifier

from generator.errors import LayerError
from generator.ir import Api
from generator.layers.client.codec.naming import PREFIX, Naming
from generator.layers.client.codec.tags import tags_of
from generator.layers.client.codec.views import EndpointView, ModelView
from generator.templates import Templates
from generator.tree import File

_TEMPLATES = Path(__file__).parents[1] / "templates" / "codec"
_LONGEST = 255  # bytes in the name of a file, on nearly all systems


def render_modules(api: Api, data: GeneratorData, naming: Naming) -> Iterator[File]:
    """The files, relative to the folder of the version."""
    templates = Templates(_TEMPLATES)
    for file in (*_list_models(templates, api, data, naming), *_list_operations(templates, data)):
        if any(len(part.encode()) > _LONGEST for part in file.path.split("/")):
            raise LayerError(f"{api.name}: a name of the description is too long for the file {file.path}")
        yield file
    yield File("types.py", templates.render("types.py.j2"))


def _list_models(templates: Templates, api: Api, data: GeneratorData, naming: Naming) -> Iterator[File]:
    tags = tags_of(api)
    for model in data.models:
        text = templates.render("model.py.j2", view=ModelView.of(model, naming, tags))
        yield File(f"models/{model.class_info.module_name}.py", text)
    for enum in data.enums:
        kind = "int_enum.py.j2" if enum.value_type is int else "str_enum.py.j2"
        yield File(f"models/{enum.class_info.module_name}.py", templates.render(kind, enum=enum))
    classes = [one.class_info for one in (*data.models, *data.enums)]
    imports, names = map(import_string_from_class, classes), (one.name for one in classes)
    yield File("models/__init__.py", templates.render("models_init.py.j2", imports=list(imports), alls=list(names)))


def _list_operations(templates: Templates, data: GeneratorData) -> Iterator[File]:
    yield File("api/__init__.py", templates.render("api_init.py.j2"))
    for tag, collection in data.endpoint_collections_by_tag.items():
        yield File(f"api/{tag}/__init__.py", templates.render("endpoint_init.py.j2"))
        for endpoint in collection.endpoints:
            text = templates.render("endpoint_module.py.j2", view=EndpointView.of(endpoint))
            yield File(f"api/{tag}/{PythonIdentifier(endpoint.name, PREFIX)}.py", text)
