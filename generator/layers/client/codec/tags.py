"""Discriminators: which values of a member say that an object is of a class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from generator.ir import Api
from generator.layers.client.codec.naming import class_name


def tags_of(api: Api) -> dict[tuple[str, str], tuple[str, ...]]:
    """The values by class and member, as openapi-python-client ignores them."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    components: Any = api.document.get("components", {})
    for schema in _schemas_with_tags(api.document):
        said = schema["discriminator"]
        named = {_component(target): value for value, target in said.get("mapping", {}).items()}
        for variant in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
            name = _component(variant.get("$ref", ""))
            if name in components.get("schemas", {}):
                found[class_name(api, name), said["propertyName"]].append(named.get(name, name))
    return {place: tuple(dict.fromkeys(values)) for place, values in found.items()}


def _schemas_with_tags(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("discriminator"), Mapping) and "propertyName" in value["discriminator"]:
            yield value
        for inner in value.values():
            yield from _schemas_with_tags(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _schemas_with_tags(inner)


def _component(reference: str) -> str:
    return reference.rpartition("/")[2]
