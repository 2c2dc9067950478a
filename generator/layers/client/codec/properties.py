"""A property of openapi-python-client as Python: its type, and how it is decoded leniently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

Classy = EnumProperty | ModelProperty
_IMPORTS: dict[type[object], str] = {
    DateProperty: "import datetime",
    DateTimeProperty: "import datetime",
    UuidProperty: "from uuid import UUID",
    ConstProperty: "from typing import Literal",
}


def annotation(prop: PropertyProtocol, models: str = "", file: str = "bytes") -> str:
    """The type of a value that is not missing; an enum also admits values that it does not list.

    `models` is the name of the module that the classes are taken from, with its dot; `file`
    is the type of a file.
    """
    return " | ".join(dict.fromkeys(_types(prop, models, file)))


def _types(prop: PropertyProtocol, models: str, file: str) -> Iterator[str]:
    if isinstance(prop, EnumProperty):
        yield from (f"{models}{prop.class_info.name}", prop.value_type.__name__)
    elif isinstance(prop, ModelProperty):
        yield f"{models}{prop.class_info.name}"
    elif isinstance(prop, ListProperty):
        yield f"list[{annotation(prop.inner_property, models, file)}]"
    elif isinstance(prop, UnionProperty):
        yield from (kind for inner in prop.inner_properties for kind in _types(inner, models, file))
    elif isinstance(prop, FileProperty):
        yield file
    else:
        yield prop.get_type_string(no_optional=True).as_unembedded_code()


def decode_expression(prop: PropertyProtocol, source: str) -> str:
    """The expression that decodes `source`; the source itself if JSON has the type."""
    if isinstance(prop, EnumProperty):
        return f"parse_enum({prop.class_info.name}, {source})"
    if isinstance(prop, ModelProperty):
        return f"parse_model({prop.class_info.name}.from_dict, {source})"
    if isinstance(prop, DateTimeProperty):
        return f"parse_datetime({source})"
    if isinstance(prop, DateProperty):
        return f"parse_date({source})"
    if isinstance(prop, UuidProperty):
        return f"parse_model(UUID, {source})"
    if isinstance(prop, ListProperty):
        item = decode_expression(prop.inner_property, "item")
        return source if item == "item" else f"parse_list(lambda item: {item}, {source})"
    if isinstance(prop, UnionProperty):  # each decoder leaves values of other types alone
        for inner in prop.inner_properties:
            source = decode_expression(inner, source)
    return source


def imports(props: Iterable[PropertyProtocol]) -> tuple[str, ...]:
    """The import lines that the annotations and decoders of the properties need, models aside."""
    lines = {_IMPORTS[kind] for prop in flat(props) for kind in _IMPORTS if isinstance(prop, kind)}
    return tuple(sorted(lines))


def classes(props: Iterable[PropertyProtocol], kinds: tuple[type[Classy], ...], models: str) -> tuple[str, ...]:
    """The import lines of the enums or the models among the properties."""
    infos = [prop.class_info for prop in flat(props) if isinstance(prop, kinds)]
    return tuple(sorted({f"from {models}.{info.module_name} import {info.name}" for info in infos}))


def flat(props: Iterable[PropertyProtocol]) -> Iterator[PropertyProtocol]:
    """The properties, and those inside lists and unions."""
    for prop in props:
        yield prop
        if isinstance(prop, ListProperty):
            yield from flat((prop.inner_property,))
        if isinstance(prop, UnionProperty):
            yield from flat(prop.inner_properties)
