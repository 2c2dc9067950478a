"""What the API sends by itself."""

from __future__ import annotations

from generator.ir import Operation
from generator.load import WEBHOOKS, Node
from generator.lower.operations import operation
from generator.lower.paths import path_items


def webhooks(root: Node) -> tuple[Operation, ...]:
    """The requests that the API sends to an address that its users gave it."""
    return tuple(
        operation(root, name, item, method, node, [])
        for key in WEBHOOKS
        for name, item, method, node in path_items(root.get(key))
    )
