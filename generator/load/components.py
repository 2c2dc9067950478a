"""Which places name a component, and stay references to it; everything else is copied to where it is used."""

from __future__ import annotations

from generator.load.document import Node

ANNOTATIONS = ("title", "description", "example", "examples", "$comment")
_COMPONENTS = "#/components/schemas/"
_BESIDE_REFERENCE = ("allOf", *ANNOTATIONS, "default", "deprecated", "readOnly", "writeOnly")


def component_name(node: Node) -> str:
    """The name of the component that the node refers to; empty for any other node."""
    reference = node.reference()
    if not reference.startswith(_COMPONENTS) or reference.count("/") != _COMPONENTS.count("/"):
        return ""
    return reference.removeprefix(_COMPONENTS).replace("~1", "/").replace("~0", "~")


def only_component(node: Node) -> str:
    """The name of the component that is the one member of an allOf, beside which there are only annotations."""
    members = [*node.each("allOf")]
    keys = map(str, node.value) if isinstance(node.value, dict) else ()
    is_alone = len(members) == 1 and all(key in _BESIDE_REFERENCE or key.startswith("x-") for key in keys)
    return component_name(members[0]) if is_alone else ""
