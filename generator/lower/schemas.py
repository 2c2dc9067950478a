"""Schemas of the document to the model's schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from generator.ir import CONFIDENCES, JSON_TYPES, Frozen, JsonType, Property, Schema, Source, freeze
from generator.load import Document, Node, Pointer
from generator.load.components import component_name, only_component
from generator.lower.closed_sets import word
from generator.lower.keywords import KEYWORDS_OF_TYPE, LIMITS, other_keywords, read_format

_DEEPEST = 60
_MERGED: WeakKeyDictionary[Document, dict[Pointer, Schema]] = WeakKeyDictionary()


def component_schemas(root: Node) -> tuple[Schema, ...]:
    """All schemas under `components`, in the order written."""
    components = root.get("components")
    return tuple(schema(node, name=name) for name, node in components.fields("schemas")) if components else ()


def schema(node: Node, *, name: str = "", depth: int = 0) -> Schema:
    """The schema at a node; a reference to a component stays a reference, and so does an allOf of nothing else."""
    if component := component_name(node) or ("" if name else only_component(node)):
        return _build(node, reference=component, further=other_keywords(node))
    return _whole_schema(node, name, depth)


def _whole_schema(node: Node, name: str, depth: int) -> Schema:
    """The schema at a node, with what the members of its allOf say."""
    if depth > _DEEPEST:
        return _build(node.resolve())
    node = node.resolve()
    members = [_merged_schema(member.resolve(), depth + 1) for member in node.each("allOf")]
    variants, nullable = _variants(node, depth)
    if len(variants) == 1 and not members:
        return _single_variant(node, variants[0], nullable, name)
    return _merge(node, members, variants, nullable, name, depth)


def _merged_schema(node: Node, depth: int) -> Schema:
    """The schema of a member of an allOf; built once for each place, since many may be made of it.

    Inside itself it is empty: such a schema has no end.
    """
    built = _MERGED.setdefault(node.document, {})
    if node.pointer not in built:
        built[node.pointer] = _build(node)
        built[node.pointer] = _whole_schema(node, "", depth)
    return built[node.pointer]


def _single_variant(node: Node, variant: Schema, nullable: bool, name: str) -> Schema:
    return _build(
        node,
        name=name,
        reference=variant.reference,
        types=variant.types or (() if variant.reference else _types(node)),
        nullable=nullable or variant.nullable,
        format_=variant.format or ("" if variant.reference else read_format(node)),
        enum=variant.enum,
        limits=variant.limits,
        items=variant.items,
        properties=variant.properties,
        variants=variant.variants,
        additional=variant.additional,
        further=other_keywords(node) + variant.further,
    )


def _merge(
    node: Node, members: list[Schema], variants: tuple[Schema, ...], nullable: bool, name: str, depth: int
) -> Schema:
    types = _types(node) or next((member.types for member in members if member.types), ())
    required = _required_names(node)
    inherited = {p.name: p for member in members for p in member.properties}
    own = {key: property_(key, child, key in required, depth + 1) for key, child in node.fields("properties")}
    properties = {**inherited, **own}
    items = node.get("items")
    own_limits = tuple((key, freeze(node[key].value)) for key in LIMITS if node.has(key))
    return _build(
        node,
        name=name,
        types=types or (("object",) if properties else ()),
        nullable=nullable or _nullable(node) or any(member.nullable for member in members),
        format_=read_format(node) or next((member.format for member in members if member.format), ""),
        enum=_enum(node) or next((member.enum for member in members if member.enum), ()),
        limits=_unique((*own_limits, *(limit for member in members for limit in member.limits))),
        items=schema(items, depth=depth + 1) if items is not None else None,
        properties=tuple(_with_required(p, p.required or p.name in required) for p in properties.values()),
        variants=variants,
        additional=_additional(node, depth) or next((one.additional for one in members if one.additional), None),
        further=_unique(
            (
                *other_keywords(node),
                *(keyword for member in members for keyword in member.further if keyword[0] != "required"),
                *_undescribed_names(required - properties.keys()),
            )
        ),
    )


def _unique(pairs: tuple[tuple[str, Frozen], ...]) -> tuple[tuple[str, Frozen], ...]:
    """The pairs without repetitions, in their order."""
    return tuple({(name, repr(value)): (name, value) for name, value in pairs}.values())


def _additional(node: Node, depth: int) -> Schema | None:
    additional = node.get("additionalProperties")
    has_schema = additional is not None and isinstance(additional.value, dict) and additional.value
    return schema(additional, depth=depth + 1) if additional is not None and has_schema else None


def _undescribed_names(required: set[str]) -> Iterator[tuple[str, Frozen]]:
    """Names that are required and no property; properties say themselves that they are required."""
    if required:
        yield "required", tuple(sorted(required))


def _variants(node: Node, depth: int) -> tuple[tuple[Schema, ...], bool]:
    listed = [*node.each("oneOf"), *node.each("anyOf")]
    if not listed:
        return _of_each_type(node), False
    real = [member for member in listed if member.value != {"type": "null"}]
    return tuple(schema(member, depth=depth + 1) for member in real), len(real) < len(listed)


def _of_each_type(node: Node) -> tuple[Schema, ...]:
    """A value of several types is a choice like any other; the first type is the canonical form."""
    types = _types(node)
    if len(types) < 2 or node.has("enum"):
        return ()
    forms = (
        {"type": type_} | {key: node[key].value for key in KEYWORDS_OF_TYPE.get(type_, ()) if node.has(key)}
        for type_ in types
    )
    return tuple(schema(Node(node.document, node.pointer, form)) for form in forms)


def property_(name: str, node: Node, required: bool, depth: int = 0) -> Property:
    """One member of an object; keywords that it lacks are taken from the schema that it refers to."""
    target = node.resolve()
    return Property(
        name=name,
        schema=schema(node, depth=depth),
        required=required,
        description=node.text("description") or target.text("description"),
        deprecated=node.flag("deprecated") or target.flag("deprecated"),
        secret=node.flag("x-secret") or target.flag("x-secret"),
        pii=node.flag("x-pii") or target.flag("x-pii"),
        source=source(node) or source(target),
        expires_in=int(node.text("x-expires-in") or target.text("x-expires-in") or 0),
        group=node.text("x-group") or target.text("x-group"),
        replaced_by=node.text("x-replaced-by"),
    )


def source(node: Node) -> Source | None:
    """The `x-source` of a node."""
    value = node.get("x-source")
    if value is None:
        return None
    return Source(
        pages=value.texts("pages"), confidence=word(value, "confidence", CONFIDENCES), note=value.text("note")
    )


def _build(
    node: Node,
    *,
    name: str = "",
    reference: str = "",
    types: tuple[JsonType, ...] = (),
    nullable: bool = False,
    format_: str = "",
    enum: tuple[Frozen, ...] = (),
    limits: tuple[tuple[str, Frozen], ...] = (),
    items: Schema | None = None,
    properties: tuple[Property, ...] = (),
    variants: tuple[Schema, ...] = (),
    additional: Schema | None = None,
    further: tuple[tuple[str, Frozen], ...] = (),
) -> Schema:
    place = node.document.position(node.pointer)
    return Schema(
        name=name,
        reference=reference,
        types=types,
        nullable=nullable,
        format=format_,
        description=node.text("description"),
        enum=enum,
        default=json.dumps(node["default"].value, ensure_ascii=False) if node.has("default") else "",
        limits=limits,
        items=items,
        properties=properties,
        open=not (node.has("additionalProperties") and node["additionalProperties"].value is False),
        additional=additional,
        variants=variants,
        further=further,
        examples=tuple(_examples(node)),
        definition=freeze(node.value),
        file=place.file,
        line=place.line,
    )


def _examples(node: Node) -> Iterator[Frozen]:
    if node.has("example"):
        yield freeze(node["example"].value)
    for example in node.each("examples"):
        yield freeze(example.value)


def _types(node: Node) -> tuple[JsonType, ...]:
    types = node.get("type")
    if types is None:
        return ()
    listed = types.value if isinstance(types.value, list) else [types.value]
    return tuple(kind for one in listed for kind in JSON_TYPES if kind == one)  # `null` is `nullable`


def _nullable(node: Node) -> bool:
    types = node.get("type")
    return node.flag("nullable") or (types is not None and isinstance(types.value, list) and "null" in types.value)


def _enum(node: Node) -> tuple[Frozen, ...]:
    if node.has("const"):
        return (freeze(node["const"].value),)
    return tuple(freeze(value.value) for value in node.each("enum"))


def _required_names(node: Node) -> set[str]:
    """The names that the node or a member of its allOf requires."""
    return {name for part in node.parts() for name in part.texts("required")}


def _with_required(member: Property, required: bool) -> Property:
    return member if member.required == required else replace(member, required=required)
