"""The public names of the client, read from the codec's model before anything is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from openapi_python_client.parser.properties.enum_property import EnumProperty
from openapi_python_client.parser.properties.model_property import ModelProperty

from generator.diff.python.surface import Argument, Attribute, Class, Method, Surface, Types
from generator.ir import Api, Project
from generator.layers.client.arguments import Argument as Given
from generator.layers.client.codec import Codec, outline
from generator.layers.client.codec.naming import members
from generator.layers.client.codec.properties import annotation
from generator.layers.client.resources import resources
from generator.layers.client.statuses import statuses


def surface(project: Project, api: Api) -> Surface:
    """The surface of one version; raises SpecErrors or LayerError where there can be no client."""
    codec = outline(api)
    return Surface(
        methods=tuple(_methods(project, api, codec)),
        classes=tuple(_classes(codec)),
        errors=tuple((str(status.status), status.name) for status in statuses(project, ())),
    )


def _methods(project: Project, api: Api, codec: Codec) -> Iterator[Method]:
    for resource in resources(project, api, codec):
        for one in resource.methods:
            yield Method(
                name=f"{resource.name}.{one.name}",
                call=f"{one.operation.method} {one.operation.path}",
                kind=one.kind,
                result=_types(one.result),
                arguments=tuple(map(_argument, (*one.path, *one.others))),
                aliases=tuple(f"{resource.name}.{name}" for name in one.formerly),
            )


def _argument(argument: Given) -> Argument:
    return Argument(name=argument.name, wire=f"{argument.place} {argument.wire}", types=_types(argument.annotation))


def _classes(codec: Codec) -> Iterator[Class]:
    for found in codec.data.models:
        yield Class(name=str(found.class_info.name), kind="model", attributes=tuple(_attributes(found)))
    for enum in codec.data.enums:
        if isinstance(enum, EnumProperty):
            named = (Attribute(name=name, wire=str(value), types=frozenset()) for name, value in enum.values.items())
            yield Class(name=str(enum.class_info.name), kind="enum", attributes=tuple(named))


def _attributes(model: ModelProperty) -> Iterator[Attribute]:
    for member in members(model):
        wire = member.name.get_untrusted_value()
        yield Attribute(name=str(member.python_name), wire=wire, types=_types(annotation(member)))


@cache
def _types(text: str) -> Types:
    """The alternatives of an annotation, each literal by itself, without the module of its classes."""
    tree = ast.parse(text.replace("models.", "").replace("builtins.", ""), mode="eval")
    return frozenset(_alternatives(tree.body))


def _alternatives(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.BinOp):
        yield from (*_alternatives(node.left), *_alternatives(node.right))
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
        listed = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        yield from map(ast.unparse, listed)
    else:
        yield ast.unparse(node)
