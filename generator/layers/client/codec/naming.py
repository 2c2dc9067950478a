"""Names that openapi-python-client chose, changed if they would collide with names in our templates."""

from __future__ import annotations

from typing import Any

from openapi_python_client.parser.openapi import Endpoint, GeneratorData
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.property import Property
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.strings import ClassName, PythonIdentifier

from generator.errors import SpecError, SpecErrors
from generator.ir import Api
from generator.layers.client.codec.faults import fault_at, fault_at_head

PREFIX = "field_"
_METHODS = frozenset(("to_dict", "from_dict", "additional_properties"))
_ARGUMENTS = frozenset(("body", "drop_unset", "path_segment", "to_json"))
_CLASSES = frozenset(("Any", "File", "Literal", "Self", "UUID", "Unset", "Upload"))


class Naming:
    """The class and member names of one version; raises SpecErrors for two classes in one module."""

    def __init__(self, api: Api, data: GeneratorData) -> None:
        self.types: dict[str, tuple[str, ...]] = {}  # of arguments, by component
        self._hidden = _hidden_members(api)
        self._enums = frozenset(str(enum.class_info.name) for enum in data.enums)
        self._models = {model.class_info.name: model for model in data.models}
        _check_modules(api, data)
        for model in data.models:
            for member in members(model):
                _rename(member, _METHODS)
        for collection in data.endpoint_collections_by_tag.values():
            for endpoint in collection.endpoints:
                for parameter in parameters(endpoint):
                    _rename(parameter, _ARGUMENTS)

    def is_hidden(self, model: ModelProperty, member: Property) -> bool:
        """Whether the member holds a secret or personal data, which `repr` does not show."""
        name = member.name.get_untrusted_value()
        declared: Any = (model.data.properties or {}).get(member.name)
        extensions = (getattr(declared, "model_extra", None) or {}) if declared is not None else {}
        marked = bool(extensions.get("x-secret") or extensions.get("x-pii"))
        return marked or (str(model.class_info.name), name) in self._hidden

    def members(self, prop: PropertyProtocol | None) -> list[Property]:
        """The members of a model; none of anything else. A property may hold an older copy of its model."""
        return members(self._models[prop.class_info.name]) if isinstance(prop, ModelProperty) else []

    def enum_class(self, api: Api, reference: str) -> str:
        """The class of an enum component, or an empty text if it has none."""
        name = class_name(api, reference)
        return name if name in self._enums else ""


def members(model: ModelProperty) -> list[Property]:
    """The members of a model, the required ones first."""
    return [*(model.required_properties or ()), *(model.optional_properties or ())]


def parameters(endpoint: Endpoint) -> list[Property]:
    """The parameters of an endpoint that are not in its body."""
    return [*endpoint.path_parameters, *endpoint.query_parameters, *endpoint.header_parameters]


def class_name(api: Api, component: str) -> str:
    """The class name that openapi-python-client gives a component."""
    components: Any = api.document.get("components", {})
    title = components["schemas"][component].get("title", "")
    return str(ClassName((title or component).rpartition("/")[2], PREFIX))


def _hidden_members(api: Api) -> frozenset[tuple[str, str]]:
    return frozenset(
        (class_name(api, schema.name), member.name)
        for schema in api.schemas
        for member in schema.properties
        if member.secret or member.pii
    )


def _rename(target: Property, taken: frozenset[str]) -> None:
    if target.python_name in taken:
        object.__setattr__(target, "python_name", PythonIdentifier(f"{target.python_name}_value", PREFIX))


def _check_modules(api: Api, data: GeneratorData) -> None:
    """Two classes in one module would overwrite each other, and some names are used by our templates."""
    owners: dict[str, str] = {}
    faults = []
    for model in (*data.models, *data.enums):
        info = model.class_info
        other = owners.setdefault(info.module_name.casefold(), info.name)
        if info.name in _CLASSES:
            faults.append(_clash(api, info.name, f"a schema cannot become the class {info.name}"))
        elif other != info.name:
            faults.append(_clash(api, info.name, f"the classes {other} and {info.name} would share a module"))
    if faults:
        raise SpecErrors(faults)


def _clash(api: Api, name: str, message: str) -> SpecError:
    owner = next((schema for schema in api.schemas if class_name(api, schema.name) == name), None)
    if owner:
        return fault_at(owner, message, "rename the schema")
    return fault_at_head(api, message, "rename one of the schemas")
