"""Path items and the responses of operations, as they are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.ir import METHODS, Method
from generator.load import Node

_METHODS: Mapping[str, Method] = {method.lower(): method for method in METHODS}
_PREFIX = re.compile(r"api|rest|v\d+(?:[._]\d+)*", re.IGNORECASE)


def path_items(paths: Node | None) -> Iterator[tuple[str, Node, Method, Node]]:
    """Each operation of a map of path items: its key, its path item, its method and itself."""
    for path, item in paths.members() if paths is not None else ():
        target = item.resolve()
        yield from ((path, target, _METHODS[key], node) for key, node in target.members() if key in _METHODS)


def documented_responses(node: Node) -> Iterator[tuple[int, Node]]:
    """The responses of an operation that have a status of their own."""
    for status, response in node.fields("responses"):
        if status.isdecimal():  # `default` and ranges name no single status
            yield int(status), response


def ranges(node: Node) -> Iterator[tuple[str, Node]]:
    """Its other responses, by `default` or a range such as `4XX`."""
    for key, response in node.fields("responses"):
        if not key.isdecimal() and not key.startswith("x-"):
            yield key.upper() if key != "default" else key, response


def name_segment(path: str) -> str:
    """The first segment that says more than that this is an API, and which version; `root` where there is none."""
    segments = [part for part in path.split("/") if part and "{" not in part]
    return next((part for part in segments if not _PREFIX.fullmatch(part)), next(iter(segments), "root"))
