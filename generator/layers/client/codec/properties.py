"""A property of openapi-python-client as Python: its type and its imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

Classy = EnumProperty | ModelProperty
_PLAIN: dict[type[object], type[PropertyProtocol]] = {str: StringProperty, int: IntProperty}
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


def is_open(prop: PropertyProtocol) -> bool:
    """Whether the description itself allows any value beside those that an enum lists."""
    kinds = [inner for one in flat((prop,)) if isinstance(one, UnionProperty) for inner in one.inner_properties]
    enums = {one.value_type for one in kinds if isinstance(one, EnumProperty)}
    return any(isinstance(one, _PLAIN[kind]) for kind in enums for one in kinds)


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
