"""A bundled description as the rules look at it: operations, and objects by what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.load import Document, Node
from generator.load.places import HTTP_METHODS, objects

PLACEHOLDER = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path, with the node of its path item."""

    path: str
    method: str
    item: Node
    node: Node

    @property
    def id(self) -> str:
        return self.node.text("operationId")

    def listed_parameters(self) -> tuple[Node, ...]:
        """The parameters as they are listed, references not followed."""
        return (*self.item.each("parameters"), *self.node.each("parameters"))

    def query(self) -> set[str]:
        """The names of the query parameters."""
        targets = (parameter.resolve() for parameter in self.listed_parameters())
        return {target.text("name") for target in targets if target.text("in") == "query"}

    def responses(self, kind: str = "") -> Iterator[tuple[str, Node]]:
        """The responses by status, references followed; all, or those of a kind such as `2`."""
        for status, response in self.node.fields("responses"):
            if status.startswith(kind):
                yield status, response.resolve()

    def body(self) -> Node | None:
        """The request body, references followed."""
        body = self.node.get("requestBody")
        return body.resolve() if body is not None else None


class Description:
    """One description; `ids` are the operation ids of all descriptions of the run, by name and id."""

    def __init__(self, document: Document, ids: Mapping[str, Mapping[str, Node]]) -> None:
        self.document = document
        self.ids = ids
        self.root = document.node()
        self.operations = tuple(_operations(self.root))
        self._found: dict[str, list[Node]] = {}
        for found in objects(document.content):
            if "$ref" not in found.value or found.what == "schema":
                node = Node(document, found.pointer, found.value)
                self._found.setdefault(found.what, []).append(node)

    def find_all(self, *whats: str) -> Iterator[Node]:
        """The objects of these kinds, such as `parameter`; references only where they are schemas."""
        for what in whats:
            yield from self._found.get(what, ())

    def list_keyword_objects(self) -> Iterator[Node]:
        """Every object whose keys are keywords."""
        yield from self.find_all(*self._found)

    def uses(self, extension: str) -> bool:
        """Whether the extension stands anywhere: rules about it are asked of nobody else."""
        return any(node.has(extension) for node in self.list_keyword_objects())

    def components(self, kind: str) -> Iterator[tuple[str, Node]]:
        """The components of a kind, such as `schemas`, by name."""
        components = self.root.get("components")
        if components is not None:
            yield from components.fields(kind)

    def properties(self) -> Iterator[tuple[str, Node]]:
        """Every property of every schema, by name."""
        for schema in self.find_all("schema"):
            yield from schema.fields("properties")


def operation_nodes(document: Document) -> dict[str, Node]:
    """The operations of a document by their ids."""
    return {operation.id: operation.node for operation in _operations(document.node())}


def members(schema: Node) -> dict[str, Node]:
    """The properties of a schema by name, those of its allOf included."""
    return {name: node for part in schema.parts() for name, node in part.fields("properties")}


def required_names(schema: Node) -> set[str]:
    """The names that a schema or a member of its allOf requires."""
    return {name for part in schema.parts() for name in part.texts("required")}


def types(schema: Node) -> set[str]:
    """The JSON types that a schema names itself."""
    said = schema.get("type")
    if said is None:
        return set()
    return set(map(str, said.value)) if isinstance(said.value, list) else {str(said.value)}


def schemas(part: Node | None) -> Iterator[Node]:
    """The schema of each media type of a body or a response, references followed."""
    for _, media in part.fields("content") if part is not None else ():
        if (schema := media.get("schema")) is not None:
            yield schema.resolve()


def example_values(node: Node) -> Iterator[Node]:
    """The values of the examples on a media type, parameter or schema."""
    if node.has("example"):
        yield node["example"]
    yield from node.each("examples")
    for _, example in node.fields("examples"):
        if (value := example.resolve().get("value")) is not None:
            yield value


def join_names(names: Iterable[str]) -> str:
    """Names as they stand in a hint."""
    return ", ".join(sorted(names)) or "none"


def _operations(root: Node) -> Iterator[Operation]:
    for path, item in root.fields("paths"):
        target = item.resolve()
        for method, node in target.members():
            if method in HTTP_METHODS:
                yield Operation(path, method, target, node)
